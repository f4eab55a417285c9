"""What clerks say of rejected rows that do not come in corrected: why not. It can be taken back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cpor_cases.intake import repairs
from cpor_cases.models import ImportRun
from cpor_cases.permissions import require_right
from cpor_core.models import Court

RIGHT = "add_importrun"


@transaction.atomic
def answer(run: ImportRun, *, code: str | None = None, answer: str, note: str = "", by) -> int:
    """Say why the rejected rows of an import do not come in corrected: those of one `code`, or all of which nobody has
    said it yet; return of how many reasons that was said."""
    run = _locked(run, by)
    groups = run.rejection_groups.unanswered()
    if code is not None:
        groups = groups.filter(code=code)
    codes = list(groups.values_list("code", flat=True))
    groups.update(answer=answer, note=note, answered_by=by, answered_at=timezone.now())
    if codes:
        log(instance=run, action="cpor_cases.import.answer", user=by, data={"codes": codes, "answer": answer})
        _settle(run)
    return len(codes)


@transaction.atomic
def take_back_answer(run: ImportRun, *, code: str, by) -> bool:
    """Take back what was said of the rows of one code: they are work again; return False if somebody else has."""
    run = _locked(run, by)
    answered = run.rejection_groups.answered().filter(code=code)
    if not answered.update(answer="", note="", answered_by=None, answered_at=None):
        return False
    log(instance=run, action="cpor_cases.import.take_back_answer", user=by, data={"codes": [code]})
    run.settled_at = None
    if not _is_whole(run):
        run.repaired_at = None
    run.save(update_fields=["settled_at", "repaired_at"])
    return True


def _locked(run: ImportRun, by) -> ImportRun:
    """Return the run, which nobody else changes until the transaction ends. An import of the court waits, too: it may
    repair the run."""
    if run.court is None:
        raise PermissionDenied
    require_right(by, RIGHT, run.court)
    Court.objects.select_for_update(no_key=True).get(pk=run.court.pk)
    return ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)


def _settle(run: ImportRun) -> None:
    if run.settled_at is None and run.repaired_at is None and _is_whole(run):
        run.settled_at = timezone.now()
        run.save(update_fields=["settled_at"])


def _is_whole(run: ImportRun) -> bool:
    """Whether nothing is missing: each reason was answered for, or the rest of the rows has come in since."""
    if not run.rejection_groups.unanswered().exists():
        return True
    # of rows that are deleted by now it cannot be known whether they have come in
    are_known = run.rejected_rows.exists()
    return are_known and repairs.whole(ImportRun.objects.filter(pk=run.pk)).exists()
