"""The links in mails. Those that open something are signed: made and read here, never stored, blanked in logs and pages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core import signing
from django.urls import reverse
from django.utils.translation import (
    get_language,
    get_language_from_path,
    gettext,
    pgettext,
    pgettext_lazy,
)
from django.utils.translation import gettext_lazy as _

from cpor_core import conf
from cpor_core.links import absolute

if TYPE_CHECKING:  # the log filter imports this module before the models are loaded
    from cpor_cases.models import Activation, Case, EnrolmentLink, OutgoingMail

# /accounts/activate/…, /accounts/password/reset/key/…, /accounts/confirm-email/…, /accounts/2fa/enrol/…, /accounts/email/undo/…,
# /cases/unsubscribe/…, /cases/known/…, /cases/clear/…, ?key=…
_SECRETS = re.compile(
    r"(/(?:activate|enrol|key|confirm-email|undo|unsubscribe|known|clear)/|[?&]key=)[^/?&\s'\"<>]+"
)
# The way to each page for readers who type the site's address: what to open, one after the other.
_PLACES = {
    "cpor_cases:cases": [_("My cases")],
    "cpor_cases:settings": [_("My account"), _("Email settings")],
    "cpor_cases:calendar": [_("My account"), _("Hearings in your calendar")],
    "account_data": [_("My account"), _("Download my data")],
    "account_login": [pgettext_lazy("account", "Log in")],
    "account_reset_password": [pgettext_lazy("account", "Log in"), _("Forgotten password or account name")],
    "mail_check": [_("Is this email real?")],
    "mfa_index": [_("My account"), _("Second factor")],
    "wagtailadmin_home": [_("Office")],
    "usersessions_list": [_("My account"), _("Where you are logged in")],
}
_WITHOUT_LOG_IN = {"account_login", "account_reset_password", "mail_check"}
_in_words: ContextVar[bool] = ContextVar("links are in words", default=False)
_TOKEN = "TOKEN"  # noqa: S105 (where a token goes in a path)


def blanked(text: str) -> str:
    """Return `text` with the secret part of every such link replaced by “…”."""
    return _SECRETS.sub(r"\1…", text)


@cache
def _path(name: str, language: str | None, *arguments: str) -> str:
    """Return the path of a view in the active language. Cached: a batch of mails needs the same few again and again."""
    return reverse(name, args=arguments)


@contextmanager
def in_words(wanted: bool) -> Iterator[None]:
    """A context in which links to pages become directions in words, for readers who chose mails without links. What
    works only as a link stays one."""
    token = _in_words.set(wanted)
    try:
        yield
    finally:
        _in_words.reset(token)


def are_in_words() -> bool:
    return _in_words.get()


def host_in_words(url: str) -> str:
    """Return the host of a URL in words, such as “court dot example”, of which no mail program makes a link."""
    return urlsplit(url).netloc.replace(".", pgettext("in an internet address", " dot "))


def _way_to(name: str) -> str:
    way = pgettext("between pages", ", then ").join(gettext("“%s”") % place for place in _PLACES[name])
    facts = {"site": host_in_words(conf.BASE_URL), "way": way}
    if name in _WITHOUT_LOG_IN:
        return gettext("Type %(site)s into your browser and open %(way)s.") % facts
    return gettext("Type %(site)s into your browser, log in and open %(way)s.") % facts


def to_page(name: str) -> str:
    """Return the full address of a page without arguments, in the active language; or the way there `in_words`."""
    if are_in_words():
        return _way_to(name)
    return absolute(_path(name, get_language()))


def to_home() -> str:
    """Return the full address of the site's first page in the active language."""
    if are_in_words():
        return host_in_words(conf.BASE_URL)
    language = get_language_from_path(_path("cpor_cases:cases", get_language()))
    return absolute(f"/{language}/" if language else "/")


def to_forged_mails() -> str:
    """Return the full address of the editors' page on forged mails; empty if the site has none."""
    page = conf.FORGED_MAILS_PAGE
    return f"{to_home()}{page}" if page and not are_in_words() else ""


