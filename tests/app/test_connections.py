"""A page's connection to its kernel: what Jupyter is told before the first message."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.util import import_object

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
