"""How many connections the server has at a time: so many that the files of kernels have room."""

from typing import Any

from tornado.httpserver import HTTPServer

from convviz.app.limits import room_for_connections
from convviz.app.measures import MEASURES

_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class BoundedServer(HTTPServer):
    """Tornado's server, which refuses connections while files for them are left.

    Without that it would try to take a connection that it cannot take, again and again, and write each time into the
    log that there are too many open files.
    """

    def initialize(self, *args: Any, visitors: int, **options: Any) -> None:  # type: ignore[override]  # it has one more
        """Begin without connections; websockets of so many visitors are counted as theirs."""
        super().initialize(*args, **options)
        self._visitors, self._count = visitors, 0

    def handle_stream(self, stream: Any, address: Any) -> None:
        """Take a connection, or refuse it."""
        if self._count >= room_for_connections(self._visitors):
            MEASURES.refused("connections")
            stream.write(_FULL)
            stream.close()
            return
        self._count += 1
        super().handle_stream(stream, address)

    def on_close(self, server_conn: Any) -> None:
        """Notice that a connection has ended, or is a websocket from now on."""
        self._count -= 1
        super().on_close(server_conn)
