"""Merging a case that was recorded under a wrong number into the right one."""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cpor_cases.hearings.unclear import keep_unclear
from cpor_cases.intake.columns import CASE_TEXTS
from cpor_cases.mail import notifications, outbox
from cpor_cases.models import (
    Application,
    Case,
    CaseAccess,
    CourtLogEntry,
    ImportRun,
    MergedCase,
    ProgressEntry,
)
from cpor_cases.permissions import require_right
from cpor_cases.query_period import keep_closing_days
from cpor_core.models import Court

from .access_merging import join_doubles
from .merge_plan import MergePlan


class NotMergeable(Exception):
    """The two cases cannot become one; `obstacles` are sentences that say why."""

    def __init__(self, obstacles: list[str]):
        super().__init__(" ".join(obstacles))
        self.obstacles = obstacles


@transaction.atomic
def merge(*, dropped: Case, kept: Case, by, now: dt.datetime | None = None) -> Case:
    """Merge `dropped`, recorded by mistake, into `kept`; entries, accesses, applications and mails follow.

    A person who followed both keeps the earlier access, with the notes of both. Each person gets at most one mail:
    followers of the dropped case that a case was added, followers of the kept one that it has news, if it has.
    Raises NotMergeable, or Case.DoesNotExist if one of them is gone.
    """
    now = now or timezone.now()
    dropped, kept = _locked(dropped, kept)
    require_right(by, "change_case", dropped.court)
    require_right(by, "change_case", kept.court)
    plan = MergePlan(dropped, kept)
    if plan.obstacles:
        raise NotMergeable(plan.obstacles)

    newcomers = plan.newcomers
    run = _move_entries(plan, by, now) if plan.has_news else None
    ProgressEntry.objects.filter(case=dropped).update(case=kept)
    keep_closing_days([kept.pk])
    keep_unclear([kept.pk])
    join_doubles(plan, by, now)
    if run:
        notifications.progress(run, [kept.pk])
        outbox.release_progress_mails(run, now)
    dropped.applications.update(case=kept, court=kept.court)
    dropped.accesses.update(case=kept)
    dropped.rejected_rows.update(case=kept)
    _tell_newcomers(newcomers)
    _keep_record(dropped, kept, by, now)
    dropped.delete()
    return kept


def _locked(dropped: Case, kept: Case) -> tuple[Case, Case]:
    """Lock court, applications, accesses and cases, in the order in which imports and other actions lock them."""
    both = [dropped.pk, kept.pk]
    courts = Court.objects.filter(pk__in=[dropped.court_id, kept.court_id]).order_by("pk")
    list(courts.select_for_update(no_key=True).values_list("pk"))
    for rows in (Application.objects, CaseAccess.objects):
        list(rows.filter(case__in=both).order_by("pk").select_for_update().values_list("pk"))
    cases = {case.pk: case for case in Case.objects.filter(pk__in=both).order_by("pk").select_for_update()}
    if not {*both} <= {*cases}:
        raise Case.DoesNotExist
    return cases[dropped.pk], cases[kept.pk]


def _move_entries(plan: MergePlan, by, now: dt.datetime) -> ImportRun:
    """Move the published entries: each counts as corrected, by an import run of its own."""
    standing = ProgressEntry.objects.standing().filter(case=plan.dropped)
    count = standing.count()
    run = ImportRun.objects.create(
        source=ImportRun.Source.TYPED,
        court=plan.kept.court,
        started_by=by,
        state=ImportRun.State.DONE,
        ended_at=now,
        rows_read=count,
        rows_changed=count,
    )
    standing.update(case=plan.kept, corrected_at=now, changed_in=run)
    return run


def _tell_newcomers(newcomers: list[CaseAccess]) -> None:
    keys = [access.pk for access in newcomers]
    told = CaseAccess.objects.filter(pk__in=keys, account__is_active=True)
    told = told.filter(case__in=Case.objects.within_query_period()).select_related("account", "case__court")
    for access in told.order_by("pk"):
        notifications.case_added(access)


def _keep_record(dropped: Case, kept: Case, by, now: dt.datetime) -> None:
    """Give the log of the dropped case to the kept one, and record that its number leads there."""
    content_type = ContentType.objects.get_for_model(Case)
    CourtLogEntry.objects.filter(content_type=content_type, object_id=str(dropped.pk)).update(
        object_id=str(kept.pk)
    )
    MergedCase.objects.filter(case=dropped).update(case=kept)
    MergedCase.objects.create(
        court=dropped.court,
        category=dropped.category,
        year=dropped.year,
        word=dropped.word,
        number=dropped.number,
        public_id=dropped.public_id,
        former_key=dropped.pk,
        case=kept,
        merged_at=now,
        merged_by=by,
    )
    missing = [column.key for column in CASE_TEXTS if not getattr(kept, column.key)]
    if missing:
        Case.objects.filter(pk=kept.pk).update(**{name: getattr(dropped, name) for name in missing})
    data = {"merged_number": str(dropped.full_number), "into_number": str(kept.full_number)}
    log(instance=kept, action="cpor_cases.case.merge", user=by, data=data)
