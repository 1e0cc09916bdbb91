"""What a page may say to its kernel: frames of the protocol v1, checked before anything is made of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

PROTOCOL = "v1.kernel.websocket.jupyter.org"
MOST_BYTES = 5 * 2**20
"""Of a frame: a picture of 4 MB fits in."""
_WORD = 8
"""Bytes of a number in a frame."""
_PARTS = range(6, 65)
"""A channel, four dictionaries, the end, and buffers in between."""
_MOST_HEADER, _MOST_CONTENT = 4 * 2**10, 2**20
"""Bytes: a pasted text of 200,000 characters fits into a content."""
_CONTROL = "jupyter.widget.control"
CHANNELS = frozenset({"shell", "control"})
MESSAGES = ("comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request")
"""What the lessons need: to ask for widgets, and to speak with them."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A frame that was read.

    Parameters
    ----------
    channel : str
        To which of the kernel's channels it goes.
    header : dict
        What kind of message it is.
    parts : list of bytes
        All parts that go to the kernel.
    """

    channel: str
    header: Mapping[str, Any]
    parts: list[bytes]

    @property
    def kind(self) -> str:
        """The type of the message."""
        return str(self.header["msg_type"])

    @property
    def name(self) -> str:
        """What the kernel's answer will refer to."""
        return str(self.header.get("msg_id"))

    @property
    def is_allowed(self) -> bool:
        """Whether a page of ours may say it: no widget is made on the page's side."""
        if self.channel not in CHANNELS or self.kind not in MESSAGES:
            return False
        return self.kind != "comm_open" or _dictionary(self.parts[3]).get("target_name") == _CONTROL


def read_frame(data: Any) -> Said:
    """Read a frame, from which nothing is believed.

    Parameters
    ----------
    data : object
        What came through the websocket.

    Raises
    ------
    ValueError
        If it is no frame of this protocol.

    Notes
    -----
    Source: "WebSocket protocols", documentation of Jupyter Server: the number of offsets, the offsets, the parts.

    Examples
    --------
    >>> read_frame((10**8).to_bytes(8, "little"))
    Traceback (most recent call last):
    ValueError: the frame has 100000000 offsets; accepted: 6 to 64
    """
    if not isinstance(data, bytes):
        raise ValueError(f"the frame is {type(data).__name__}; accepted: bytes")
    count = int.from_bytes(data[:_WORD], "little")
    if count not in _PARTS:
        raise ValueError(f"the frame has {count} offsets; accepted: {_PARTS[0]} to {_PARTS[-1]}")
    offsets = [int.from_bytes(data[_WORD * at : _WORD * (at + 1)], "little") for at in range(1, count + 1)]
    if offsets[0] != _WORD * (count + 1) or offsets[-1] != len(data) or sorted(offsets) != offsets:
        raise ValueError("the offsets are not those of this frame; accepted: ascending, up to its end")
    channel, *parts = (data[start:end] for start, end in pairwise(offsets))
    if len(parts[0]) > _MOST_HEADER or sum(map(len, parts[1:4])) > _MOST_CONTENT:
        raise ValueError(f"the message is too long; accepted: {_MOST_CONTENT} bytes without its buffers")
    if not all(part.startswith(b"{") and part.endswith(b"}") for part in parts[:4]):
        raise ValueError("a part of the message is no dictionary")
    header = _dictionary(parts[0])
    if not isinstance(header.get("msg_type"), str):
        raise ValueError("the header names no type of message")
    return Said(channel=channel.decode("ascii", "replace"), header=MappingProxyType(header), parts=list(parts))


def _dictionary(text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ValueError("a part of the message is no dictionary")
    return value
