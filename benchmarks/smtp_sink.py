"""An SMTP server that accepts every mail and stores none, fast enough not to be the bottleneck.

As a process: `python -m benchmarks.smtp_sink PORT [--latency SECONDS] [--tls CERTIFICATE KEY] [--log FILE]`. The log has
a line for each mail: the moment of its 250 in nanoseconds of the machine's monotonic clock, and its recipient.
"""

import argparse
import asyncio
import ssl
import time

END = b"\r\n.\r\n"
GREETING = b"220 sink\r\n"
ABILITIES = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 10000000\r\n"
OK, GO_ON, BYE, UNKNOWN = b"250 OK\r\n", b"354 go on\r\n", b"221 bye\r\n", b"502 what?\r\n"


class Sink(asyncio.Protocol):
    """One connection. `take` is called with each recipient and message, and may return another answer than 250."""

    def __init__(self, *, latency: float = 0.0, take=None, greet=None, abilities: bytes = ABILITIES):
        self.latency, self.take, self.abilities = latency, take, abilities
        self.waiting, self.recipient = b"", b""
        self.is_in_data = self.is_taken = self.is_busy = False
        self.greet = greet

    def connection_made(self, transport) -> None:
        self.transport = transport
        transport.write(self.greet() if self.greet else GREETING)

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        if not self.is_busy:
            self._go_on()

    def _go_on(self) -> None:
        answers = []
        while self.waiting and not self.transport.is_closing():
            answer = self._message() if self.is_in_data else self._command()
            if answer is None:
                break
            answers.append(answer)
            if self.latency and self.is_taken:
                self._answer_later(b"".join(answers))
                return
        if answers:
            self.transport.write(b"".join(answers))
            if answers[-1] is BYE:
                self.transport.close()

    def _answer_later(self, answer: bytes) -> None:
        self.is_busy, self.is_taken = True, False
        asyncio.get_running_loop().call_later(self.latency, self._answer, answer)

    def _answer(self, answer: bytes) -> None:
        self.is_busy = False
        self.transport.write(answer)
        self._go_on()

    def _command(self) -> bytes | None:
        line, found, rest = self.waiting.partition(b"\r\n")
        if not found:
            return None
        self.waiting = rest
        verb = line[:4].upper()
        if verb == b"EHLO":
            return self.abilities
        if verb == b"DATA":
            self.is_in_data = True
            return GO_ON
        if verb == b"QUIT":
            return BYE
        if verb == b"RCPT":
            self.recipient = line[8:].strip(b" <>")
        return OK if verb in {b"MAIL", b"RCPT", b"RSET", b"NOOP", b"HELO"} else UNKNOWN

    def _message(self) -> bytes | None:
        position = 0 if self.waiting.startswith(b".\r\n") else self.waiting.find(END)
        if position < 0:
            return None
        cut = 3 if self.waiting.startswith(b".\r\n") else position + len(END)
        message, self.waiting = self.waiting[: position + 2], self.waiting[cut:]
        self.is_in_data, self.is_taken = False, True
        if self.take:
            answer = self.take(self.recipient.decode(), message)
            if answer is False:
                self.transport.abort()
                return b""
            return answer or OK
        return OK


async def serve(port: int, tls: ssl.SSLContext | None = None, **behaviour) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Sink(**behaviour), "127.0.0.1", port, ssl=tls, backlog=500)


def _noting_in(path: str):
    log = open(path, "a", buffering=1, encoding="utf-8")  # noqa: SIM115 (closed with the process)

    def take(recipient: str, _message: bytes) -> None:
        log.write(f"{time.monotonic_ns()} {recipient}\n")

    return take


async def _serve_for_ever(options: argparse.Namespace) -> None:
    tls = None
    if options.tls:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(*options.tls)
    take = _noting_in(options.log) if options.log else None
    server = await serve(options.port, tls, latency=options.latency, take=take)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    parser.add_argument("--log", help="a file that notes when each mail was taken, and whose it is")
    asyncio.run(_serve_for_ever(parser.parse_args()))


if __name__ == "__main__":
    main()
