"""The progress of the worker with a file."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _

from cpor_cases.models import ImportRun, IncomingFile
from cpor_core.office.progress_bar import ProgressBar


def progress_of_run(run: ImportRun) -> ProgressBar:
    """Return the progress of an import: reading and checking is its first half, storing the second."""
    total = _rows_expected(run)
    if not total:
        percent = None
    elif run.rows_done <= run.rows_rejected:
        percent = min(50, 50 * run.rows_read // total)
    else:
        percent = min(100, 50 + 50 * run.rows_done // total)
    return ProgressBar(
        _sentence(run, total), reverse("office_imports:progress", args=[run.pk]), percent, not run.is_running
    )


def _rows_expected(run: ImportRun) -> int:
    """Return how many rows there are: the dry run has counted them; without one it is known when all are read."""
    counted = IncomingFile.objects.filter(run=run).values_list("rows_read", flat=True).first()
    return counted or (run.rows_read if run.rows_done > run.rows_rejected else 0)


def _sentence(run: ImportRun, total: int) -> str:
    done = run.rows_done if run.rows_done > run.rows_rejected else 0
    if not done:
        return _("%(count)s rows read and checked") % {"count": intcomma(run.rows_read)}
    return _("%(count)s of %(all)s rows imported") % {"count": intcomma(done), "all": intcomma(total)}


def progress_of_upload(upload: IncomingFile) -> ProgressBar:
    url = reverse("office_imports:upload_progress", args=[upload.pk])
    if upload.state == IncomingFile.State.IMPORTING:
        return ProgressBar(_why_it_has_not_begun(upload), url, None, upload.has_run_begun)
    sentence = _("%(count)s rows read and checked") % {"count": intcomma(upload.rows_read)}
    return ProgressBar(sentence, url, None, not upload.is_in_work)


def _why_it_has_not_begun(upload: IncomingFile) -> str:
    if ImportRun.objects.of_files().filter(court=upload.court, state=ImportRun.State.RUNNING).exists():
        return _("Another file of this court is being imported; this one comes next.")
    return _("The worker is about to begin.")
