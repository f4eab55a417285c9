"""What is kept with a case follows from its entries; what is kept with an application, from its case."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cpor_cases.hearings.unclear import unclear_untils
from cpor_cases.models import Application, Case, CourtLogEntry, ProgressEntry
from cpor_cases.query_period import closing_days
from cpor_cases.self_check.check import check
from cpor_core.models.progress_kinds import CHANGES_OF_HEARINGS
from cpor_core.roc_dates import start_of_day
from cpor_core.search_text import COLUMN, SearchText

CASES_AT_ONCE = 2000


def _in_parts(cases, *names: str) -> Iterator[dict[int, tuple]]:
    """Yield some cases at a time, by key, each with some of its values."""
    last, more = 0, True
    while more:
        rows = list(cases.filter(pk__gt=last).order_by("pk").values_list("pk", *names)[:CASES_AT_ONCE])
        if rows:
            yield {pk: tuple(values) for pk, *values in rows}
            last = rows[-1][0]
        more = len(rows) == CASES_AT_ONCE


@check(
    "closing_day",
    of=Case,
    says=_("The day on which a case was closed is not the one that follows from its entries."),
    do=_(
        "If editors have just changed which kinds end online access, wait until the worker has followed. Otherwise report "
        "it: the case is open too long, or not long enough."
    ),
)
def closing_day(now) -> Iterator[int]:
    turning = ProgressEntry.objects.filter(
        Q(kind__ends_query=True) | Q(kind__resumes_query=True), case=OuterRef("pk")
    )
    concerned = Case.objects.filter(Q(closed_on__isnull=False) | Exists(turning))
    for some in _in_parts(concerned, "closed_on"):
        days = closing_days(some)
        yield from (pk for pk, (closed_on,) in some.items() if closed_on != days.get(pk))


@check(
    "unclear_hearing",
    of=Case,
    says=_("Of a case it is noted wrongly whether it is unclear which hearing was moved or called off."),
    do=_("Report it. Until then the court sees the case among those to settle too long, or not at all."),
)
def unclear_hearing(now) -> Iterator[int]:
    """Only what is ahead matters: afterwards it is not kept up to date."""
    today = start_of_day(now)
    changing = ProgressEntry.objects.filter(kind__hearing_effect__in=CHANGES_OF_HEARINGS, case=OuterRef("pk"))
    ahead = ProgressEntry.objects.filter(hearing_at__gte=today, case=OuterRef("pk"))
    concerned = Case.objects.filter(Q(unclear_until__gte=today) | Q(Exists(changing) & Exists(ahead)))
    for some in _in_parts(concerned, "unclear_until"):
        until = unclear_untils(some)
        for pk, (noted,) in some.items():
            if _ahead(noted, today) != _ahead(until.get(pk), today):
                yield pk


def _ahead(moment: dt.datetime | None, today: dt.datetime) -> dt.datetime | None:
    return moment if moment and moment >= today else None


def _not_as_folded(model):
    sources = model._meta.get_field(COLUMN).sources
    return model.objects.exclude(**{COLUMN: SearchText(*sources)})


SEARCH = {
    "says": _("What is searched of a row is not what the row says: a search misses it."),
    "do": _("Report it. Saving the row again in the office corrects it."),
}


@check("search_text_of_case", of=Case, **SEARCH)
def search_text_of_case(now):
    return _not_as_folded(Case)


@check("search_text_of_application", of=Application, **SEARCH)
def search_text_of_application(now):
    return _not_as_folded(Application)


@check("search_text_of_log", of=CourtLogEntry, **SEARCH)
def search_text_of_log(now):
    return _not_as_folded(CourtLogEntry)


OTHER_COURT = {
    "says": _("A row is kept under another court than its case: the wrong clerks see it."),
    "do": _("Report it at once: clerks of one court may see what is another's (rule 8)."),
}


@check("application_of_another_court", of=Application, **OTHER_COURT)
def application_of_another_court(now):
    return Application.objects.exclude(court=F("case__court"))


@check("entry_of_another_court", of=ProgressEntry, **OTHER_COURT)
def entry_of_another_court(now):
    return ProgressEntry.objects.exclude(court=F("case__court"))


CHECKS = (
    closing_day,
    unclear_hearing,
    search_text_of_case,
    search_text_of_application,
    search_text_of_log,
    application_of_another_court,
    entry_of_another_court,
)
