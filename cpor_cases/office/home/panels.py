"""The lists of the first page: what waits for the clerk."""

import datetime as dt
from copy import copy

from django.contrib.auth import get_user_model
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cpor_cases.hearings.of_cases import attach_to_entries, on_day
from cpor_cases.hearings.standing import Hearing
from cpor_cases.hearings.unclear import unclear_entries
from cpor_cases.mail.wording import reason_in_words, with_state_in_words
from cpor_cases.models import (
    Activation,
    Application,
    BouncedAddress,
    Case,
    CourtDelay,
    HearingNotice,
    ImportRun,
    ManifestDifference,
    MergedCase,
    OutgoingMail,
    ProgressEntry,
)
from cpor_cases.models.merged_cases import with_merged_number
from cpor_cases.office.activations.filters import UNUSED_FOR, ActivationFilterSet, state_is
from cpor_cases.office.activations.views import court_of, state_of, with_own_applications
from cpor_cases.office.columns import days_in_words
from cpor_cases.office.hearing_notices.wording import why
from cpor_cases.office.imports.columns import days_open
from cpor_cases.office.mails.filters import awaiting_follow_up
from cpor_cases.office.manifests.views import named
from cpor_cases.permissions import courts_with_rhythm_of
from cpor_core.office.working_days import working_days_since

from .base import OfficePanel

State = OutgoingMail.State
ONE_DAY = dt.timedelta(days=1)


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
        return _("Emails that could not be delivered")

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
        return _("Addresses that cannot receive email")

    def get_rows(self):
        return BouncedAddress.objects.for_clerk(self.clerk).hard()

    def prepare(self, rows):
        """Link each address to the latest mail that did not reach it, whose page offers the actions."""
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
        waiting = waiting.select_related("account").order_by("link_expires_at", "pk")
        return with_own_applications(waiting, self.clerk)

    def prepare(self, rows):
        for activation in rows:
            activation.in_words = state_of(activation)
        return rows

    def court_of(self, row):
        return court_of(row)


class ImportsPanel(OfficePanel):
    name = "imports"
    order = 40
    list_name = "office_imports:index"
    list_query = "?rejected=open&ordering=started_at"

    @property
    def heading(self):
        return _("Imports with rejected rows")

    def get_rows(self):
        """All of which something is missing, the one that has waited longest first."""
        runs = ImportRun.objects.for_clerk(self.clerk).of_files()
        since = Coalesce("open_since", "started_at")
        return runs.to_repair().select_related("court").order_by(since, "pk")

    def prepare(self, rows):
        for run in rows:
            run.days_in_words = days_in_words(days_open(run) or 0)
        return rows

    def get_people(self, rows):
        return []


class DelaysPanel(OfficePanel):
    """The courts whose data has not come at its usual time, for who sees to them: their managers, and operators."""

    name = "delays"
    order = 4
    list_name = "office_rhythms:index"
    is_silent = True

    @property
    def heading(self):
        return _("Data that has not come yet")

    def get_rows(self):
        courts = courts_with_rhythm_of(self.clerk)
        return CourtDelay.objects.going_on().filter(court__in=courts).select_related("court")

    def get_people(self, rows):
        return []


class ManifestsPanel(OfficePanel):
    """For managers: what the court's system holds and the service does not, or the other way round."""

    name = "manifests"
    order = 42
    list_name = "office_manifests:index"
    is_silent = True

    @property
    def heading(self):
        return _("Differences from the court's system")

    def get_rows(self):
        found = ManifestDifference.objects.for_clerk(self.clerk).open().select_related("court")
        return found.order_by("since", "pk")

    def get_people(self, rows):
        return []

    def prepare(self, rows):
        for row in rows:
            row.in_words = named(row)
        return rows


class HearingsPanel(OfficePanel):
    name = "hearings"
    order = 50
    list_name = "office_cases:index"

    @property
    def heading(self):
        return _("Hearings tomorrow")

    @cached_property
    def hearings(self) -> list[tuple[int, Hearing]]:
        """Tomorrow's hearings, each with the key of its case."""
        return on_day(ProgressEntry.objects.for_clerk(self.clerk), self.tomorrow)

    @cached_property
    def count(self) -> int:
        return len(self.hearings)

    def get_rows(self):
        return self.hearings

    def prepare(self, rows):
        """Return the entries that say how each hearing stands, with the people whom news of the case have not reached."""
        entries = ProgressEntry.objects.select_related("case__court", "kind").in_bulk(
            [hearing.said_by for _case, hearing in rows]
        )
        rows = [with_hearing(entries[hearing.said_by], hearing) for _case, hearing in rows]
        notices = HearingNotice.objects.for_clerk(self.clerk).to_telephone().one_each()
        notices = notices.filter(access__case__in=[row.case_id for row in rows])
        unreached = list(notices.select_related("access__application__case", "access__case").order_by("pk"))
        for row in rows:
            row.unreached = [notice for notice in unreached if notice.access.case_id == row.case_id]
        return rows

    def get_people(self, rows):
        return [*rows, *(notice for row in rows for notice in row.unreached)]

    @property
    def tomorrow(self) -> dt.date:
        return timezone.localdate() + ONE_DAY

    def get_list_url(self):
        day = self.tomorrow
        return f"{super().get_list_url()}?hearing_from={day}&hearing_to={day}&ordering=next_hearing_at"


def with_hearing(entry: ProgressEntry, hearing: Hearing) -> ProgressEntry:
    """Return a copy of an entry, which may say how several hearings stand, with one of them."""
    row = copy(entry)
    row.hearing = hearing  # type: ignore[attr-defined]  # read by the panel's template
    return row


class TelephonePanel(OfficePanel):
    """People whom the mail about a hearing moved or called off within days has not reached."""

    name = "telephone"
    order = 5
    list_name = "office_hearing_notices:index"
    is_silent = True

    @property
    def heading(self):
        return _("Tell by telephone: a hearing within days has changed")

    def get_rows(self):
        notices = HearingNotice.objects.for_clerk(self.clerk).to_telephone().one_each()
        related = ("access__case__court", "access__application__case", "access__account")
        return notices.select_related(*related).order_by("hearing_at", "pk")

    def prepare(self, rows):
        for notice in rows:
            notice.why = why(notice)
        return rows


class UnclearHearingsPanel(OfficePanel):
    """Entries that move or call off a hearing without saying which of several."""

    name = "unclear_hearings"
    order = 15
    list_name = "office_cases:index"
    list_query = "?hearing_unclear=yes"
    is_silent = True

    @property
    def heading(self):
        return _("Which hearing is moved or called off?")

    def get_rows(self):
        entries = unclear_entries(ProgressEntry.objects.for_clerk(self.clerk))
        return entries.select_related("case__court", "kind").order_by("-recorded_at", "-pk")

    def prepare(self, rows):
        attach_to_entries(rows)
        return rows


class ComeAgainPanel(OfficePanel):
    """Cases whose number had been merged into another one and came again."""

    name = "come_again"
    order = 45
    list_name = "office_cases:index"
    list_query = "?merged=again"
    is_silent = True

    @property
    def heading(self):
        return _("Merged numbers that came again")

    def get_rows(self):
        merged = MergedCase.objects.for_clerk(self.clerk)
        cases = with_merged_number(Case.objects.for_clerk(self.clerk), merged)
        return cases.select_related("court").order_by("-pk")


PANELS = [
    PendingPanel,
    FailedMailsPanel,
    BouncesPanel,
    ActivationsPanel,
    ImportsPanel,
    ComeAgainPanel,
    UnclearHearingsPanel,
    TelephonePanel,
    HearingsPanel,
]
