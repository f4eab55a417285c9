"""Filters of the list of applications."""

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.models import (
    Application,
)
from cpor_core.case_numbers import spellings_of_word
from cpor_core.models import Category
from cpor_core.office.filters import HorizonFilterSet, choice, period


def clerks_of_applications(user):
    """Which members of staff recorded or decided applications within the horizon of `user`."""
    own = Application.objects.for_clerk(user)
    worked = Exists(own.filter(recorded_by=OuterRef("pk"))) | Exists(own.filter(decided_by=OuterRef("pk")))
    # A subquery for each of the few members of staff: there are many more applications.
    staff = get_user_model().objects.filter(pk__in=Group.objects.exclude(user=None).values("user"))
    return staff.filter(worked).order_by("last_name", "first_name", "username")


def name_of_clerk(clerk) -> str:
    return clerk.get_full_name() or clerk.username


class ApplicationFilterSet(HorizonFilterSet):
    status = choice("status", Application.Status.choices, _("State"))
    category = choice("case__category", Category.choices, _("Category"))
    word = django_filters.CharFilter(
        method="filter_word", label=_("Case word"), widget=forms.TextInput({"autocomplete": "off"})
    )
    received_on = period("received_on", _("Received"))
    clerk = django_filters.ModelChoiceFilter(
        method="filter_clerk",
        queryset=lambda request: clerks_of_applications(request.user),
        label=_("Recorded or decided by"),
        empty_label=pgettext_lazy("filter", "All"),
    )

    class Meta:
        model = Application
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["clerk"].label_from_instance = name_of_clerk

    def filter_word(self, applications, name, value):
        return applications.filter(case__word__in=spellings_of_word(value)) if value else applications

    def filter_clerk(self, applications, name, value):
        return applications.filter(Q(recorded_by=value) | Q(decided_by=value)) if value else applications
