"""A way to the server that can be cut: what a phone meets when the network is gone, for browsers that have no switch.

It listens on the port that stands in its `origin`. The server takes only its own address, so that the relay writes
the server's own Host and Origin into each request on its way.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self

CHUNK = 65_536


class Relay:
    """Connections to `origin` go to the server's port, until `cut()`, and again from `mend()` on."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.port, self._open = 0, list[socket.socket]()
        self.mend()
        self.origin = f"http://localhost:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def mend(self) -> None:
        """Connections are taken again, on the same port."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """No connection any more, old or new."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._open += [near, far]
                threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, is_asking: bool) -> None:
        mine, theirs = f"localhost:{self.port}".encode(), f"localhost:{self._to}".encode()
        with suppress(OSError):
            while data := source.recv(CHUNK):
                # A request's head is sent in one piece; a socket's frames are masked and never contain it.
                target.sendall(data.replace(mine, theirs) if is_asking else data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
