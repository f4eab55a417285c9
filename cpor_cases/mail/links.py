"""The links in mails. Those that open something are signed: made and read here, stored nowhere, blanked in logs and on screens."""

import re
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import get_language, get_language_from_path

from cpor_core.links import absolute

if TYPE_CHECKING:  # the filter of the logs is made before there are models
    from cpor_cases.models import Activation, Case, EnrolmentLink, OutgoingMail

# /accounts/activate/…, /accounts/password/reset/key/…, /accounts/confirm-email/…, /accounts/2fa/enrol/…, /accounts/email/undo/…,
# /cases/unsubscribe/…, /cases/known/…, ?key=…
_SECRETS = re.compile(
    r"(/(?:activate|enrol|key|confirm-email|undo|unsubscribe|known)/|[?&]key=)[^/?&\s'\"<>]+"
)
_TOKEN = "TOKEN"  # noqa: S105 (where a token goes in a path)


def blanked(text: str) -> str:
    """Return `text` with the secret part of every such link replaced by “…”."""
    return _SECRETS.sub(r"\1…", text)


@cache
def _path(name: str, language: str | None, *arguments: str) -> str:
    """Return the path of a view, which differs by language: a batch of mails asks for the same few again and again."""
    return reverse(name, args=arguments)


def to_page(name: str) -> str:
    """Return the full address of a page without arguments, in the active language."""
    return absolute(_path(name, get_language()))


def to_home() -> str:
    """Return the full address of the site's first page in the active language."""
    language = get_language_from_path(_path("cpor_cases:cases", get_language()))
    return absolute(f"/{language}/" if language else "/")


def to_forged_mails() -> str:
    """Return the full address of the editors' page on forged mails; empty if the site has none."""
    page = settings.FORGED_MAILS_PAGE
    return f"{to_home()}{page}" if page else ""


def to_case(case: "Case") -> str:
    return absolute(reverse("cpor_cases:case", args=[case.public_id]))


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
