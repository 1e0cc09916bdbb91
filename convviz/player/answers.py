"""What a player answers to the messages of the page, of which nothing is believed."""

import logging
from collections.abc import Callable
from typing import Any

from convviz.player.edits import Change, read_change
from convviz.player.gallery import Gallery

_log = logging.getLogger(__name__)
_LOGGED = 200
"""Characters of a message that makes no sense."""


class Answers:
    """Read messages, have changes made, and answer.

    Parameters
    ----------
    gallery : Gallery
        The pictures that messages are about.
    send : callable
        Sends an answer to the page.
    redrawn : callable
        Called when a picture was drawn for another look.
    """

    def __init__(
        self, gallery: Gallery, *, send: Callable[[dict[str, Any]], None], redrawn: Callable[[], None]
    ) -> None:
        self.readers: list[Callable[[Change], None]] = []
        self._gallery, self._send, self._redrawn = gallery, send, redrawn

    def hear(self, content: Any, *, index: int, is_editable: bool) -> None:
        """Do what a message asks for.

        Parameters
        ----------
        content : object
            The message.
        index : int
            The step that is looked at.
        is_editable : bool
            Whether numbers may be changed.
        """
        match content:
            case {"type": str(), "picture": int(picture)} if picture in range(len(self._gallery.showings)):
                self._read(picture, content, index, is_editable)
            case _:
                self._drop(content)

    def _read(self, picture: int, content: dict[str, Any], index: int, is_editable: bool) -> None:
        match content:
            case {"type": "look"}:
                with self._gallery.lock:
                    if self._gallery.look(picture, content, index):
                        self._redrawn()
            case {"type": "want", "generation": int(generation), "keys": list(keys)}:
                self._gallery.want(picture, generation, keys)
            case {"type": "read", "generation": int(generation), "panel": panel, "cell": cell, "key": key}:
                text = self._gallery.showings[picture].read(panel, cell, key)
                if generation == self._gallery.generations[picture] and text is not None:
                    self._send({**content, "type": "reading", "text": text})
            case {"type": "edit" | "paste" | "resize", "number": int(number)}:
                shapes = self._gallery.showings[picture].shapes if is_editable else {}
                self._change(read_change(content, shapes), number, content)
            case _:
                self._drop(content)

    def _change(self, change: Change | None, number: int, content: dict[str, Any]) -> None:
        """Have a change made, and tell the page what has become of it."""
        if change is None:
            self._drop(content)
            self._send({"type": "dropped", "number": number})
            return
        try:
            for reader in self.readers:
                reader(change)
        except ValueError as error:
            self._send({**content, "type": "refused", "reason": str(error)})
        except Exception:
            _log.exception("%s could not be made", change)
            self._send({**content, "type": "refused", "reason": "That did not work: there is an error in the program."})
        else:
            self._send({"type": "handled", "number": number, "generations": self._gallery.generations})

    def _drop(self, content: Any) -> None:
        _log.warning("a message from the page makes no sense and is dropped: %s", repr(content)[:_LOGGED])
