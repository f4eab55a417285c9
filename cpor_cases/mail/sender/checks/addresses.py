"""Whether it is known from which internet addresses mail leaves."""

from collections.abc import Iterator

from cpor_cases.mail.sender.results import CheckResult, better
from cpor_cases.mail.sender.senders import Sender

ABOUT = "Address"


def check(sender: Sender) -> Iterator[CheckResult]:
    """Yield what the operator should say of a mail server on this machine; nothing where its addresses are known."""
    if not (sender.addresses or sender.outside_addresses()):
        yield better(
            ABOUT,
            f"{sender.host} is this machine: say with --address from which internet address mail leaves, and SPF and its name are"
            " checked, too.",
        )
