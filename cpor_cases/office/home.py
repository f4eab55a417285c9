"""The desk: what waits for the clerk, on the admin's first page."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncWeek
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin.ui.components import Component
from wagtail.permissions import page_permission_policy

from cpor_cases.actions import viewing
from cpor_cases.mail.wording import reason_in_words, with_state_in_words
from cpor_cases.models import (
    Activation,
    Application,
    BouncedAddress,
    Case,
    ImportRun,
    OutgoingMail,
    ProgressEntry,
)
from cpor_cases.models.merged_cases import with_merged_number
from cpor_cases.permissions import is_clerk, oversees_courts
from cpor_core.models import Court
from cpor_core.office.charts import BarChart, Series
from cpor_core.office.working_days import working_days_since
from cpor_core.roc_dates import month_in_both_calendars

from .activations.filters import UNUSED_FOR, ActivationFilterSet, state_is
from .activations.views import court_of, state_of, with_own_applications
from .filters import RECENT
from .mails.filters import awaiting_follow_up
from .reports.figures import SIDE_BY_SIDE
from .reports.scope import Scope

State = OutgoingMail.State
ROWS_SHOWN = 8
WEEKS_SHOWN = 8
ONE_DAY = dt.timedelta(days=1)


class OfficePanel(Component):
    """One list of what waits: the first rows, how many there are, and the way to all of them."""

    name = ""
    order = 100
    heading = ""
    nothing = ""
    list_name = ""
    list_query = ""
    is_silent = False  # nothing is said of it while there is nothing

    @property
    def template_name(self):
        return f"cpor_cases/office/home/{self.name}.html"

    def __init__(self, clerk, *, names_court: bool = False):
        self.clerk, self.names_court = clerk, names_court

    def get_rows(self):
        raise NotImplementedError

    def prepare(self, rows) -> list:
        return list(rows)

    @cached_property
    def count(self) -> int:
        """How many there are: said above all lists, and again above this one."""
        return self.get_rows().count()

    @property
    def anchor(self) -> str:
        return f"office-{self.name}"

    def get_context_data(self, parent_context):
        rows = self.prepare(self.get_rows()[:ROWS_SHOWN])
        request = parent_context["request"]
        viewing.show_rows(
            request, self.get_people(rows), title=gettext_lazy("First page"), court_of=self.court_of
        )
        return {
            "panel": self,
            "count": self.count,
            "rows": rows,
            "list_url": self.get_list_url(),
            "names_court": self.names_court,
            "request": request,
        }

    def get_people(self, rows) -> list:
        """The rows that go on record as viewed."""
        return rows

    def court_of(self, row) -> int | None:
        return viewing.court_id_of(row)

    def get_list_url(self) -> str:
        """The way to the list of just these rows."""
        return f"{reverse(self.list_name)}{self.list_query}"


class PendingPanel(OfficePanel):
    name = "pending"
    order = 10
    list_name = "office_applications:index"
    list_query = "?status=pending&ordering=received_on"

    @property
    def heading(self):
        return _("Applications to decide")

    def get_rows(self):
        pending = Application.objects.for_clerk(self.clerk).pending()
        return pending.select_related("case__court", "role").order_by("received_on", "pk")

    def prepare(self, rows):
        rows = list(rows)
        for application in rows:
            application.days = working_days_since(application.received_on)
        return rows


class FailedMailsPanel(OfficePanel):
    name = "mails"
    order = 20
    list_name = "office_mails:index"
    list_query = "?follow_up=open"

    @property
    def heading(self):
        return _("Mails that could not be delivered")

    def get_rows(self):
        failed = awaiting_follow_up(OutgoingMail.objects.for_clerk(self.clerk))
        return failed.select_related("access__case").order_by("-ended_at")

    def prepare(self, rows):
        return with_state_in_words(rows)


class BouncesPanel(OfficePanel):
    name = "bounces"
    order = 25
    list_name = "office_mails:index"
    list_query = "?state=stopped"

    @property
    def heading(self):
        return _("Addresses that take no mail")

    def get_rows(self):
        return BouncedAddress.objects.for_clerk(self.clerk).hard()

    def prepare(self, rows):
        """Lead each address to the latest mail it did not get: its page says what can be done."""
        rows = list(rows)
        unsent = OutgoingMail.objects.for_clerk(self.clerk).filter(
            state__in=[State.FAILED, State.STOPPED],
            account__in=owners_of(rows),
            address__in=[each.address for each in rows],
        )
        latest = {mail.address: mail for mail in unsent.order_by("pk")}
        for bounced in rows:
            bounced.mail = latest.get(bounced.address)
            bounced.in_words = reason_in_words(bounced.answer)
        return rows

    def get_people(self, rows):
        return [bounced.mail for bounced in rows if bounced.mail]


def owners_of(rows):
    addresses = [bounced.address for bounced in rows]
    return get_user_model().objects.filter(own_addresses__address__in=addresses)


class ActivationsPanel(OfficePanel):
    name = "activations"
    order = 30
    list_name = "office_activations:index"
    list_query = f"?state={ActivationFilterSet.STUCK}"

    @property
    def heading(self):
        return _("Activation links locked or not used after %(days)d days") % {"days": UNUSED_FOR.days}

    def get_rows(self):
        waiting = Activation.objects.for_clerk(self.clerk).filter(state_is(ActivationFilterSet.STUCK))
        return waiting.select_related("account").order_by("link_expires_at", "pk")

    def prepare(self, rows):
        rows = list(with_own_applications(rows, self.clerk))
        for activation in rows:
            activation.in_words = state_of(activation)
        return rows

    def court_of(self, row):
        return court_of(row)


class ImportsPanel(OfficePanel):
    name = "imports"
    order = 40
    list_name = "office_imports:index"

    @property
    def heading(self):
        return _("Imports with rejected rows")

    def get_rows(self):
        runs = ImportRun.objects.for_clerk(self.clerk).of_files()
        faulty = runs.filter(Q(rows_rejected__gt=0) | Q(state=ImportRun.State.ABORTED))
        since = timezone.make_aware(dt.datetime.combine(self.first_day, dt.time()))
        return faulty.filter(started_at__gte=since).select_related("court")

    def get_people(self, rows):
        return []

    @property
    def first_day(self) -> dt.date:
        return timezone.localdate() - RECENT

    def get_list_url(self):
        return f"{super().get_list_url()}?rejected=some&started_at_from={self.first_day}"


class HearingsPanel(OfficePanel):
    name = "hearings"
    order = 50
    list_name = "office_cases:index"

    @property
    def heading(self):
        return _("Hearings tomorrow")

    def get_rows(self):
        midnight = timezone.make_aware(dt.datetime.combine(self.tomorrow, dt.time()))
        hearings = ProgressEntry.objects.for_clerk(self.clerk).taking_place()
        hearings = hearings.filter(hearing_at__gte=midnight, hearing_at__lt=midnight + ONE_DAY)
        return hearings.select_related("case__court", "kind").order_by("hearing_at")

    @property
    def tomorrow(self) -> dt.date:
        return timezone.localdate() + ONE_DAY

    def get_list_url(self):
        day = self.tomorrow
        return f"{super().get_list_url()}?hearing_from={day}&hearing_to={day}&ordering=next_hearing_at"


class ComeAgainPanel(OfficePanel):
    """Numbers merged away as slips that have come again: a court's file, or a second slip."""

    name = "come_again"
    order = 45
    list_name = "office_cases:index"
    list_query = "?merged=again"
    is_silent = True

    @property
    def heading(self):
        return _("Merged numbers that came again")

    def get_rows(self):
        cases = with_merged_number(Case.objects.for_clerk(self.clerk))
        return cases.select_related("court").order_by("-pk")


