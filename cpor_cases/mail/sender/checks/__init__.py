"""The checks of `manage.py check_sender`, one module for each subject. Each says what is missing, and what follows from it."""

from collections.abc import Callable, Iterator

from django.conf import settings

from cpor_cases.mail.sender import lookups
from cpor_cases.mail.sender.results import CheckResult, good, missing
from cpor_cases.mail.sender.senders import Sender

from . import addresses, bounces, dkim, dmarc, names, relay, spf

CHECKS: dict[str, Callable[[Sender], Iterator[CheckResult]]] = {
    "Address": addresses.check,
    "Relay": relay.check,  # before “Names”: the names of the relay are checked later
    "MX": bounces.check,
    "SPF": spf.check,
    "DKIM": dkim.check,
    "DMARC": dmarc.check,
    "Names": names.check,
}


def results(sender: Sender) -> Iterator[CheckResult]:
    """Yield what every check finds; a DNS that does not answer is a result, too."""
    if "." not in sender.domain:
        yield missing(
            "Sender",
            f"DEFAULT_FROM_EMAIL is at “{sender.domain}”, which is no domain of the internet. Every receiver refuses it.",
        )
        return
    yield good("Sender", f"mail comes from {settings.DEFAULT_FROM_EMAIL}")
    for about, check in CHECKS.items():
        try:
            yield from check(sender)
        except lookups.NoAnswer as error:
            yield missing(about, f"the DNS does not answer ({error}). Try again, or see DNS_RESOLVER.")
