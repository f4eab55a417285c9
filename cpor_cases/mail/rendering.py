"""Renders mails as text and HTML in the recipient's language, at the moment they are sent."""

import datetime as dt
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

from django.utils import timezone, translation

from cpor_cases.models import Case, OutgoingMail, litigant_of
from cpor_core import branding

from . import check_codes, compiled_templates, links, messages
from .messages.base import Message
from .mime import MailMessage


def render(mail: OutgoingMail, now: dt.datetime | None = None) -> MailMessage | None:
    """Return the finished message of `mail`, or None if by now there is nothing left to say in it."""
    message = messages.message_of(mail)
    profile = litigant_of(message.reader)
    if mail.kind in profile.switched_off:
        return None
    with translation.override(message.language), links.in_words(profile.mails_without_links):
        if mail.facts is None:
            messages.prefetch([mail])
        shown = message.facts["branding"]
        context = message.get_context()
        if context is None:
            return None
        context = _for_every_mail(message, shown, check_codes.code_of(mail)) | context | _way_to_stop(message)
        return _written(message, context, now or timezone.now())


def preview(kind: str, *, case: Case | dict[str, str], language: str) -> dict[str, str]:
    """Return subject and text of a mail of that kind about `case`, before there is one; its link leads nowhere."""
    with translation.override(language):
        message = messages.MESSAGES[kind]
        context = _for_every_mail(
            message, branding.current(), check_codes.EXAMPLE
        ) | message.get_sample_context(case)
        text = compiled_templates.render(f"cpor_cases/mail/{kind}.txt", context)
        return {"subject": context["subject"], "text": unquote(text)}


def title_of(mail: OutgoingMail) -> str:
    """Return the subject of a mail in the reader's language: it names no case and no person."""
    return str(messages.message_of(mail).subject)


def _for_every_mail(
    message: Message | type[Message], shown: branding.Branding, check_code: str
) -> dict[str, Any]:
    return {
        "subject": str(message.subject),
        "service_name": branding.in_reader_language(shown.names),
        "accent": shown.accent,
        "accent_on_dark": shown.accent_on_dark,
        "service_url": links.to_home(),
        "without_links": links.are_in_words(),
        "check_code": check_code,
        "forged_url": links.to_forged_mails(),
    }


def _written(message: Message, context: dict, now: dt.datetime) -> MailMessage:
    mail, name = message.mail, f"cpor_cases/mail/{message.template}"
    body, html = compiled_templates.render_all([f"{name}.txt", f"{name}.html"], context)
    written = MailMessage(
        subject=context["subject"],
        body=body,
        html=html,
        to=[mail.address],
        headers={
            "Message-ID": f"<{mail.message_id}>",
            "Date": format_datetime(timezone.localtime(now)),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers, please
            "Content-Language": translation.get_language(),
            **_unsubscribe_headers(context["stop_url"]),
        },
    )
    written.metadata = {"message_id": mail.message_id}
    return written


def _way_to_stop(message: Message) -> dict:
    """Return the link by which the reader ends such mails without logging in, and whether those of one case alone."""
    if not message.can_be_switched_off:
        return {"stop_url": "", "stops_one_case": False}
    only_access = message.only_access
    path = links.unsubscribe_path(message.mail.account.pk, only_access)
    return {"stop_url": links.absolute(path), "stops_one_case": only_access is not None}


def _unsubscribe_headers(stop_url: str) -> dict[str, str]:
    if not stop_url:
        return {}
    return {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
