"""A page's connection to its kernel: no message waits for another, and a stranger's does nothing but the lessons."""

from asyncio import Future, get_running_loop
from typing import Any, ClassVar
from weakref import WeakKeyDictionary, WeakSet

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.iostream import StreamBufferFullError
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError

from convviz.app.measures import MEASURES
from convviz.app.rates import Allowance, Window
from convviz.app.wire import PROTOCOL, Said, read_frame

MOST_SOCKETS = 2
"""Of a kernel: that of its page, and one that takes over from it."""
MOST_UNREAD = 16 * 2**20
"""Bytes that wait for a page to read them."""
PING_S, SILENCE_S = 20, 60
"""A page that answers no ping for so long is gone: its computer sleeps, or the network is down."""
MESSAGES, BYTES = (2000, 200), (16 * 2**20, 2**20)
"""What a page may send to its kernel, in a rush and each second."""
_ROUND_S = 1
POLICY, TRY_LATER = 1008, 1013
"""Codes with which a websocket is closed (RFC 6455, 7.4)."""
_UNSAID = frozenset({"execute_input"})
"""What a kernel says of cells and not to pages: their code."""


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's connection, with each message sent at once.

    By default a message waits until the page's computer has confirmed the one before (Nagle's algorithm), and that
    confirmation waits for 40 ms: a number that is dragged would be three pictures behind.
    """

    def connect(self) -> Future[None] | None:  # type: ignore[override]  # as the class above has it
        """Connect a page that has just opened its side."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


