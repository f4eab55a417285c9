"""Imports end, and their counts are those of their rows."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cpor_cases.models import ImportRun, IncomingFile, IncomingFilePart, ProgressEntry, RejectedRow
from cpor_cases.self_check.check import check
from cpor_core import conf

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
State = ImportRun.State


def _count_of(rows, of: str) -> Coalesce:
    counted = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)


@check(
    "import_rejected_rows",
    of=ImportRun,
    says=_("An import has another number of rejected rows than it says."),
    do=_("Report it with the number of the import: rows may be missing without anybody noticing."),
)
def rejected_rows(now):
    """Those that are deleted after some months are not missed."""
    kept_since = now - relativedelta(months=conf.KEEP_REJECTED_ROW_MONTHS) + DAY
    runs = ImportRun.objects.filter(started_at__gte=kept_since)
    concerned = runs.filter(Q(rows_rejected__gt=0) | Exists(RejectedRow.objects.filter(run=OuterRef("pk"))))
    return concerned.alias(kept=_count_of(RejectedRow.objects, "run")).exclude(kept=F("rows_rejected"))


@check(
    "import_entries",
    of=ImportRun,
    says=_("More entries were last changed by an import than it says it changed."),
    do=_("Report it with the number of the import."),
)
def entries(now):
    """Fewer are none: a later import changes some of them again."""
    counted = F("rows_created") + F("rows_changed") + F("rows_withdrawn")
    return ImportRun.objects.alias(own=_count_of(ProgressEntry.objects, "changed_in")).filter(own__gt=counted)


@check(
    "import_without_file",
    of=ImportRun,
    says=_("An import waits, and there is no file that a worker could import."),
    do=_("Report it, and ask the court to send the same again."),
)
def without_file(now):
    content = IncomingFilePart.objects.filter(file=OuterRef("pk"))
    files = IncomingFile.objects.in_work().filter(Exists(content), run=OuterRef("pk"))
    return ImportRun.objects.filter(~Exists(files), state=State.WAITING)


@check(
    "import_without_heartbeat",
    of=ImportRun,
    says=_("An import is said to be running, but it has given no heartbeat for hours."),
    do=_("See whether the worker runs (WorkerGone, ImportWaits in docs/runbook.md); then report it."),
)
def without_heartbeat(now):
    return ImportRun.objects.filter(state=State.RUNNING, heartbeat_at__lt=now - 3 * HOUR)


@check(
    "file_after_import",
    of=IncomingFile,
    says=_("A file is said to be being imported, and its import has ended."),
    do=_("Report it with the number of the import. The court's later files wait for this one."),
)
def file_after_import(now):
    return IncomingFile.objects.filter(state=IncomingFile.State.IMPORTING, run__ended_at__lt=now - HOUR)


CHECKS = (rejected_rows, entries, without_file, without_heartbeat, file_after_import)
