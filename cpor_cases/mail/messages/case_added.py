"""The mail that tells a person with an active account that one more case has been added."""

from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import links

from .base import NEW_CASE, Context, Message, named


class CaseAdded(Message):
    kind = "case_added"
    label = _("case added")
    subject = _("One more case can be followed online")
    priority = NEW_CASE
    is_previewed = True

    def get_context(self) -> Context | None:
        access = self.mail.access
        if access is None or access.ended_at is not None or not self.mail.account.is_active:
            return None
        return {"case": named(access.case), "url": links.to_case(access.case)}

    @classmethod
    def get_sample_context(cls, case) -> Context:
        return {"case": case, "url": links.to_page("cpor_cases:cases") + "…/"}
