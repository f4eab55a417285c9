"""Whether the domain says what is to be done with forged mail (DMARC)."""

from collections.abc import Iterator

from cpor_cases.mail.sender import lookups, tags
from cpor_cases.mail.sender.results import CheckResult, better, good, missing
from cpor_cases.mail.sender.senders import Sender
from cpor_core import conf

ABOUT = "DMARC"


def check(sender: Sender) -> Iterator[CheckResult]:
    """Yield whether there is a record, what it asks of receivers, and whether its reports go anywhere."""
    where, record = _record_of(sender.domain)
    if not record:
        yield missing(
            ABOUT,
            f"{sender.domain} does not say what is to be done with mail that is not its own: large providers ask bulk senders for"
            f" it, and forgeries arrive. Add the TXT record “v=DMARC1; p=none; rua=mailto:…” at _dmarc.{sender.domain}, and"
            " p=reject once the reports show nothing of yours.",
        )
        return
    yield _result_of_policy(where, record, is_inherited=where != sender.domain)
    if "rua" not in record:
        yield better(ABOUT, "no address for reports (rua): you will not learn who sends in your name.")
    # The envelope has the sender's own domain, so that SPF is aligned however strict the record is.
    signing = conf.DKIM_DOMAIN or sender.domain
    if record.get("adkim") == "s" and signing != sender.domain:
        yield missing(ABOUT, f"adkim=s asks for signatures of {sender.domain} itself, not of {signing}.")


def _result_of_policy(where: str, record: dict[str, str], *, is_inherited: bool) -> CheckResult:
    policy = (record.get("sp") if is_inherited else None) or record.get("p", "none")
    if policy != "none":
        return good(ABOUT, f"_dmarc.{where} says p={policy}")
    return better(
        ABOUT,
        f"_dmarc.{where} asks for nothing (p=none): forgeries in your name are delivered. Go on to"
        " p=quarantine, then p=reject.",
    )


def _record_of(domain: str) -> tuple[str, dict[str, str]]:
    """Return where the record of a domain is, at itself or above, and its tags."""
    labels = domain.split(".")
    for first in range(len(labels) - 1):
        where = ".".join(labels[first:])
        for text in lookups.texts(f"_dmarc.{where}"):
            record = tags.parse(text)
            if record.get("v", "").upper() == "DMARC1":
                return where, record
    return domain, {}
