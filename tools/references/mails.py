"""docs/reference/mails.md: every mail, from its class in cpor_cases/mail/messages/ and the function that posts it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import translation

from cpor_cases.mail import notifications
from cpor_cases.mail.messages import MESSAGES, base
from cpor_cases.mail.messages.account_notices import NOTICES, AccountNotice
from cpor_cases.mail.messages.base import Message
from cpor_cases.models import OutgoingMail

from .tables import code, sentence, table

PATH = "reference/mails.md"
HEAD = """# Mails

Written by `make docs` from the classes in `cpor_cases/mail/messages/`. A mail is a row first (`docs/decisions/0001-a-mail-is-a-row-first.md`), and each goes
out in the language of its reader. Its two templates have its name: `templates/cpor_cases/mail/`.

Urgency: mails with a smaller number are sent first. “May be switched off”: in the settings of the person, or by one click in the mail program.

"""
OF_NOTICES = """
## Notices about the account

One kind in the queue (`account_notice`), one class each. They tell of what happened to an account, so that a person notices what somebody else did.

"""
URGENCIES = {
    base.AT_A_SCREEN: "somebody waits at a screen",
    base.OF_AN_ACCOUNT: "of an account",
    base.NOTICE: "notice",
    base.NEW_CASE: "new case",
    OutgoingMail.LOWEST_PRIORITY: "within the hour",
}
HEADINGS = [
    "mail",
    "is sent to",
    "says",
    "urgency",
    "may be switched off",
    *dict(settings.LANGUAGES).values(),
]


def text() -> str:
    """Return the page."""
    messages = [message for kind, message in sorted(MESSAGES.items()) if message is not AccountNotice]
    notices = [(code(name), *_subjects(notice)) for name, notice in sorted(NOTICES.items()) if name]
    of_notices = table(["notice", *dict(settings.LANGUAGES).values()], notices)
    return HEAD + table(HEADINGS, map(_row, messages)) + OF_NOTICES + of_notices


def _row(message: type[Message]) -> tuple[str, ...]:
    does = POSTED_BY[message.kind]
    return (
        code(message.kind),
        _reader_of(message),
        does.partition("; return")[0].rstrip("."),
        f"{message.priority}: {URGENCIES.get(message.priority, '')}",
        "yes" if message.can_be_switched_off else "no",
        *_subjects(message),
    )


def _reader_of(message: type[Message]) -> str:
    if message.is_without_account:
        return "who fills in a petition"
    return "staff" if message.is_for_staff else "the account"


def _subjects(message: type[Message]) -> Iterator[str]:
    """Yield the subjects, of which one mail has one, in each language."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield " / ".join(map(str, [message.subject, *message.other_subjects]))


def _posted_by() -> dict[str, str]:
    """Return what the first function of mail/notifications says that posts each kind."""
    found: dict[str, str] = {}
    tree = ast.parse(Path(notifications.__file__).read_text(encoding="utf-8"))
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"Kind", "OutgoingMail.Kind"}:
                found.setdefault(node.attr.lower(), sentence(ast.get_docstring(function)))
    # News are posted by one statement for a whole import, in the outbox.
    return {"progress": sentence(notifications.progress.__doc__)} | found


POSTED_BY = _posted_by()
