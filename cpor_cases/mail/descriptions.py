"""Describes the mails of the service for the public page on forgeries. Derived from the mails, so that it is always current."""

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cpor_core import signals

from . import links, messages, rendering
from .messages.account_notices import NOTICES

SHOWN = "case_added"


def connect() -> None:
    signals.mails_described.connect(describe, dispatch_uid="cpor_cases.mail")


def describe(**_signal) -> dict:
    """Return the facts with which a reader may compare a mail, in the active language."""
    return {
        "sender": settings.DEFAULT_FROM_EMAIL,
        "site": links.to_home(),
        "check_url": links.to_page("mail_check"),
        "subjects": _subjects(),
        **_example(),
    }


def _subjects() -> list[str]:
    kinds = [message for message in messages.MESSAGES.values() if not message.is_for_staff]
    found = [each for message in kinds for each in (message.subject, *message.other_subjects)]
    found += [message.subject for message in NOTICES.values()]
    return list(dict.fromkeys(str(each) for each in found if each))


def _example() -> dict[str, str]:
    case = {"court": _("○○ District Court"), "full_number": "115年度訴字第○○○號"}
    return rendering.preview(SHOWN, case=case, language=get_language() or settings.LANGUAGE_CODE)
