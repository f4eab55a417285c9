"""Addresses that are stored twice, and what a closed account must not have."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cpor_cases import address_register
from cpor_cases.models import CalendarFeed
from cpor_cases.self_check.check import check

ACCOUNTS_AT_ONCE = 2000


@check(
    "address_not_registered",
    of=get_user_model(),
    says=_("The register of addresses does not have the addresses of an account as they are."),
    do=_("Save the account in the office, or have its person log in and save the settings; report it."),
)
def not_registered(now) -> Iterator[int]:
    last, more = 0, True
    while more:
        accounts = get_user_model().objects.filter(pk__gt=last).order_by("pk")[:ACCOUNTS_AT_ONCE]
        some = list(accounts)
        yield from address_register.not_in_step(some)
        last, more = (some[-1].pk if some else 0), len(some) == ACCOUNTS_AT_ONCE


@check(
    "primary_address_differs",
    of=EmailAddress,
    says=_("The address with which a person logs in is not the one to which their emails go."),
    do=_("Report it. The person can set the address anew in the settings."),
)
def primary_differs(now):
    return EmailAddress.objects.filter(primary=True, verified=True).exclude(email__iexact=F("user__email"))


@check(
    "calendar_of_inactive_account",
    of=CalendarFeed,
    says=_("An account that is closed still has the address of a calendar."),
    do=_("Report it. Nothing is shown there, as the account is not active."),
)
def calendar_of_inactive(now):
    return CalendarFeed.objects.filter(account__is_active=False)


CHECKS = (not_registered, primary_differs, calendar_of_inactive)
