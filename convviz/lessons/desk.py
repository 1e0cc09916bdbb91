"""The Desk: everything of a lesson that is no picture, in one browser component."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from convviz.javascript import widget
from convviz.theme import css

_BROWSER = Path(__file__).parent / "browser"
_log = logging.getLogger(__name__)
Handler = Callable[..., None]


class Desk(anywidget.AnyWidget):
    """Show a lesson's questions and controls, and hand on what is done with them.

    Parameters
    ----------
    handlers : mapping of str to callable
        For each kind of message, who takes it; called with what the message holds besides its type.
    names : sequence of str
        The names of the page's address that belong to the lesson.
    """

    _esm = widget(_BROWSER / "desk.js")
    _css = css() + (_BROWSER / "desk.css").read_text(encoding="utf-8")

    content = traitlets.Dict(help="Controls, hint and notices.").tag(sync=True)
    questions: Any = traitlets.List(help="What is asked, and what was said of the last guess.").tag(sync=True)
    address = traitlets.Unicode("", help="The lesson's part of the page's address.").tag(sync=True)
    locked = traitlets.Unicode("", help="What the address said that is not to be changed.").tag(sync=True)
    names = traitlets.List(traitlets.Unicode(), help="The names that this part may hold.").tag(sync=True)

    def __init__(self, handlers: dict[str, Handler], names: Sequence[str], **traits: Any) -> None:
        self._handlers = handlers
        super().__init__(names=list(names), **traits)
        self.add_class("convviz-side")
        self.on_msg(self._on_message)

    def _on_message(self, _: Any, content: Any, buffers: Sequence[Any]) -> None:
        """Hand a message on; one that no page of ours sends is dropped."""
        if not isinstance(content, dict) or content.get("type") not in self._handlers:
            _log.warning("dropped a message: %.80r", content)
            return
        words = {name: value for name, value in content.items() if name != "type"}
        if len(buffers or ()) == 1:
            words["value"] = bytes(buffers[0])
        try:
            self._handlers[content["type"]](**words)
        except (TypeError, LookupError) as error:  # words that no page of ours sends
            _log.warning("dropped a message of type %r: %s", content["type"], error)
