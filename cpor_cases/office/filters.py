"""Filters of the desk's lists."""

import datetime as dt

import django_filters
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters.fields import DateRangeField, RangeField
from django_filters.widgets import SuffixedMultiWidget
from wagtail.admin.filters import WagtailFilterSet

from cpor_cases.mail.bounces import to_bouncing_address
from cpor_cases.models import (
    Activation,
    Application,
    Case,
    CourtLogEntry,
    ImportRun,
    OutgoingMail,
    ProgressEntry,
)
from cpor_cases.models.cases import within_query_period
from cpor_cases.models.log_facts import VIEWS
from cpor_cases.models.mail_kinds import mail_kinds
from cpor_cases.models.merged_cases import with_merged_number
from cpor_core.actors import ActorKind
from cpor_core.case_numbers import spellings_of_word
from cpor_core.formfields import BothCalendarsDateField
from cpor_core.models import Category, Court

from .audit.log_actions import ACTIONS, SECURITY

# The link in the mail is good for seven days; after five without a click something is probably wrong.
UNUSED_FOR = dt.timedelta(days=5)
# How far the desk looks back.
RECENT = dt.timedelta(days=14)


class HorizonFilterSet(WagtailFilterSet):
    """Offers a choice of courts to those who serve at several."""

    court_path = "court"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        courts = Court.objects.for_clerk(self.request.user)
        if courts.count() > 1:
            self.filters["court"] = django_filters.ModelChoiceFilter(
                field_name=self.court_path, queryset=courts, label=_("Court")
            )
            self.filters["court"].parent, self.filters["court"].model = self, self._meta.model


class DayRangeWidget(SuffixedMultiWidget):
    template_name = "wagtailadmin/widgets/range_input.html"
    suffixes = ["from", "to"]

    def __init__(self, attrs=None):
        from_day = forms.TextInput({"placeholder": _("from, e.g. 115/09/24"), "autocomplete": "off"})
        to_day = forms.TextInput({"placeholder": _("to, e.g. 2026-09-30"), "autocomplete": "off"})
        super().__init__((from_day, to_day), attrs)

    def decompress(self, value):
        return [value.start, value.stop] if value else [None, None]


class BothCalendarsRangeField(DateRangeField):
    """From a day to a day, in either calendar."""

    widget = DayRangeWidget

    def __init__(self, *args, **kwargs):
        days = (BothCalendarsDateField(required=False), BothCalendarsDateField(required=False))
        RangeField.__init__(self, days, *args, **kwargs)  # its own parent insists on Gregorian fields


class PeriodFilter(django_filters.DateFromToRangeFilter):
    field_class = BothCalendarsRangeField


def choice(field_name: str, choices, label) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        field_name=field_name,
        choices=choices,
        label=label,
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )


def period(field_name: str, label) -> PeriodFilter:
    return PeriodFilter(field_name=field_name, label=label)


def named_actions() -> list[tuple[str, str]]:
    """The deeds of the house, as the log names them."""
    named = [(f"cpor_cases.{name}", label) for name, (label, _message) in ACTIONS.items()]
    security = [(f"cpor_cases.security.{name}", message) for name, message in SECURITY.items()]
    return [("wagtail.create", _("Record application")), *named, *security]


def clerks_of_applications(user):
    """Who recorded or decided applications within the horizon of `user`."""
    own = Application.objects.for_clerk(user).order_by()
    worked = own.values("recorded_by").union(own.values("decided_by"))
    return get_user_model().objects.filter(pk__in=worked).order_by("last_name", "first_name", "username")


def name_of_clerk(clerk) -> str:
    return clerk.get_full_name() or clerk.username


class ApplicationFilterSet(HorizonFilterSet):
    court_path = "case__court"
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
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["clerk"].label_from_instance = name_of_clerk

    def filter_word(self, applications, name, value):
        return applications.filter(case__word__in=spellings_of_word(value)) if value else applications

    def filter_clerk(self, applications, name, value):
        return applications.filter(Q(recorded_by=value) | Q(decided_by=value)) if value else applications


