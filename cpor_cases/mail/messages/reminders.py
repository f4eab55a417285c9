"""The reminders of hearings and of the last days on which cases can be followed. One mail covers all that are near."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_cases.hearings.advice import kinds_of_hearings
from cpor_cases.hearings.of_cases import of_cases
from cpor_cases.hearings.standing import Hearing, is_ahead
from cpor_cases.mail import links
from cpor_cases.models import Occasion, OutgoingMail
from cpor_cases.models.case_accesses import CaseAccessQuerySet
from cpor_core import conf
from cpor_core.models import Court, HearingAdvice
from cpor_core.models.hearing_advice import advice_for

from .base import Context
from .joint import JointMessage, about_cases, item_of


class Reminder(JointMessage):
    """The base of the reminders: only of cases that the person still wants reminders of."""

    can_be_switched_off = True

    @classmethod
    def wanted(cls, accesses: CaseAccessQuerySet) -> CaseAccessQuerySet:
        return accesses.with_mail_choices().filter(is_reminded=True)


def where_to_choose() -> Context:
    """Return where the reader chooses which reminders come."""
    return {"settings_url": links.to_page("cpor_cases:settings")}


class HearingReminder(Reminder):
    kind = "hearing_reminder"
    label = _("reminder of a hearing")
    subject = _("A hearing in your case is near")
    other_subjects = (_("Hearings in your cases are near"),)

    @classmethod
    def prefetch(cls, mails: list[OutgoingMail]) -> None:
        super().prefetch(mails)
        told = [occasion for mail in mails for occasion in (mail.facts or {})["occasions"]]
        hearings = of_cases({occasion.access.case_id for occasion in told})
        courts = {occasion.access.case.court_id for occasion in told}
        facts = {
            "hearings": hearings,
            "kinds": kinds_of_hearings(hearings.values()),
            "advice": list(HearingAdvice.objects.of_courts(courts).select_related("kind")),
        }
        for mail in mails:
            mail.facts = (mail.facts or {}) | facts

    def get_context(self) -> Context | None:
        days: dict[dt.date, list[dict]] = {}
        advice: dict[tuple, dict] = {}
        for occasion in self.facts["occasions"]:
            if hearings := list(self._hearings(occasion)):
                access: Any = occasion.access  # with annotations
                shown = hearings if access.shows_entry else []
                of_case = item_of(access) | {
                    "hearings": [{"at": each.at, "courtroom": each.courtroom} for each in shown]
                }
                days.setdefault(occasion.day, []).append(of_case)
                advice |= self._advice(access.case.court, shown)
        if not days:
            return None
        items = [item for of_day in days.values() for item in of_day]
        told = [{"days": (day - timezone.localdate()).days, "items": of_day} for day, of_day in days.items()]
        subject = {} if len(items) == 1 else {"subject": str(self.other_subjects[0])}
        said = {"advice": list(advice.values()), "names_courts": len(advice) > 1}
        return {"told": told} | said | about_cases(items) | where_to_choose() | subject

    def _advice(self, court: Court, hearings: list[Hearing]) -> dict[tuple, dict]:
        """Return what is said of coming to a court: once for hearings of which the same is said. Where mails are not to show
        the entry, no hearing is given, and what is said does not tell its kind."""
        said: dict[tuple, dict] = {}
        no_kinds: list[int] = []
        for kinds in [self.facts["kinds"].get(hearing.key, []) for hearing in hearings] or [no_kinds]:
            parts = advice_for(self.facts["advice"], court=court.pk, kinds=kinds)
            place = {name: str(getattr(court, name)) for name in ("address", "map_url", "phone", "website")}
            place["in_words"] = links.host_in_words(court.website) if links.are_in_words() else ""
            of_kind = next((str(row.kind) for row in self.facts["advice"] if row.kind_id in kinds), "")
            heading = " · ".join(filter(None, [str(court), of_kind]))
            said[court.pk, *parts.values()] = parts | {"heading": heading, "court": place}
        return said

    def _hearings(self, occasion: Occasion) -> Iterator[Hearing]:
        """Return the hearings of a case on the day that are not over, moved or called off meanwhile."""
        of_case = self.facts["hearings"].get(occasion.access.case_id)
        for hearing in of_case.to_come() if of_case else []:
            if timezone.localdate(hearing.at) == occasion.day and is_ahead(hearing.at):
                yield hearing


class QueryEnding(Reminder):
    kind = "query_ending"
    label = _("the last day to view the case is near")
    subject = _("A case can soon no longer be viewed online")
    other_subjects = (_("Cases can soon no longer be viewed online"),)

    def get_context(self) -> Context | None:
        items = [
            item_of(occasion.access)
            | {"last_day": occasion.day, "days": (occasion.day - timezone.localdate()).days}
            for occasion in self.facts["occasions"]
            if occasion.access.case.last_query_day == occasion.day
        ]
        if not items:
            return None
        subject = {} if len(items) == 1 else {"subject": str(self.other_subjects[0])}
        listed = {"listed_days": conf.ENDED_CASE_DAYS}
        return {"items": items} | listed | about_cases(items) | where_to_choose() | subject
