"""A page's connection to its kernel: what Jupyter is told before the first message."""

from types import SimpleNamespace

import pytest
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.ioloop import IOLoop
from tornado.util import import_object

from convviz.app.connections import PING_S, SILENCE_S, LessonConnection
from convviz.app.rates import Window
from convviz.app.settings import CONNECTION, LAB, VOILA


class Handler(KernelWebsocketHandler):
    """The page's side, which only notes what happens."""

    def __init__(self):
        self.happened = []

    def set_nodelay(self, value):
        self.happened.append(("no delay", value))


def test_messages_are_sent_at_once_from_the_first_one_on(monkeypatch):
    handler = Handler()
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "__init__", lambda self: None)
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "websocket_handler", handler)
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", lambda self: handler.happened.append("connected"))
    import_object(CONNECTION)().connect()
    assert handler.happened == [("no delay", True), "connected"]


def test_voila_and_jupyterlab_are_told():
    assert issubclass(import_object(VOILA["Voila"]["kernel_websocket_connection_class"]), import_object(CONNECTION))
    assert f"--ServerApp.kernel_websocket_connection_class={CONNECTION}" in LAB


@pytest.mark.parametrize(
    ("silent_s", "pinged_s", "expected"),
    [(0, 2 * PING_S, ["ping"]), (0, 0, []), (SILENCE_S + 1, 2 * PING_S, ["closed"])],
)
async def test_a_page_is_asked_now_and_then_whether_it_is_there(silent_s, pinged_s, expected, monkeypatch):
    happened, now = [], IOLoop.current().time()
    handler = SimpleNamespace(
        ws_connection=SimpleNamespace(stream=SimpleNamespace(close=lambda: happened.append("closed"))),
        last_pong=now - silent_s,
        ping=lambda _: happened.append("ping"),
    )
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "__init__", lambda self: None)
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "websocket_handler", handler)
    connection = LessonConnection()
    connection._window, connection._pinged = Window(happened.append), now - pinged_s
    connection._look()
    assert happened == expected


def test_what_is_not_answered_does_not_hold_up_the_rest_for_ever():
    seconds, asked = [0.0], []
    window = Window(asked.append, most=1, patience_s=1, clock=lambda: seconds[0])
    window.ask("a", 1)
    window.ask("b", 2)
    assert asked == [1]
    seconds[0] = 2.0
    window.go_on()
    assert asked == [1, 2]
