"""A cable between a browser and a server, which can be cut."""

import socket
import threading
from contextlib import suppress

from tests.browser.servers import Server


class Cable:
    """Hand on what is said to a server; while the cable is cut, nobody is connected and nobody can connect.

    Parameters
    ----------
    server : Server
        What is at its other end.
    """

    def __init__(self, server: Server) -> None:
        self.ask, self.end = server.ask, server.end
        self._there = server.host.split(":")
        self._lines: list[socket.socket] = []
        self._entry = self._listen(0)
        self._port = self._entry.getsockname()[1]
        self.host = f"127.0.0.1:{self._port}"
        self.url = f"http://{self.host}/"

    def cut(self) -> None:
        """End all connections."""
        for line in [self._entry, *self._lines]:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self._lines.clear()

    def mend(self) -> None:
        """Let connections be made again."""
        self._entry = self._listen(self._port)

    def _listen(self, port: int) -> socket.socket:
        entry = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(entry,), daemon=True).start()
        return entry

    def _accept(self, entry: socket.socket) -> None:
        with suppress(OSError):  # it was cut
            while True:
                near, _ = entry.accept()
                far = socket.create_connection((self._there[0], int(self._there[1])))
                self._lines += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._hand_on, args=ends, daemon=True).start()

    @staticmethod
    def _hand_on(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(2**16):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