class WeeksPanel(Component):
    """How much comes and goes: applications and mails of the last weeks, each drawn and as a table."""

    name = "weeks"
    order = 60
    template_name = "cpor_cases/office/home/weeks.html"

    def __init__(self, clerk):
        self.clerk = clerk

    def get_context_data(self, parent_context):
        return {"charts": [self.applications(), self.mails()]}

    def applications(self) -> BarChart:
        rows = Application.objects.for_clerk(self.clerk)
        series = [
            Series(_("Applications received"), by_week(rows, "received_on")),
            Series(_("Applications decided"), by_week(rows, "decided_at")),
        ]
        return BarChart(_("Applications by week"), _("Week from"), series)

    def mails(self) -> BarChart:
        rows = OutgoingMail.objects.for_clerk(self.clerk)
        series = [
            Series(pgettext("mail", "sent"), by_week(rows.filter(state=OutgoingMail.State.SENT), "ended_at")),
            Series(
                _("could not be delivered"), by_week(rows.filter(state=OutgoingMail.State.FAILED), "ended_at")
            ),
        ]
        return BarChart(_("Mails by week"), _("Week from"), series)


def by_week(rows, field_name: str) -> list[tuple[str, int]]:
    """Return how many rows fall in each of the last weeks, by the week's Monday, in one question."""
    today = timezone.localdate()
    this_monday = today - dt.timedelta(days=today.weekday())
    mondays = [this_monday - dt.timedelta(weeks=week) for week in reversed(range(WEEKS_SHOWN))]
    is_moment = isinstance(rows.model._meta.get_field(field_name), models.DateTimeField)
    first = timezone.make_aware(dt.datetime.combine(mondays[0], dt.time())) if is_moment else mondays[0]
    since = rows.filter(**{f"{field_name}__gte": first})
    weeks = since.annotate(week=TruncWeek(field_name, output_field=models.DateField()))
    # Rows, not keys: so that an index which has no key is enough.
    counted = dict(weeks.order_by().values_list("week").annotate(count=models.Count("*")))
    return [(f"{monday:%m/%d}", counted.get(monday, 0)) for monday in mondays]


