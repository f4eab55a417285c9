"""Whether the domain permits the machines from which its mail comes (SPF)."""

import ipaddress
import re
from collections.abc import Iterator

from cpor_cases.mail.sender import spf
from cpor_cases.mail.sender.results import CheckResult, good, missing
from cpor_cases.mail.sender.senders import Sender

ABOUT = "SPF"


def check(sender: Sender) -> Iterator[CheckResult]:
    """Yield whether there is one record, which permits each address mail leaves from, and not every machine."""
    records = spf.records_of(sender.domain)
    if not records:
        yield missing(
            ABOUT,
            f"{sender.domain} does not say which machines send its mail: large providers treat it as spam. Add a TXT record such"
            f" as “v=spf1 {_suggested(sender)} -all”.",
        )
        return
    if len(records) > 1:
        yield missing(
            ABOUT,
            f"{sender.domain} has {len(records)} records; receivers then count none. Join them into one.",
        )
        return
    for address in sender.outside_addresses():
        yield _result_of(address, sender)
    if re.search(r"(^|\s)\+?all\b", records[0]):
        yield missing(
            ABOUT,
            "the record permits every machine of the world (+all): forged mail passes. End it with -all.",
        )


def _result_of(address: str, sender: Sender) -> CheckResult:
    try:
        result = spf.Evaluation(address).result(sender.domain)
    except spf.TooManyLookups:
        return missing(
            ABOUT,
            f"the record takes more than {spf.MOST_LOOKUPS} lookups; receivers then count it as broken. Replace includes by"
            " addresses.",
        )
    if result == spf.Result.PASS:
        return good(ABOUT, f"{sender.domain} permits {address}")
    return missing(
        ABOUT,
        f"{sender.domain} does not permit {address} ({result}): its mail is refused or lands in spam. Add"
        f" “{_mechanism(address)}” to the record. If mail leaves from elsewhere, say so with --address.",
    )


def _suggested(sender: Sender) -> str:
    return " ".join(map(_mechanism, sender.outside_addresses())) or "mx"


def _mechanism(address: str) -> str:
    return f"ip{ipaddress.ip_address(address).version}:{address}"
