"""The state of a mail in plain words, for a clerk or for the person it is addressed to."""

from django.utils import timezone
from django.utils.translation import gettext as _

from cpor_cases.models import OutgoingMail

from .smtp_replies import Meaning, meaning_of

State = OutgoingMail.State


def state_in_words(mail: OutgoingMail) -> str:
    """Return one sentence on the state of `mail`."""
    if mail.state == State.SENT:
        return _("Accepted by the recipient's mail server.")
    if mail.state == State.DROPPED:
        return _("Not sent: it was no longer needed.")
    if mail.state == State.HELD:
        return _("Waits until its import is complete.")
    if mail.state == State.STOPPED:
        return _("Held back: email to this address bounces. It is sent as soon as the address is corrected.")
    if mail.state == State.FAILED:
        return _("Not delivered: %(reason)s") % {"reason": reason_in_words(mail.last_answer)}
    if mail.attempts == 0:
        return _("On its way.")
    return _("Not yet delivered: %(reason)s Next try %(time)s.") % {
        "reason": reason_in_words(mail.last_answer),
        "time": f"{timezone.localtime(mail.next_attempt_at):%Y-%m-%d %H:%M}",
    }


def state_for_its_person(mail: OutgoingMail) -> str:
    """Return one sentence on the state of `mail`, for the person it is addressed to."""
    if mail.state == State.SENT:
        return _("Delivered to your mail server.")
    if mail.state == State.HELD or (mail.state == State.WAITING and mail.attempts == 0):
        return _("On its way.")
    if mail.state == State.STOPPED:
        return _("Held back: email to your address bounces. It is sent as soon as the address is corrected.")
    if mail.state == State.FAILED:
        return _("Not delivered: %(reason)s") % {"reason": reason_in_words(mail.last_answer)}
    return _("Not yet accepted: %(reason)s Next try %(time)s.") % {
        "reason": reason_in_words(mail.last_answer),
        "time": f"{timezone.localtime(mail.next_attempt_at):%Y-%m-%d %H:%M}",
    }


def reason_in_words(answer: str) -> str:
    """Return what a mail server's answer means to somebody who does not run one."""
    return {
        Meaning.RELAY: _("the mail server of this service does not send it on. Its operator has been told."),
        Meaning.UNKNOWN: _("this address does not exist."),
        Meaning.FULL: _("the mailbox is full."),
        Meaning.DOMAIN: _("there is no mail service at this domain."),
        Meaning.BLOCKED: _("their mail server refuses email of this kind."),
        Meaning.LATER: _("their mail server asks to try later."),
        Meaning.REFUSED: _("their mail server refuses it."),
        Meaning.SILENT: _("their mail server does not answer."),
    }[meaning_of(answer)]


def with_state_in_words(mails) -> list[OutgoingMail]:
    """Return mails, each carrying its sentence for the template."""
    mails = list(mails)
    for mail in mails:
        mail.in_words = state_in_words(mail)
    return mails
