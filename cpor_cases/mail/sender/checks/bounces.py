"""Whether the sender's domain receives mail, so that reports of what could not be delivered arrive."""

from collections.abc import Iterator

from cpor_cases.mail.sender import lookups
from cpor_cases.mail.sender.results import CheckResult, good, missing
from cpor_cases.mail.sender.senders import Sender

ABOUT = "MX"


def check(sender: Sender) -> Iterator[CheckResult]:
    """Yield whether the domain names a mail server that receives its mail."""
    servers = lookups.mail_servers(sender.domain)
    if servers and servers != ["."]:
        yield good(ABOUT, f"mail to {sender.domain} goes to {servers[0]}")
    else:
        yield missing(
            ABOUT,
            f"{sender.domain} takes no mail. Many receivers refuse a sender to whom nothing can be returned, and wrong"
            " addresses stay unnoticed.",
        )
