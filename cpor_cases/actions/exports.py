"""Files that somebody takes out of the office: each is logged before it leaves."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from cpor_cases.models import ImportRun
from cpor_cases.permissions import may_enter_office, require_right
from cpor_core.models import Court


@transaction.atomic
def log_audit(courts: Iterable[Court], *, by) -> None:
    """Log at each of the courts in it that somebody fetched the audit as a file."""
    for court in courts:
        require_right(by, "view_courtlogentry", court)
        log(instance=court, action="cpor_cases.court.fetch_audit", user=by)


def log_rejected_rows(run: ImportRun, *, by) -> None:
    """Log that somebody fetched the rows that an import rejected."""
    if run.court is None:
        raise PermissionDenied
    require_right(by, "view_importrun", run.court)
    log(instance=run, action="cpor_cases.import.fetch_rejected", user=by)


def log_list(*, title: str, view: str, format: str, by) -> None:
    """Log that somebody fetched one of Wagtail's own lists, which belongs to no court."""
    if not may_enter_office(by):
        raise PermissionDenied
    log(
        instance=by,
        action="cpor_cases.office.export",
        user=by,
        title=title,
        data={"view": view, "format": format},
    )
