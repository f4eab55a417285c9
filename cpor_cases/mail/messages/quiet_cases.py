"""The mail that says that nothing has been recorded in a case for long, and that this is usual."""

import datetime as dt
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_cases.hearings.of_cases import next_of_cases
from cpor_cases.models import OutgoingMail, ProgressEntry

from .base import Context
from .joint import about_cases, item_of
from .reminders import Reminder, where_to_choose


class QuietCase(Reminder):
    """Not of a case that is closed, has a hearing to come, or in which something has been recorded meanwhile."""

    kind = "quiet_case"
    label = _("nothing recorded for long")
    subject = _("Nothing has been recorded in your case for some time")
    other_subjects = (_("Nothing has been recorded in your cases for some time"),)
    choice_label = _("Tell me when nothing has been recorded in a case for long, where the court does so")

    @classmethod
    def prefetch(cls, mails: list[OutgoingMail]) -> None:
        super().prefetch(mails)
        told = [occasion for mail in mails for occasion in (mail.facts or {})["occasions"]]
        cases = {occasion.access.case_id for occasion in told}
        changes = ProgressEntry.objects.announced().filter(case__in=cases).order_by().values("case")
        moments: Any = changes.annotate(
            seen=Max("first_seen_at"), corrected=Max("corrected_at"), withdrawn=Max("withdrawn_at")
        )
        changed = {
            row["case"]: max(filter(None, (row["seen"], row["corrected"], row["withdrawn"])))
            for row in moments
        }
        facts = {"changed": changed, "coming": next_of_cases(cases)}
        for mail in mails:
            mail.facts = (mail.facts or {}) | facts

    def get_context(self) -> Context | None:
        items = [
            item_of(occasion.access) | {"weeks": (timezone.localdate() - occasion.day).days // 7}
            for occasion in self.facts["occasions"]
            if self._is_quiet(occasion.access.case, occasion.day)
        ]
        if not items:
            return None
        subject = {} if len(items) == 1 else {"subject": str(self.other_subjects[0])}
        return {"items": items} | about_cases(items) | where_to_choose() | subject

    def _is_quiet(self, case, since: dt.date) -> bool:
        changed = self.facts["changed"].get(case.pk)
        return (
            case.court.tells_when_quiet
            and case.closed_on is None
            and case.pk not in self.facts["coming"]
            and (changed is None or timezone.localdate(changed) <= since)
        )
