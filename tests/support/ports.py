"""A port for a server that a test starts."""

import random
import socket
from contextlib import suppress

# Below those that Linux gives to outgoing connections, one of which might take the port before the server does
PORTS = range(20_000, 32_000)
# Not `random` itself: under Hypothesis' seed two processes would draw the same
_chance = random.SystemRandom()


def free_port() -> int:
    """Return a port on which nothing listens."""
    while True:
        port = _chance.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