class ServicePanel(Component):
    """What a month comes to at all courts, for who watches over the service and serves at none: figures, no rows."""

    name = "service"
    order = 10
    template_name = "cpor_cases/office/home/service.html"

    def get_context_data(self, parent_context):
        month = timezone.localdate().replace(day=1)
        [counts] = SIDE_BY_SIDE.counts(Scope(Court.objects.all(), month, month), [month])
        address = reverse("office_reports:courts")
        figures = [
            {
                "heading": figure.heading,
                "in_words": figure.in_words(counts),
                "url": f"{address}?ordering=-{figure.key}",
            }
            for figure in SIDE_BY_SIDE.figures
        ]
        return {"month": month_in_both_calendars(month), "figures": figures}


class NoPostPanel(Component):
    """What a clerk reads who serves at no court yet, or no more."""

    name = "no_post"
    order = 10
    template_name = "cpor_cases/office/home/no_court.html"


PANELS = [
    PendingPanel,
    FailedMailsPanel,
    BouncesPanel,
    ActivationsPanel,
    ImportsPanel,
    ComeAgainPanel,
    HearingsPanel,
]


def lay_out(request, panels: list) -> None:
    """Put the desk before everything else for whoever works at it; nobody else sees any of it."""
    if not is_clerk(request.user):
        return
    own = Court.objects.for_clerk(request.user).count()
    if not own and oversees_courts(request.user):
        panels.append(ServicePanel())
    elif not own:
        panels.append(NoPostPanel())
    else:
        names_court = own > 1
        panels.extend(panel(request.user, names_court=names_court) for panel in PANELS)
        panels.append(WeeksPanel(request.user))


def clear_menu(request, menu_items: list) -> None:
    """Take Wagtail's own help, which is about pages, from whoever has no pages to edit."""
    if is_clerk(request.user) and not page_permission_policy.explorable_root_instance(request.user):
        menu_items[:] = [item for item in menu_items if item.name != "help"]
