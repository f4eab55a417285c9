"""Visitors on a bad line: each has a connection open and sends its request a byte at a time."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

PAUSE = 0.1  # seconds between two bytes
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Filling: " + b"." * 10_000


@contextmanager
def slow_clients(url: str, count: int) -> Iterator[None]:
    """Keep `count` connections open whose requests never end."""
    place = urlsplit(url)
    connections = [socket.create_connection((place.hostname, place.port), timeout=5) for _ in range(count)]
    is_over = threading.Event()
    thread = threading.Thread(target=_drip, args=(connections, is_over))
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        for connection in connections:
            connection.close()


def _drip(connections: list[socket.socket], is_over: threading.Event) -> None:
    sent = 0
    while not is_over.wait(PAUSE) and sent < len(REQUEST):
        for connection in list(connections):
            try:
                connection.send(REQUEST[sent : sent + 1])
            except OSError:  # the server lost its patience, as it may
                connections.remove(connection)
        sent += 1
