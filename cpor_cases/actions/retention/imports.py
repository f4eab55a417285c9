"""Rejected rows and incoming files."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, OuterRef

from cpor_cases.models import ImportRun, IncomingFile, Manifest, ManifestDifference, RejectedRow, RunWarning
from cpor_core import conf


def delete_rejected_rows(now: dt.datetime, words: set[str]) -> int:
    """Delete what imports rejected: it holds what the court sent of a case. The counts and the report of reasons stay."""
    before = now - relativedelta(months=conf.KEEP_REJECTED_ROW_MONTHS)
    ImportRun.objects.filter(started_at__lt=before).exclude(file_name="").update(file_name="")
    RunWarning.objects.filter(run__started_at__lt=before).delete()
    return RejectedRow.objects.filter(run__started_at__lt=before).delete()[0]


def delete_manifests(now: dt.datetime, words: set[str]) -> int:
    """Delete manifests with what they found, when it is as old as rejected rows may be; what is open stays."""
    before = now - relativedelta(months=conf.KEEP_REJECTED_ROW_MONTHS)
    is_open = ManifestDifference.objects.open().filter(manifest=OuterRef("pk"))
    old = Manifest.objects.filter(~Exists(is_open), received_at__lt=before)
    return old.delete()[1].get("cpor_cases.Manifest", 0)


def delete_incoming_files(now: dt.datetime | None = None) -> int:
    """Delete files that no clerk has imported in time, and what courts' systems sent long ago; their runs stay on record."""
    return IncomingFile.objects.expired(now).delete()[1].get("cpor_cases.IncomingFile", 0)
