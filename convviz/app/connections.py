"""A page's connection to its kernel, on which no message waits for another."""

from asyncio import Future

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's connection, with each message sent at once.

    By default a message waits until the page's computer has confirmed the one before (Nagle's algorithm), and that
    confirmation waits for 40 ms: a number that is dragged would be three pictures behind.
    """

    def connect(self) -> Future[None] | None:  # type: ignore[override]  # as the class above has it
        """Connect a page that has just opened its side."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
