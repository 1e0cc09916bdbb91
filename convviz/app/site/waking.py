"""The browser's Python: it runs the cells of a page and carries messages to and from its widgets."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import comm
from comm.base_comm import BaseComm, CommManager

from convviz.app.opening.notebook import shown
from convviz.app.site.widgets import names_of, numbered

Post = Callable[[str, list[bytes]], None]
"""Sends a message to the page: JSON, and what goes with it as bytes."""
_PAGES = ("index", "interval_ms", "loop", "controls")
"""What the page may have changed meanwhile: that counts."""


class Waking:
    """The widgets of a page, under the numbers that the page has for them.

    Parameters
    ----------
    notebook : str
        The file whose cells are run.
    post : callable
        Sends a message to the page.
    """

    def __init__(self, notebook: str, post: Post) -> None:
        self._post, self._numbers = post, dict[str, int]()
        self._manager = self._connected()
        self._widgets = numbered(shown(Path(notebook)))
        self._numbers = {widget.model_id: number for number, widget in enumerate(self._widgets)}

    def hear(self, text: str, buffers: Sequence[Any]) -> None:
        """Do what a message of the page asks for."""
        message = json.loads(text)
        if message["type"] == "refresh":
            return self._refresh()
        heard = self._manager.get_comm(self._widgets[message["id"]].model_id)
        data = (
            {"method": "update", "state": message["state"], "buffer_paths": []}
            if message["type"] == "update"
            else {"method": "custom", "content": message["content"]}
        )
        held = [memoryview(bytes(buffer)) for buffer in buffers]
        if heard:
            heard.handle_msg({"content": {"data": data}, "buffers": held, "metadata": {}})
        return None

    def _refresh(self) -> None:
        """Send what the page may know in another form: pictures are drawn for its very width."""
        for widget in self._widgets:
            widget.send_state([name for name in names_of(widget) if name not in _PAGES])

    def _connected(self) -> CommManager:
        """Let widgets speak to the page."""
        manager, waking = CommManager(), self

        class PageComm(BaseComm):
            def publish_msg(self, msg_type: str, data: Any = None, *_: Any, buffers: Any = None, **__: Any) -> None:
                number = waking._numbers.get(self.comm_id)
                if number is None or msg_type != "comm_msg" or data.get("method") == "echo_update":
                    return
                message = {"type": "said", "id": number, "data": data}
                waking._post(json.dumps(message), [bytes(buffer) for buffer in buffers or ()])

        comm.create_comm, comm.get_comm_manager = PageComm, lambda: manager
        return manager
