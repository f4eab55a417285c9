"""Filters of the list of mails."""

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
from cpor_cases.office.filters import RECENT, HorizonFilterSet, choice, period


class MailFilterSet(HorizonFilterSet):
    state = choice("state", OutgoingMail.State.choices, _("State"))
    kind = choice("kind", mail_kinds, _("Kind"))
    created_at = period("created_at", pgettext_lazy("record", "Created"))
    mending = django_filters.ChoiceFilter(
        method="filter_mending",
        label=_("What to do"),
        choices=[("open", _("could not be delivered, still to be mended"))],
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )

    class Meta:
        model = OutgoingMail
        fields = []

    def filter_mending(self, mails, name, value):
        return awaiting_follow_up(mails) if value else mails


def awaiting_follow_up(mails):
    """Those mails of the last two weeks that could not be delivered and still ask for something: no later one went out,
    somebody waits for it at this court, and the address is not one of those that take no mail (the desk has its own list of these)."""
    later = OutgoingMail.objects.filter(
        kind=OuterRef("kind"), account=OuterRef("account"), court=OuterRef("court"), pk__gt=OuterRef("pk")
    ).exclude(kind__in=[OutgoingMail.Kind.PROGRESS, OutgoingMail.Kind.DIGEST])
    failed = mails.filter(state=OutgoingMail.State.FAILED, ended_at__gte=timezone.now() - RECENT)
    return failed.awaited().filter(~Exists(later)).exclude(to_bouncing_address())
