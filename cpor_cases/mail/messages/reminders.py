"""The reminders of hearings and of the last days on which cases can be followed. One mail covers all that are near."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_cases.hearings.of_cases import of_cases
from cpor_cases.hearings.standing import CaseHearings, Hearing, is_ahead
from cpor_cases.mail import links
from cpor_cases.models import CaseAccess, Occasion, OutgoingMail, ProgressEntry
from cpor_core import conf
from cpor_core.models import Court, HearingAdvice
from cpor_core.models.hearing_advice import advice_for

from .base import Context, Message, named


class Reminder(Message):
    """The base of the reminders: only of cases that the person may still see and still wants reminders of."""

    can_be_switched_off = True
    is_previewed = True

    @classmethod
    def prefetch(cls, mails: list[OutgoingMail]) -> None:
        """Give each mail its occasions, with the access each is about."""
        own = CaseAccess.objects.visible_to_each({mail.account for mail in mails}).with_mail_choices()
        own = own.filter(occasions__mail__in=mails, is_reminded=True).select_related("case__court")
        by_key = {access.pk: access for access in own}
        told: dict[int, list[Occasion]] = {mail.pk: [] for mail in mails}
        for occasion in Occasion.objects.filter(mail__in=mails).order_by("day", "pk"):
            if access := by_key.get(occasion.access_id):
                occasion.access = access
                told[occasion.mail_id].append(occasion)
        for mail in mails:
            mail.facts = {"occasions": told[mail.pk]}

    @property
    def only_access(self) -> int | None:
        accesses = {occasion.access_id for occasion in self.facts["occasions"]}
        return accesses.pop() if len(accesses) == 1 else None


def about_cases(items: list[dict]) -> Context:
    """Return where the mail leads: to the case if it is about one alone, else to all of them. (Templates cannot compare
    texts, for which others may stand: compiled_templates.)"""
    urls = {item["url"] for item in items}
    return {
        "several": len(urls) > 1,
        "url": urls.pop() if len(urls) == 1 else links.to_page("cpor_cases:cases"),
        "settings_url": links.to_page("cpor_cases:settings"),
    }


def item_of(access: CaseAccess) -> dict:
    return {"case": named(access.case), "url": links.to_case(access.case)}


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
            "kinds": _kinds_of_hearings(hearings.values()),
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
        return {"told": told} | said | about_cases(items) | subject

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


def _kinds_of_hearings(cases: Iterable[CaseHearings]) -> dict[int, list[int]]:
    """Return, by the key of each hearing to come, the kinds of the entries that tell of it, the latest first."""
    hearings = [hearing for of_case in cases for hearing in of_case.to_come()]
    entries = ProgressEntry.objects.filter(pk__in={pk for hearing in hearings for pk in hearing.entries})
    kinds = dict(entries.values_list("pk", "kind"))
    return {
        hearing.key: [kinds[pk] for pk in sorted(hearing.entries, reverse=True) if pk in kinds]
        for hearing in hearings
    }


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
        return {"items": items} | listed | about_cases(items) | subject