class CaseFilterSet(HorizonFilterSet):
    category = choice("category", Category.choices, _("Category"))
    hearing = PeriodFilter(method="filter_hearing", label=_("Hearing"))
    query = django_filters.ChoiceFilter(
        method="filter_query",
        label=_("Query"),
        choices=[
            ("open", _("can be followed")),
            ("ending", _("can be followed for two months more at most")),
            ("over", _("query period is over")),
        ],
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )
    merged = django_filters.ChoiceFilter(
        method="filter_merged",
        label=_("Case number"),
        choices=[("again", _("merged once, and came again"))],
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )

    class Meta:
        model = Case
        fields = []

    def filter_hearing(self, cases, name, value):
        if not value:
            return cases
        hearings = ProgressEntry.objects.taking_place()
        if value.start:
            hearings = hearings.filter(hearing_at__gte=value.start)
        if value.stop:
            hearings = hearings.filter(hearing_at__lte=value.stop)
        return cases.filter(pk__in=hearings.for_clerk(self.request.user).values("case"))

    def filter_query(self, cases, name, value):
        followed = cases.within_query_period()
        return {
            "open": followed,
            "ending": followed.exclude(closed_on=None),
            "over": cases.exclude(within_query_period()),
        }.get(value, cases)

    def filter_merged(self, cases, name, value):
        return with_merged_number(cases) if value else cases


class MailFilterSet(HorizonFilterSet):
    state = choice("state", OutgoingMail.State.choices, _("State"))
    kind = choice("kind", mail_kinds, _("Kind"))
    created_at = period("created_at", pgettext_lazy("record", "Created"))
    mending = django_filters.ChoiceFilter(
        method="filter_mending",
        label=_("What to do"),
        choices=[("open", _("could not be delivered, still to be corrected"))],
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


class ImportFilterSet(HorizonFilterSet):
    state = choice("state", ImportRun.State.choices, _("State"))
    source = choice("source", ImportRun.Source.choices, _("Source"))
    rejected = django_filters.ChoiceFilter(
        method="filter_rejected",
        label=_("Rows"),
        choices=[("some", _("with rejected rows"))],
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )
    started_at = period("started_at", _("Started"))

    class Meta:
        model = ImportRun
        fields = []

    def filter_rejected(self, runs, name, value):
        return runs.filter(Q(rows_rejected__gt=0) | Q(state=ImportRun.State.ABORTED)) if value else runs


class AuditFilterSet(HorizonFilterSet):
    actor_kind = choice("actor_kind", ActorKind.choices, _("Who"))
    sort = django_filters.ChoiceFilter(
        method="filter_sort",
        label=_("Actions or views"),
        choices=[("deeds", _("what was done")), ("looks", _("what was looked at"))],
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )
    action = django_filters.ChoiceFilter(
        label=_("What"), choices=named_actions, empty_label=pgettext_lazy("filter", "All")
    )
    timestamp = period("timestamp", _("When"))

    class Meta:
        model = CourtLogEntry
        fields = []

    def filter_sort(self, entries, name, value):
        if not value:
            return entries
        return entries.filter(action__in=VIEWS) if value == "looks" else entries.exclude(action__in=VIEWS)


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
        fields = []

    def filter_state(self, activations, name, value):
        return activations.filter(state_is(value)) if value else activations


def state_is(state: str, at: dt.datetime | None = None) -> Q:
    """The condition under which an activation is in one of the states a clerk tells apart."""
    at = at or timezone.now()
    last_unused = at - UNUSED_FOR + dt.timedelta(days=settings.ACTIVATION_LINK_DAYS)
    asleep = Q(activated_at=None)
    locked = asleep & Q(locked_at__isnull=False)
    unused = asleep & Q(locked_at=None, link_expires_at__lte=last_unused)
    return {
        ActivationFilterSet.STUCK: locked | unused,
        ActivationFilterSet.LOCKED: locked,
        ActivationFilterSet.UNUSED: unused,
        ActivationFilterSet.OPEN: asleep & Q(locked_at=None, link_expires_at__gt=last_unused),
        ActivationFilterSet.DONE: Q(activated_at__isnull=False),
    }[state]
