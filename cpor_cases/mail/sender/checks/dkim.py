"""Whether the key with which mails are signed is in the DNS, and is the sender's (DKIM)."""

import base64
import re
from collections.abc import Iterator

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from cpor_cases.mail import dkim_signing
from cpor_cases.mail.sender import lookups, tags
from cpor_cases.mail.sender.results import CheckResult, better, good, missing
from cpor_cases.mail.sender.senders import Sender
from cpor_core import conf

ABOUT = "DKIM"
USUAL_BITS = 2048


def check(sender: Sender) -> Iterator[CheckResult]:
    """Yield whether mails are signed by a published key, for a domain that DMARC takes for the sender's."""
    domain, selector = conf.DKIM_DOMAIN or sender.domain, conf.DKIM_SELECTOR
    if not selector:
        yield missing(
            ABOUT,
            "DKIM_SELECTOR is empty, so that nobody knows how mails are signed. Unsigned mail lands in spam at large providers. If"
            " the relay signs, set the selector it uses; if it does not, set DKIM_PRIVATE_KEY_FILE as well, and mails are signed"
            " here.",
        )
        return
    name = f"{selector}._domainkey.{domain}"
    record = tags.parse(next(iter(lookups.texts(name)), ""))
    published = record.get("p")
    if not published:
        yield missing(
            ABOUT,
            f"there is no key at {name}: signatures count as wrong. Add a TXT record{_record_to_add()}.",
        )
        return
    if record.get("k", "rsa").lower() == "ed25519":
        yield missing(
            ABOUT,
            f"the key at {name} is one for Ed25519 (RFC 8463), which large providers do not read: to them mails are unsigned. Sign by an"
            f" RSA key of {USUAL_BITS} bits as well, and set its selector.",
        )
    else:
        yield _result_of_key(name, published)
    if not is_aligned(domain, sender.domain):
        yield missing(
            ABOUT,
            f"mails are signed for {domain} but come from {sender.domain}: for DMARC they are unsigned. Sign for the sender's"
            " domain.",
        )


def _result_of_key(name: str, published: str) -> CheckResult:
    try:
        encoded = base64.b64decode(re.sub(r"\s", "", published), validate=True)
        key = load_der_public_key(encoded)
    except (ValueError, UnsupportedAlgorithm):
        return missing(ABOUT, f"what stands at {name} is no key: signatures count as wrong.")
    private = conf.DKIM_PRIVATE_KEY
    if private and dkim_signing.public_key(private) != encoded:
        return missing(
            ABOUT,
            f"the key at {name} does not belong to the private key here: every signature counts as wrong. The record should be"
            f"{_record_to_add()}.",
        )
    by = "mails are signed here" if private else "the relay is expected to sign"
    bits = key.key_size if isinstance(key, RSAPublicKey) else USUAL_BITS
    grade = good if bits >= USUAL_BITS else better
    return grade(ABOUT, f"the key of {bits} bits stands at {name}; {by}")


def _record_to_add() -> str:
    if not conf.DKIM_PRIVATE_KEY:
        return ", as your mail server gives it"
    key = base64.b64encode(dkim_signing.public_key(conf.DKIM_PRIVATE_KEY)).decode()
    return f" “v=DKIM1; k=rsa; p={key}”"


def is_aligned(domain: str, other: str) -> bool:
    """Whether two domains are one organisation's for DMARC (relaxed): the same, or one below the other."""
    return domain == other or domain.endswith(f".{other}") or other.endswith(f".{domain}")
