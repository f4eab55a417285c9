"""A fake mail server behind Django's test back end, whose replies a test sets."""

import smtplib

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend


class Server:
    """Replies to each address as the test says, and accepts every other."""

    def __init__(self, monkeypatch):
        self.answers, self.down = {}, None
        monkeypatch.setattr(EmailBackend, "open", self._open)
        monkeypatch.setattr(EmailBackend, "send_messages", self._take)

    def _open(self):
        if self.down:
            raise self.down
        return True

    def _take(self, messages):
        for message in messages:
            answer = self.answers.get(message.to[0])
            if isinstance(answer, Exception):
                raise answer
            if answer:
                raise smtplib.SMTPRecipientsRefused({message.to[0]: answer})
            mail.outbox.append(message)
        return len(messages)
