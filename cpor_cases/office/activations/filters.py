"""Filters of the list of activations."""

import datetime as dt

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from cpor_cases.models import (
    Activation,
)
from cpor_core import conf

# A link is valid for seven days; one that is not used after five was probably not received.
UNUSED_FOR = dt.timedelta(days=5)


class ActivationFilterSet(WagtailFilterSet):
    STUCK, LOCKED, UNUSED, OPEN, DONE = "stuck", "locked", "unused", "open", "done"
    STATES = [
        (STUCK, _("locked, or not used after five days")),
        (LOCKED, _("locked after wrong names")),
        (UNUSED, _("not used after five days")),
        (OPEN, _("waiting for the person")),
        (DONE, pgettext_lazy("state", "activated")),
    ]
    state = django_filters.ChoiceFilter(
        method="filter_state",
        choices=STATES,
        label=_("State"),
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )

    class Meta:
        model = Activation
        fields: list[str] = []

    def filter_state(self, activations, name, value):
        return activations.filter(state_is(value)) if value else activations


def state_is(state: str, at: dt.datetime | None = None) -> Q:
    """Return the condition for one of the states of `ActivationFilterSet`."""
    at = at or timezone.now()
    last_unused = at - UNUSED_FOR + dt.timedelta(days=conf.ACTIVATION_LINK_DAYS)
    not_activated = Q(activated_at=None)
    locked = Q(locked_at__isnull=False)
    unused = Q(locked_at=None, link_expires_at__lte=last_unused)
    return {
        # `not_activated` is a condition of its own, so that the database uses its partial index.
        ActivationFilterSet.STUCK: not_activated & (locked | unused),
        ActivationFilterSet.LOCKED: not_activated & locked,
        ActivationFilterSet.UNUSED: not_activated & unused,
        ActivationFilterSet.OPEN: not_activated & Q(locked_at=None, link_expires_at__gt=last_unused),
        ActivationFilterSet.DONE: Q(activated_at__isnull=False),
    }[state]
