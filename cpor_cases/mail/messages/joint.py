"""Mails that tell of several cases at once, by their occasions, and where they lead."""

from cpor_cases.mail import links
from cpor_cases.models import CaseAccess, Occasion, OutgoingMail
from cpor_cases.models.case_accesses import CaseAccessQuerySet

from .base import Context, Message, named


class JointMessage(Message):
    """A mail that tells one person of one case or of several, which the person may still see."""

    is_previewed = True

    @classmethod
    def prefetch(cls, mails: list[OutgoingMail]) -> None:
        """Give each mail its occasions, with the access each is about."""
        own = CaseAccess.objects.visible_to_each({mail.account for mail in mails})
        own = cls.wanted(own).filter(occasions__mail__in=mails).select_related("case__court")
        by_key = {(access.account_id, access.pk): access for access in own}
        accounts = {mail.pk: mail.account_id for mail in mails}
        told: dict[int, list[Occasion]] = {mail.pk: [] for mail in mails}
        for occasion in Occasion.objects.filter(mail__in=mails).order_by("day", "pk"):
            # An access may have gone to another account since.
            if access := by_key.get((accounts[occasion.mail_id], occasion.access_id)):
                occasion.access = access
                told[occasion.mail_id].append(occasion)
        for mail in mails:
            mail.facts = {"occasions": told[mail.pk]}

    @classmethod
    def wanted(cls, accesses: CaseAccessQuerySet) -> CaseAccessQuerySet:
        """Return those of which their person wants to be told so."""
        return accesses

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
    }


def item_of(access: CaseAccess) -> dict:
    """Return what a template says of one case."""
    return {"case": named(access.case), "url": links.to_case(access.case)}
