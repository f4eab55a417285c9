"""Whether the sending machine has a name, the name leads back to it, and it greets by a name the DNS knows."""

from collections.abc import Iterator

from django.core.mail.utils import DNS_NAME

from cpor_cases.mail.sender import lookups
from cpor_cases.mail.sender.results import CheckResult, good, missing
from cpor_cases.mail.sender.senders import Sender

MOST_NAMES = 10  # of one internet address; receivers check no more (RFC 7208, 5.5)


def check(sender: Sender) -> Iterator[CheckResult]:
    """Yield the name of each address in the reverse DNS, and the name of the greeting."""
    for address in sender.outside_addresses():
        yield _reverse_name_of(address)
    yield _greeting_of(sender)


def _reverse_name_of(address: str) -> CheckResult:
    names = lookups.names_of(address)[:MOST_NAMES]
    back = [name for name in names if address in lookups.addresses(name)]
    if back:
        return good("Reverse DNS", f"{address} is {back[0]}, and back")
    named = f"is called {names[0]}, which does not lead back to it" if names else "has no name (PTR)"
    return missing(
        "Reverse DNS",
        f"{address} {named}: large providers refuse such machines. Whoever gave you the address sets its name.",
    )


def _greeting_of(sender: Sender) -> CheckResult:
    """Check the name by which the relay greets receivers; for a relay on this machine, this machine's name."""
    name = sender.relay.name if sender.relay else DNS_NAME.get_fqdn()
    if "." in name and lookups.addresses(name.strip("[]")):
        return good("HELO", f"the mail server calls itself {name}")
    return missing(
        "HELO",
        f"the mail server calls itself “{name}”, a name that the DNS does not know: many receivers refuse the greeting. Set its"
        " host name (Postfix: myhostname).",
    )
