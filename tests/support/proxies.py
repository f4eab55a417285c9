"""A proxy to a server whose connections a test can cut or freeze."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Proxy:
    """Forwards connections from its port to a server, and the answers back.

    `freeze` keeps connections open and accepts new ones, but forwards nothing; `cut` closes all and refuses new ones;
    `restore` forwards again, including what was sent while frozen.
    """

    def __init__(self, host: str, port: int):
        self._server = host, port
        self._selector = selectors.DefaultSelector()
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._is_silent, self._is_cut, self._is_over = False, False, False
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def freeze(self) -> None:
        self._is_silent = True

    def cut(self) -> None:
        self._is_cut = True
        with self._lock:
            self._hang_up(*self._pairs)

    def restore(self) -> None:
        self._is_silent = self._is_cut = False

    def close(self) -> None:
        self._is_over = True
        self._thread.join()
        self._hang_up(*self._pairs)
        self._listener.close()
        self._selector.close()

    def _work(self) -> None:
        while not self._is_over:
            if self._is_silent:
                threading.Event().wait(0.02)
                continue
            for key, _events in self._selector.select(0.02):
                with self._lock, suppress(OSError):
                    self._accept() if key.fileobj is self._listener else self._pass_on(key.fileobj)

    def _accept(self) -> None:
        caller, _address = self._listener.accept()
        if self._is_cut:
            caller.close()
            return
        server = socket.create_connection(self._server)
        self._pairs |= {caller: server, server: caller}
        for end in (caller, server):
            self._selector.register(end, selectors.EVENT_READ)

    def _pass_on(self, end: socket.socket) -> None:
        other = self._pairs.get(end)
        if other is None:
            return
        try:
            piece = end.recv(1 << 16)
            if piece:
                other.sendall(piece)
        except OSError:
            piece = b""
        if not piece:
            self._hang_up(end, other)

    def _hang_up(self, *ends: socket.socket) -> None:
        for end in ends:
            if self._pairs.pop(end, None) is not None:
                with suppress(KeyError, ValueError):
                    self._selector.unregister(end)
                end.close()


@contextmanager
def proxy_to(host: str, port: int) -> Iterator[Proxy]:
    proxy = Proxy(host, port)
    try:
        yield proxy
    finally:
        proxy.close()
