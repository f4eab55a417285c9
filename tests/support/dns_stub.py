"""A DNS server on this machine that knows what a test says, and nothing else. Import the fixture `dns_zone`."""

import socket
import threading

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import pytest

TYPES = ("A", "AAAA", "MX", "PTR", "TXT")


class Zone:
    """Records by name and type: zone.records["court.example", "MX"] = ["10 mail.court.example."]."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self.is_silent = False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def texts(self, name: str, *texts: str) -> None:
        """Set the TXT records of a name, each cut into strings of 255 octets as a zone file has it."""
        self.records[name, "TXT"] = [
            " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255)) for text in texts
        ]

    def _serve(self) -> None:
        while True:
            try:
                wire, asker = self.socket.recvfrom(4096)
            except OSError:
                return
            if wire == b"stop":
                return
            if not self.is_silent:
                self.socket.sendto(self._reply(dns.message.from_wire(wire)).to_wire(), asker)

    def _reply(self, asked: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(asked)
        reply.flags |= dns.flags.RA
        [wanted] = asked.question
        name = wanted.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(wanted.rdtype)
        found = self.records.get((name, kind), [])
        if found:
            reply.answer.append(dns.rrset.from_text(wanted.name, 60, "IN", kind, *found))
        elif not any((name, each) in self.records for each in TYPES):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"stop", ("127.0.0.1", self.port))
        self.thread.join(5)
        self.socket.close()


@pytest.fixture
def dns_zone(settings):
    zone = Zone()
    zone.thread.start()
    settings.CPOR = settings.CPOR | {"DNS_RESOLVER": f"127.0.0.1#{zone.port}"}
    yield zone
    zone.stop()