def to_office(path: str) -> str:
    """Return the full address of a screen of the office."""
    return _way_to("wagtailadmin_home") if are_in_words() else absolute(path)


def to_case(case: "Case") -> str:
    if are_in_words():
        return _way_to("cpor_cases:cases")
    return absolute(case.get_absolute_url())


def _signer(what: str) -> signing.Signer:
    """Sign links of one kind with the secret key; what its fallbacks signed is good as long as they are kept."""
    return signing.Signer(salt=f"cpor_cases.{what}")


def enrolment_path(link: "EnrolmentLink") -> str:
    """Return the path of the link by which a member of staff sets up the first second factor."""
    return reverse("mfa_enrol", args=[_signer("enrolment").sign(link.public_id.hex)])


def read_enrolment_token(token: str) -> str | None:
    """Return the public id, as 32 hexadecimal digits, of a genuine enrolment token, else None."""
    try:
        return _signer("enrolment").unsign(token)
    except signing.BadSignature:
        return None


def activation_path(activation: "Activation") -> str:
    """Return the path of the link that activates the account; a new round makes another one and voids this."""
    token = _signer("activation").sign(f"{activation.public_id.hex}-{activation.round}")
    return reverse("account_activate", args=[token])


def read_activation_token(token: str) -> tuple[str, int] | None:
    """Return public id and round of a genuine activation token, else None."""
    try:
        public_id, _, round_number = _signer("activation").unsign(token).rpartition("-")
    except signing.BadSignature:
        return None
    return public_id, int(round_number)


def undo_path(mail: "OutgoingMail") -> str:
    """Return the path of the link by which the change of address that `mail` tells of is undone."""
    return reverse("account_undo_email", args=[_signer("undo_address_change").sign(str(mail.pk))])


def read_undo_token(token: str) -> int | None:
    """Return the key of the mail that told of a change of address, of a genuine undo token, else None."""
    try:
        return int(_signer("undo_address_change").unsign(token))
    except signing.BadSignature:
        return None


def unsubscribe_path(account_id: int, access_id: int | None = None) -> str:
    """Return the path at which one POST, without log-in, ends an account's mails about news (RFC 8058): those of one
    case if the mail was about one alone, so that nobody with many cases loses all of them by one click."""
    about = f"{account_id}-{access_id}" if access_id else str(account_id)
    return _path("cpor_cases:unsubscribe", get_language(), _TOKEN).replace(
        _TOKEN, _signer("unsubscribe").sign(about)
    )


def read_unsubscribe_token(token: str) -> tuple[int, int | None] | None:
    """Return the keys of the account and of the access (None: all of them) of a genuine unsubscribe token, else None."""
    try:
        account_id, _, access_id = _signer("unsubscribe").unsign(token).partition("-")
    except signing.BadSignature:
        return None
    return int(account_id), int(access_id) if access_id else None


def known_path(account_id: int, run_id: int | None) -> str:
    """Return the path at which one POST, without log-in, says that a person knows of the hearings that an import changed."""
    token = _signer("known").sign(f"{account_id}-{run_id}")
    return _path("cpor_cases:known", get_language(), _TOKEN).replace(_TOKEN, token)


def read_known_token(token: str) -> tuple[int, int] | None:
    """Return the keys of account and import of a genuine token of that kind, else None."""
    try:
        account_id, _, run_id = _signer("known").unsign(token).partition("-")
    except signing.BadSignature:
        return None
    return int(account_id), int(run_id)


def clarity_path(mail: "OutgoingMail", kind_id: int) -> str:
    """Return the path at which whoever has the mail says, without log-in, whether it was clear what its entry of a kind means."""
    language = get_language() or ""
    token = _signer("clarity").sign(f"{mail.pk}.{kind_id}.{language}")
    return _path("cpor_cases:mail_clarity", language, _TOKEN).replace(_TOKEN, token)


def read_clarity_token(token: str) -> tuple[int, int, str] | None:
    """Return the keys of mail and kind, and the language of the mail, of a genuine token of that kind, else None."""
    try:
        mail_id, kind_id, language = _signer("clarity").unsign(token).split(".")
    except signing.BadSignature:
        return None
    return int(mail_id), int(kind_id), language
