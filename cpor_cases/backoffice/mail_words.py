"""The ledger in plain words: what became of a mail, and what a clerk can do about it."""

import re

from django.utils import timezone
from django.utils.translation import gettext as _

from cpor_cases.models import OutgoingMail

State = OutgoingMail.State

# What servers mean by their enhanced codes (RFC 3463). The plain code 550 alone says only "no".
_MEANINGS = [
    (
        re.compile(r"\b5\.1\.[0136]\b|user unknown|no such user|does not exist|mailbox unavailable", re.I),
        "unknown",
    ),
    (re.compile(r"\b[45]\.2\.2\b|mailbox (is )?full|over ?quota", re.I), "full"),
    (re.compile(r"\b5\.1\.2\b|\b5\.4\.4\b|domain not found|host unknown", re.I), "domain"),
    (re.compile(r"\b[45]\.7\.\d+\b|spam|blocked|blacklist|policy", re.I), "blocked"),
    (re.compile(r"^4\d\d|\b4\.\d\.\d+\b"), "later"),
    (re.compile(r"^5\d\d"), "refused"),
]


def state_in_words(mail: OutgoingMail) -> str:
    """Return one sentence on how `mail` fared."""
    if mail.state == State.SENT:
        return _("Taken by the recipient's mail server.")
    if mail.state == State.DROPPED:
        return _("Not sent: by then it was no longer of use.")
    if mail.state == State.HELD:
        return _("Waits until its import is complete.")
    if mail.state == State.FAILED:
        return _("Not delivered: %(reason)s") % {"reason": reason_in_words(mail.last_answer)}
    if mail.attempts == 0:
        return _("On its way.")
    return _("Not yet delivered: %(reason)s Next try %(time)s.") % {
        "reason": reason_in_words(mail.last_answer),
        "time": f"{timezone.localtime(mail.next_attempt_at):%Y-%m-%d %H:%M}",
    }


def reason_in_words(answer: str) -> str:
    """Return what a mail server's answer means to somebody who does not run one."""
    meaning = next((meaning for pattern, meaning in _MEANINGS if pattern.search(answer)), "silent")
    return {
        "unknown": _("this address does not exist."),
        "full": _("the mailbox is full."),
        "domain": _("there is no mail service at this domain."),
        "blocked": _("their mail server refuses mail of this kind."),
        "later": _("their mail server asks to try later."),
        "refused": _("their mail server refuses it."),
        "silent": _("their mail server does not answer."),
    }[meaning]


def with_state_in_words(mails) -> list[OutgoingMail]:
    """Return mails, each carrying its sentence for the template."""
    mails = list(mails)
    for mail in mails:
        mail.in_words = state_in_words(mail)
    return mails
