"""A real mail server on this machine, which keeps every mail as it came over the wire. Import the fixture `sink`."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from aiosmtpd.controller import Controller

from tests.support.ports import free_port
from tests.support.running_site import PATIENCE


@dataclass
class Arrived:
    """One mail, with the envelope it came in."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return cast(EmailMessage, message_from_bytes(self.raw, policy=policy.default))

    def text(self, subtype: str) -> str:
        """Return the text of the part of that subtype, plain or html."""
        part = self.message.get_body((subtype,))
        assert part is not None
        return part.get_content()


class Sink:
    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.controller = Controller(self, "127.0.0.1", free_port(), ready_timeout=PATIENCE)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        for recipient in envelope.rcpt_tos:
            self.arrived.append(Arrived(envelope.mail_from, recipient, envelope.original_content))
        return "250 taken"


@pytest.fixture
def sink(settings):
    """Mails of the test go over the wire to this server."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "cpor_cases.mail.smtp.SMTPBackend", "127.0.0.1"
    sink = Sink()
    sink.controller.start()
    settings.EMAIL_PORT = sink.controller.port
    yield sink
    sink.controller.stop()
