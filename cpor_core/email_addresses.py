"""The normal form of e-mail addresses, in which they are stored and compared, and their validation."""

import re
import unicodedata

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext as _

from .spellings import without_invisible

MAX_LENGTH = 254  # RFC 5321, 4.5.3.1.3: a path of 256 octets holds the address and two angle brackets
MAX_TYPED = 1000  # longer text is rejected unread

# Most addresses are in normal form already: found at a fiftieth of the cost, which an import with many mails notices.
_CONTROL_BLANKS = re.compile(r"[\t-\r\x85]")  # a line end parts two words; it is no mark that nobody sees
_NORMAL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~@-]*")


def normalise(text: str) -> str:
    """Return the normal form of an address: without differences of case and width, invisible characters and outer blanks, and
    with an internationalised domain in ASCII (`xn--…`, IDNA 2008), as SMTP needs it.

    Never raises: text that is no address is normalised as far as possible. Idempotent.
    """
    if _NORMAL.fullmatch(text) and "xn--" not in text and not text.endswith("."):
        return text
    # Small letters, not folded ones: that would make ß two s, in the name of another person or of another domain.
    folded = without_invisible(_CONTROL_BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).lower())
    # Folding the case may have taken the text apart again; only now do two spellings of one text look the same.
    local, at, domain = unicodedata.normalize("NFKC", folded).strip().rpartition("@")
    return f"{local}@{_in_ascii(domain)}" if at else domain


def without_tag(address: str) -> str:
    """Return a normalised address without what follows a + in its local part: most servers put all of those into one mailbox.

    For counting what one mailbox receives, not for comparing people.
    """
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def _in_ascii(domain: str) -> str:
    domain = domain.replace("。", ".").rstrip(".")  # the full stop of a Chinese keyboard
    if domain.isascii() and "xn--" not in domain:
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError:  # no name that a domain can have: `check` says so
        return domain


def check(address: str) -> None:
    """Raise ValidationError, saying what is wrong, if mail cannot be sent to a normalised address."""
    if len(address) > MAX_LENGTH:
        raise ValidationError(
            _("An email address has at most %(most)d characters; this one has %(count)d. Please check it."),
            code="too_long",
            params={"most": MAX_LENGTH, "count": len(address)},
        )
    try:
        validate_email(address)
        # The library takes ı for an i, and sixty Chinese characters for a part of a domain.
        if not address.isascii():
            raise ValidationError("")
    except ValidationError:
        raise ValidationError(_what_is_wrong(address), code="invalid") from None


def _what_is_wrong(address: str) -> str:
    local, _at, _domain = address.rpartition("@")
    if address.count("@") != 1:
        return _("An email address has one @, as in name@example.com. Please check it.")
    if re.search(r"\s", address):
        return _("There is a blank inside this email address. Please take it out.")
    if not local.isascii():
        return _(
            "Before the @ an email address has only letters from a to z, figures and signs such as . _ - +. We cannot send email to this one. Please give another address."
        )
    if not local:
        return _("The part before the @ is missing. Please type the whole email address.")
    return _("We cannot send email to this address. Please check both sides of the @.")


def usable(typed: str) -> str:
    """Return the normal form of a typed address. Raises ValidationError if mail cannot be sent there."""
    address = normalise(typed[: MAX_TYPED + 1])
    check(address)
    return address


class NormalEmailField(models.EmailField):
    """An address that is stored in its normal form, and looked up by it, however it is spelled."""

    def pre_save(self, model_instance, add):
        address = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, address)
        return address

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return normalise(value) if isinstance(value, str) else value
