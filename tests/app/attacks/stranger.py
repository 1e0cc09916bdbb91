"""A stranger: somebody with a program instead of a browser, who may send whatever bytes there are."""

import http.client
import json
import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import psutil
import websocket

from convviz.app.wire import PROTOCOL

LIMIT_S = 20
KERNEL = re.compile(r'"kernelId": "([\w-]+)"')


def attack(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Say which attack of SECURITY.md a test tries: `test_security_page` reads that."""
    return lambda test: test


class Answer:
    """What a server answered."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status = answer.status
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        self.body = answer.read()

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


class Stranger:
    """Somebody who asks a server, all of whose addresses begin with a prefix if the given one has a path."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.host, self._prefix = urlsplit(url).netloc, urlsplit(url).path.rstrip("/")

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for an address, which is sent as it is written."""
        connection = http.client.HTTPConnection(self.host, timeout=LIMIT_S)
        try:
            connection.putrequest(method, self._prefix + path, skip_host="Host" in headers, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def open(self, name: str = "01_sliding_window", search: str = "") -> "Page":
        """Open a lesson as a page does."""
        answer = self.ask(f"/voila/render/{name}.ipynb{search}")
        assert answer.status == 200, answer.text
        found = KERNEL.search(answer.text)
        assert found, answer.text
        return Page(self, found[1], answer.text)

    def measured(self, name: str) -> float:
        """Return one of the numbers that the server tells of itself; 0 for a count that has not begun."""
        found = re.search(rf"^convviz_{re.escape(name)} (\S+)$", self.ask("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    def socket(self, kernel_id: str, **options: Any) -> websocket.WebSocket:
        """Connect to a kernel as a page does, or otherwise."""
        address = f"ws://{self.host}{self._prefix}/api/kernels/{kernel_id}/channels?session_id={uuid.uuid4()}"
        return websocket.create_connection(address, **{"subprotocols": [PROTOCOL], "timeout": LIMIT_S, **options})


class Page:
    """A lesson that somebody has opened."""

    def __init__(self, stranger: Stranger, kernel_id: str, html: str) -> None:
        self.stranger, self.kernel_id, self.html = stranger, kernel_id, html
        self._session = uuid.uuid4().hex
        self.socket: Any = None
        self.again()

    def frame(self, kind: str, content: Any, *, channel: str = "shell", buffers: Sequence[bytes] = ()) -> bytes:
        """Pack a message."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self._session, "username": "", "date": ""}
        texts = [
            json.dumps(part).encode() for part in ({**header, "version": "5.2"}, {}, {"version": "1.0.0"}, content)
        ]
        return packed(channel.encode(), *texts, *buffers)

    def send(self, kind: str, content: Any, **how: Any) -> None:
        """Send a message to the kernel."""
        self.socket.send_binary(self.frame(kind, content, **how))

    def tell(self, comm: str, data: Any, **how: Any) -> None:
        """Send a message to a widget."""
        self.send("comm_msg", {"comm_id": comm, "data": data}, **how)

    def custom(self, comm: str, content: Any, **how: Any) -> None:
        """Send a widget one of its own messages."""
        self.tell(comm, {"method": "custom", "content": content}, **how)

    def heard(self) -> Iterator[tuple[dict[str, Any], dict[str, Any], list[bytes]]]:
        """Hear what the kernel says: headers, contents, buffers."""
        while True:
            data = self.socket.recv()
            if not isinstance(data, bytes) or not data:
                raise ConnectionError("the websocket was closed")
            _, header, _, _, content, *buffers = unpacked(data)
            yield json.loads(header), json.loads(content), buffers

    def wait(self, is_meant: Callable[[str, dict[str, Any]], Any], limit_s: float = LIMIT_S) -> Any:
        """Hear until something is said that is meant; return what the test says of it."""
        end = time.monotonic() + limit_s
        for header, content, _ in self.heard():
            if meant := is_meant(header["msg_type"], content):
                return meant
            assert time.monotonic() < end, "nothing was said"
        return None

    def widgets(self) -> dict[str, dict[str, Any]]:
        """Ask for all widgets, as a page does when it opens."""
        self.send("comm_info_request", {"target_name": "jupyter.widget"})
        comms = self.wait(lambda kind, said: kind == "comm_info_reply" and said["comms"])
        states: dict[str, dict[str, Any]] = {}
        for comm in comms:
            self.tell(comm, {"method": "request_state"})
        for header, content, _ in self.heard():
            state = content["data"].get("state", {}) if header["msg_type"] == "comm_msg" else {}
            if "_model_name" in state:  # all of it, and not what an earlier message has changed
                states[content["comm_id"]] = state
            if len(states) == len(comms):
                break
        return states

    def works(self) -> None:
        """Check that the kernel answers."""
        self.send("kernel_info_request", {})
        self.wait(lambda kind, _: kind == "kernel_info_reply")

    def is_there(self) -> bool:
        """Whether the kernel is there."""
        return self.stranger.ask(f"/api/kernels/{self.kernel_id}").status == 200

    def is_closed(self, limit_s: float = LIMIT_S) -> int:
        """Wait until the server closes the websocket, and return the code that it gave, or 1006."""
        self.socket.settimeout(limit_s)
        with suppress(ConnectionError, websocket.WebSocketConnectionClosedException):
            while True:
                opcode, data = self.socket.recv_data()
                if opcode == websocket.ABNF.OPCODE_CLOSE:
                    return int.from_bytes(data[:2], "big")
        return 1006

    def again(self) -> None:
        """Connect, and wait until the kernel hears."""
        self.close()
        self.socket = self.stranger.socket(self.kernel_id)
        self.works()

    def end(self) -> int:
        """Ask for the end of the kernel, as a page does that is left, and return the status of the answer."""
        return self.stranger.ask(f"/voila/api/shutdown/{self.kernel_id}", "POST", Content_Length="0").status

    def close(self) -> None:
        """Leave without a word."""
        if self.socket:
            self.socket.shutdown()


def packed(*parts: bytes) -> bytes:
    """Put parts into a frame of the protocol v1."""
    ends = [8 * (len(parts) + 2)]
    for part in parts:
        ends.append(ends[-1] + len(part))
    return b"".join(number.to_bytes(8, "little") for number in (len(ends), *ends)) + b"".join(parts)


def unpacked(data: bytes) -> list[bytes]:
    """Take the parts out of a frame."""
    count = int.from_bytes(data[:8], "little")
    ends = [int.from_bytes(data[8 * at : 8 * at + 8], "little") for at in range(1, count + 1)]
    return [data[start:end] for start, end in pairwise(ends)]


def memory(pid: int) -> float:
    """Return how much memory a process holds, in MB."""
    return float(psutil.Process(pid).memory_info().rss / 2**20)


def until(is_so: Callable[[], Any], limit_s: float = LIMIT_S) -> None:
    """Wait for a condition."""
    end = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)