class LessonConnection(PromptConnection):
    """The connection of a lesson's page, of which nothing is believed."""

    _opened: ClassVar["WeakSet[LessonConnection]"] = WeakSet()
    _sent: ClassVar["WeakKeyDictionary[Any, tuple[Allowance, Allowance]]"] = WeakKeyDictionary()
    _rounds: PeriodicCallback | None = None
    _pinged = 0.0
    _is_refused = False

    @classmethod
    def of_kernel(cls, kernel_id: str) -> "list[LessonConnection]":
        """List the connections of a kernel."""
        return [one for one in cls._opened if one.kernel_id == kernel_id]

    async def prepare(self) -> None:
        """Refuse who speaks another protocol, and a crowd around one kernel, before the websocket opens."""
        offered = self.websocket_handler.request.headers.get("Sec-WebSocket-Protocol", "")
        if PROTOCOL not in [name.strip() for name in offered.split(",")]:
            MEASURES.refused("protocol")
            raise HTTPError(400, "accepted: a websocket of the protocol %s", PROTOCOL)
        if self._is_crowded():
            MEASURES.refused("sockets")
            raise HTTPError(429, "this kernel has its page already")
        await super().prepare()  # type: ignore[no-untyped-call]

    def connect(self) -> Future[None] | None:  # type: ignore[override]  # as the class above has it
        """Connect a page that has just opened its side."""
        if self._is_crowded():  # many have asked at the same time
            self.refuse("sockets", TRY_LATER)
            nothing: Future[None] = get_running_loop().create_future()
            nothing.set_result(None)
            return nothing
        self._window = Window(self._hand_on)
        self._opened.add(self)
        MEASURES.sockets.set(len(self._opened))
        handler: Any = self.websocket_handler
        handler.ws_connection.stream.max_write_buffer_size = MOST_UNREAD
        handler.last_pong = IOLoop.current().time()
        self._rounds = PeriodicCallback(self._look, 1000 * _ROUND_S)
        self._rounds.start()
        return super().connect()

    def disconnect(self) -> None:  # type: ignore[override]  # as the class above has it
        """Forget a page that has gone."""
        if self._rounds is None:  # it was never connected
            if self._open_sessions.get(self.session_key) is self.websocket_handler:
                self._open_sessions.pop(self.session_key)
            return
        self._rounds.stop()
        if self in self._opened:
            self._opened.discard(self)
            MEASURES.sockets.set(len(self._opened))
            super().disconnect()  # type: ignore[no-untyped-call]

    def request_kernel_info(self) -> Any:
        """Ask for the kernel's protocol on its control channel, where it answers while it runs a cell.

        By default the answer waits for the cell, and the page for the answer: it would not hear of the cell's widgets.
        """
        if self.kernel_info_channel is None:
            self.kernel_info_channel = self.multi_kernel_manager.connect_control(self.kernel_id)
        return super().request_kernel_info()  # type: ignore[no-untyped-call]

    def refuse(self, kind: str, code: int = POLICY) -> None:
        """Close the websocket of who does what no page of ours does."""
        MEASURES.refused(kind)
        self._is_refused = True
        self.websocket_handler.close(code, f"refused: {kind}")

    def part(self, reason: str) -> None:
        """Close the websocket because its kernel has ended."""
        self._is_refused = True
        self.websocket_handler.close(POLICY, reason)

    @property
    def write_message(self) -> Any:
        """What sends a message to the page; a page that does not read is given up."""
        return self._write

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Hand a message on to the kernel, if a page of ours may send it."""
        if self._is_refused or not self.channels:
            return
        try:
            said = read_frame(incoming_msg)
            is_allowed = said.is_allowed
        except ValueError as error:
            self.log.warning("A page sent what is no message: %s", error)
            self.refuse("frame")
            return
        messages, amount = self._sent.setdefault(self.kernel_manager, (Allowance(*MESSAGES), Allowance(*BYTES)))
        if not (messages.takes(1) and amount.takes(len(incoming_msg))):
            self.refuse("flood")
        elif is_allowed:
            self._window.ask(said.name, said)
        else:
            MEASURES.refused("message")

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:
        """Hand a message on to the page, unless it is about the program itself."""
        if self.websocket_handler.ws_connection is None:  # nobody is there any more
            self.disconnect()
            return
        _, parts = self.session.feed_identities(outgoing_msg)
        kind = self.session.unpack(parts[1])["msg_type"]
        content = self.session.unpack(parts[4]) if kind in ("status", "stream") else {}
        if content.get("execution_state") == "idle":
            self._window.answered(str(self.session.unpack(parts[2]).get("msg_id")))
        if kind not in _UNSAID and content.get("name") != "stderr":
            super().handle_outgoing_message(stream, outgoing_msg)

    def _hand_on(self, said: Said) -> None:
        stream = self.channels.get(said.channel)
        if stream is not None and not stream.closed():
            self.session.send_raw(stream, said.parts)

    def _is_crowded(self) -> bool:
        others = [one for one in self.of_kernel(self.kernel_id) if one.session.session != self.session.session]
        return len(others) >= MOST_SOCKETS

    def _look(self) -> None:
        """Hand on what waits, and ask whether the page is still there."""
        handler: Any = self.websocket_handler
        now = IOLoop.current().time()
        self._window.go_on()
        if handler.ws_connection is None:
            self.disconnect()
        elif now - handler.last_pong > SILENCE_S:
            handler.ws_connection.stream.close()
        elif now - self._pinged > PING_S:
            self._pinged = now
            handler.ping(b"")

    def _write(self, message: Any, binary: bool = False) -> Any:
        handler: Any = self.websocket_handler
        try:
            written = handler.write_message(message, binary)
        except WebSocketClosedError:
            self.disconnect()
            return None
        except StreamBufferFullError:
            MEASURES.refused("unread")
            handler.ws_connection.stream.close()
            self.disconnect()
            return None
        # A page that leaves meanwhile is no fault.
        written.add_done_callback(lambda done: done.cancelled() or done.exception())
        return written

    def _on_error(self, channel: Any, msg: Any, msg_list: Any) -> None:
        """Take the traceback out of an error: jupyter_server 2.21 looks for the words in the wrong place."""
        if channel != "iopub" or self.multi_kernel_manager.allow_tracebacks:
            return
        if self.session.unpack(msg_list[0])["msg_type"] == "error":
            words = self.multi_kernel_manager.traceback_replacement_message
            error = {"ename": "ExecutionError", "evalue": "Execution error", "traceback": [words]}
            msg_list[3] = self.session.pack(error)
