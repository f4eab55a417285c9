"""A file that was imported before changes nothing: where that is certain, no row of it is read.

It is certain only if everything that decides what becomes of a row is as it was: the file's bytes, the court whose rows alone
are taken, the courts, words and kinds on record, the version of the rules (all of these are in the digest), and the record
itself: no other import of the court, and no action on one of its cases or entries, since.
"""

import hashlib
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Q

from cpor_cases.models import Case, CourtLogEntry, ImportRun, ProgressEntry, RejectedRow, RunWarning
from cpor_cases.models.log_facts import VIEWS
from cpor_core.models import CaseWord, Court, ProgressKind

# Raise it with every change of what becomes of a row: reading, checks, staging, comparing or storing.
RULES_VERSION = 3
_COPY_REJECTED = f"""
INSERT INTO {RejectedRow._meta.db_table} (run_id, line, code, column_key, parameters, reason, row, case_id)
SELECT %s, line, code, column_key, parameters, reason, row, case_id FROM {RejectedRow._meta.db_table} WHERE run_id = %s
"""  # noqa: S608 (a name of ours)
_COPY_WARNINGS = f"""
INSERT INTO {RunWarning._meta.db_table} (run_id, line, entry_id, code, parameters)
SELECT %s, line, entry_id, code, parameters FROM {RunWarning._meta.db_table} WHERE run_id = %s
"""  # noqa: S608 (a name of ours)


def digest_of(path: Path) -> str:
    """Return the digest of a file together with the reference data and the rules its rows are checked against."""
    digest = hashlib.sha256(f"{RULES_VERSION}\n".encode())
    for rows in (
        Court.objects.order_by("pk").values_list("pk", "code", "name", "tier"),
        CaseWord.objects.order_by("pk").values_list("category", "court_tier", "word"),
        ProgressKind.objects.order_by("pk").values_list("pk", "code", "name", "ends_query", "resumes_query"),
    ):
        digest.update(repr(list(rows)).encode())
    with path.open("rb") as file:
        while block := file.read(1 << 18):
            digest.update(block)
    return digest.hexdigest()


@transaction.atomic
def repeat(run: ImportRun) -> bool:
    """Copy the figures and rejected rows of the run that imported this file before, if nothing has changed since."""
    before = _same_before(run)
    if before is None:
        return False
    with connection.cursor() as cursor:
        for statement in (_COPY_REJECTED, _COPY_WARNINGS):
            cursor.execute(statement, [run.pk, before.pk])
    ImportRun.objects.filter(pk=run.pk).update(
        repeats=before,
        rows_read=before.rows_read,
        rows_rejected=before.rows_rejected,
        rows_unchanged=before.rows_read - before.rows_rejected,
    )
    return True


def _same_before(run: ImportRun) -> ImportRun | None:
    if not run.digest:
        return None
    taken = ImportRun.objects.filter(
        digest=run.digest, court=run.court_id, state=ImportRun.State.DONE, repeats=None
    )
    before = taken.order_by("-pk").first()
    return before if before and not _changed_since(before, but=run) else None


def _changed_since(before: ImportRun, *, but: ImportRun) -> bool:
    """Whether anything may have changed the record of the court (of any, if the file is of several) since that run began."""
    others = ImportRun.objects.filter(repeats=None).exclude(pk__in=[before.pk, but.pk])
    actions = CourtLogEntry.objects.filter(
        timestamp__gte=before.started_at,
        content_type__in=ContentType.objects.get_for_models(Case, ProgressEntry).values(),
    ).exclude(action__in=VIEWS)
    if before.court_id is not None:
        others = others.filter(Q(court=before.court_id) | Q(court=None))
        actions = actions.filter(Q(court=before.court_id) | Q(court=None))
    are_since = Q(ended_at=None) | Q(ended_at__gte=before.started_at) | Q(pk__gt=before.pk)
    return others.filter(are_since).exists() or actions.exists()
