"""Manifests of courts' systems: kept when they come, compared by a worker once all is stored that was sent before them."""

import datetime as dt
import logging
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from huey.contrib.djhuey import db_task
from wagtail.log_actions import log

from cpor_cases.mail import notifications
from cpor_cases.manifests import comparison, reading, results
from cpor_cases.manifests.reading import Stated
from cpor_cases.models import ApiToken, ImportRun, Manifest, ManifestPart
from cpor_cases.permissions import managers_of, require_right
from cpor_core.models import Court
from cpor_core.task_queue import enqueue_on_commit

logger = logging.getLogger(__name__)
RIGHT = "view_manifestdifference"
ROWS_A_PART = 2000
DEAD_AFTER = dt.timedelta(minutes=30)  # a comparison takes seconds


class OtherBody(Exception):
    """The same Idempotency-Key came with another body before."""


class NoRows(Exception):
    """There is no row in the manifest."""


def accept(
    path: Path,
    *,
    court: Court,
    token: ApiToken | None = None,
    key: str = "",
    is_complete: bool = False,
    row_count: int | None = None,
    by=None,
) -> Manifest:
    """Read a manifest, keep it for a worker, and return it; that of an earlier call with the same key and body, if there is
    one. `by` is the manager who hands in a file in the office. Raises UnreadableFile or NoRows, nothing being kept, or
    OtherBody."""
    if by is not None:
        require_right(by, RIGHT, court)
    stated = reading.read(path, court, row_count)
    if not stated.rows:
        raise NoRows
    try:
        return _keep(stated, court, token, key, is_complete, by)
    except IntegrityError:
        earlier = Manifest.objects.get(token=token, idempotency_key=key)
    if earlier.digest != stated.digest:
        raise OtherBody
    return earlier


@transaction.atomic
def _keep(stated: Stated, court: Court, token: ApiToken | None, key: str, is_complete: bool, by) -> Manifest:
    manifest = Manifest.objects.create(
        court=court,
        token=token,
        started_by=by,
        idempotency_key=key,
        digest=stated.digest,
        by=stated.by or Manifest.By.CASE,
        is_detailed=stated.is_detailed,
        is_complete=is_complete and not stated.is_detailed,
        last_import=ImportRun.objects.aggregate(last=Max("pk"))["last"] or 0,
        stated=len({row[0] for row in stated.rows}) if stated.is_detailed else len(stated.rows),
    )
    for number, start in enumerate(range(0, len(stated.rows), ROWS_A_PART)):
        rows = stated.rows[start : start + ROWS_A_PART]
        ManifestPart.objects.create(manifest=manifest, number=number, rows=rows)
    if by is not None:
        log(instance=court, action="cpor_cases.court.manifest", user=by, data={"rows": len(stated.rows)})
    enqueue_on_commit(compare_waiting)
    return manifest


def waits_for(manifest: Manifest) -> QuerySet[ImportRun]:
    """Return the imports of the court that were accepted before a manifest and have not ended."""
    unfinished = ImportRun.objects.unfinished().concerning([manifest.court_id])
    return unfinished.filter(pk__lte=manifest.last_import)


@db_task()
def compare_waiting() -> None:
    """Compare each manifest for which nothing has to be waited any more; the clock comes again for the others."""
    for manifest in Manifest.objects.filter(state=Manifest.State.WAITING).order_by("pk"):
        if not waits_for(manifest).exists() and _claim(manifest):
            compare(manifest)


def _claim(manifest: Manifest, now: dt.datetime | None = None) -> bool:
    """Whether this worker may compare it: no other has begun, or the one that had is dead."""
    now = now or timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - DEAD_AFTER)
    waiting = Manifest.objects.filter(free, pk=manifest.pk, state=Manifest.State.WAITING)
    return bool(waiting.update(claimed_at=now))


def compare(manifest: Manifest, now: dt.datetime | None = None) -> None:
    """Compare a manifest with the record, keep what differs, and tell the court's managers of what is found for the first
    time: the same difference again each day is no news."""
    now = now or timezone.now()
    results.forget(manifest)
    left_out, skipped, equal = comparison.not_comparable(manifest), 0, 0
    for some in comparison.compare(manifest):
        comparable = [result for result in some if result.group.key not in left_out]
        results.keep(manifest, comparable, now)
        skipped += len(some) - len(comparable)
        equal += sum(result.is_equal for result in comparable)
    left_out |= (later := comparison.not_comparable(manifest) - left_out)
    skipped += results.leave_out(manifest, later)
    with transaction.atomic():
        results.end(manifest, equal=equal, left_out=skipped, but=left_out, now=now)
        if manifest.differences.filter(since=now).exists():
            notifications.manifest_differs(manifest, managers_of(manifest.court))
    facts = {"court": manifest.court.code, "count": manifest.differences.count()}
    logger.info("manifest %s was compared", manifest.pk, extra=facts)
