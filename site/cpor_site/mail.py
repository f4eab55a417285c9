"""Mail as .eml files, for a house without a mail server."""

from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class EmlFileBackend(BaseEmailBackend):
    """Write each mail as one `.eml` file below EMAIL_FILE_PATH, named by the time; mail programs open them."""

    def send_messages(self, email_messages) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{datetime.now():%Y%m%d-%H%M%S-%f}-{uuid4().hex[:6]}.eml"
            unfinished = folder / f".{name}"
            unfinished.write_bytes(message.message().as_bytes(linesep="\r\n"))
            unfinished.rename(folder / name)  # never half a mail under its final name
        return len(email_messages)
