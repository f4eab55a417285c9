"""The mails to staff about a court whose data has not come at its usual time: to its managers, and to the operators."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import links
from cpor_cases.models import CourtDelay
from cpor_core.roc_dates import moment_in_both_calendars

from .base import Context
from .to_the_office import OfficeMessage


class CourtLateMail(OfficeMessage):
    """Goes to the managers of the court. Not sent any more once data has come."""

    kind = "court_late"
    label = _("data of the court is late")
    subject = _("Your court's data has not come yet")
    is_of_the_moment = True

    def get_context(self) -> Context | None:
        delays = CourtDelay.objects.going_on().select_related("court")
        delay = delays.filter(pk=self.mail.about["delay"]).first()
        if delay is None or not self.reader.is_active:
            return None
        return {
            "court": str(delay.court),
            "usual_at": moment_in_both_calendars(delay.usual_at),
            "url": links.to_office(reverse("office_rhythms:edit", args=[delay.court_id])),
        }


class CourtLateOperatorMail(CourtLateMail):
    """Goes to the operators, who see to the way between the court's system and this site."""

    kind = "court_late_op"
    label = _("data of a court is late")
    subject = _("A court's data has not come yet")
