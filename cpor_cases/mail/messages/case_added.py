"""The mail that tells a person with an active account that more cases have been added: those of one court and day."""

from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import links

from .base import NEW_CASE, Context
from .joint import JointMessage, about_cases, item_of


class CaseAdded(JointMessage):
    kind = "case_added"
    label = _("case added")
    subject = _("One more case can be followed online")
    other_subjects = (_("More cases can be followed online"),)
    priority = NEW_CASE

    def get_context(self) -> Context | None:
        accesses = dict.fromkeys(occasion.access for occasion in self.facts["occasions"])
        items = [item_of(access) for access in accesses]
        if not items:
            return None
        subject = {} if len(items) == 1 else {"subject": str(self.other_subjects[0])}
        return {"items": items, "is_joint": len(items) > 1} | about_cases(items) | subject

    @classmethod
    def get_sample_context(cls, case) -> Context:
        return {"items": [{"case": case}], "url": links.to_page("cpor_cases:cases") + "…/"}
