"""The reminders: of a hearing, and of the last day on which a case can be followed."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_cases.hearings.of_cases import of_cases
from cpor_cases.models import CaseAccess, OutgoingMail

from .base import Context, Message, about_case


class Reminder(Message):
    """What the clock reminds of, if the person may still see the case and still wants to be reminded."""

    can_be_switched_off = True
    is_previewed = True

    @classmethod
    def prefetch(cls, mails: list[OutgoingMail]) -> None:
        """Give each mail the access it is about and the hearings to come in that case."""
        own = CaseAccess.objects.visible_to_each({mail.account for mail in mails}).with_mail_choices()
        own = own.filter(pk__in=[mail.access_id for mail in mails], is_reminded=True).select_related(
            "case__court"
        )
        reminded = {(access.account_id, access.pk): access for access in own}
        hearings = of_cases({access.case_id for access in own})
        for mail in mails:
            access = reminded.get((mail.account_id, mail.access_id))
            of_case = access and hearings.get(access.case_id)
            mail.facts = {"access": access, "hearings": of_case.to_come() if of_case else []}


class HearingReminder(Reminder):
    kind = "hearing_reminder"
    label = _("reminder of a hearing")
    subject = _("A hearing in your case is near")

    def get_context(self) -> Context | None:
        access, day = self.facts["access"], dt.date.fromisoformat(self.mail.about["day"])
        if access is None:
            return None
        on_day = (each for each in self.facts["hearings"] if timezone.localdate(each.at) == day)
        hearing = next((each for each in on_day if each.at > timezone.now()), None)
        if hearing is None:  # over, moved or called off meanwhile
            return None
        days = (day - timezone.localdate()).days
        return about_case(access) | {"days": days, "hearing": hearing if access.shows_entry else None}


class QueryEnding(Reminder):
    kind = "query_ending"
    label = _("the last day to view the case is near")
    subject = _("A case can soon no longer be followed online")

    def get_context(self) -> Context | None:
        access = self.facts["access"]
        last_day = access and access.case.last_query_day
        if last_day is None or last_day.isoformat() != self.mail.about["day"]:
            return None
        return about_case(access) | {"last_day": last_day}
