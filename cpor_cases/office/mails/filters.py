"""Filters of the list of mails."""

import datetime as dt

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.mail.bounces import to_bouncing_address
from cpor_cases.models import (
    OutgoingMail,
)
from cpor_cases.models.mail_kinds import mail_kinds
from cpor_core.office.filters import HorizonFilterSet, choice, period

# The first page and its lists cover the last two weeks.
RECENT = dt.timedelta(days=14)


class MailFilterSet(HorizonFilterSet):
    state = choice("state", OutgoingMail.State.choices, _("State"))
    kind = choice("kind", mail_kinds, _("Kind"))
    created_at = period("created_at", pgettext_lazy("record", "Created"))
    follow_up = django_filters.ChoiceFilter(
        method="filter_follow_up",
        label=_("What to do"),
        choices=[("open", _("could not be delivered, still to be corrected"))],
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )

    class Meta:
        model = OutgoingMail
        fields: list[str] = []

    def filter_follow_up(self, mails, name, value):
        return awaiting_follow_up(mails) if value else mails


def awaiting_follow_up(mails):
    """Return the failed mails of the last two weeks that a clerk should follow up: no later mail of the kind was sent,
    somebody at this court waits for it, and the address does not bounce (these have a list of their own)."""
    later = OutgoingMail.objects.filter(
        kind=OuterRef("kind"), account=OuterRef("account"), court=OuterRef("court"), pk__gt=OuterRef("pk")
    ).exclude(kind__in=[OutgoingMail.Kind.PROGRESS, OutgoingMail.Kind.DIGEST])
    failed = mails.filter(state=OutgoingMail.State.FAILED, ended_at__gte=timezone.now() - RECENT)
    return failed.awaited().filter(~Exists(later)).exclude(to_bouncing_address())
