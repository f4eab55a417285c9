"""Columns of the list of imports."""

from django.utils import timezone

from cpor_cases.models import ImportRun
from cpor_cases.office.columns import WorkingDaysColumn
from cpor_core.office.working_days import working_days_since


def days_open(run: ImportRun) -> int | None:
    """Return for how many working days something of an import has been missing; None if nothing is."""
    since = run.open_since or run.started_at
    return working_days_since(timezone.localdate(since)) if run.is_to_repair else None


class OpenSinceColumn(WorkingDaysColumn):
    """How long the rejected rows of an import have waited for somebody."""

    def get_value(self, run):
        return days_open(run)
