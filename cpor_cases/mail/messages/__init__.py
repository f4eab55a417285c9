"""The mails of the service: each is one class, found here because its module is in this folder.

A new mail is a new module with a subclass of `base.Message`, and two templates in templates/cpor_cases/mail/.
"""

from collections import defaultdict
from importlib import import_module
from pkgutil import iter_modules

from cpor_cases.models import OutgoingMail
from cpor_core import branding

from .base import MESSAGES, Message

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def message_of(mail: OutgoingMail) -> Message:
    """Return the message that `mail` is, of the class of its kind."""
    return MESSAGES[mail.kind].of(mail)


def kinds_that(attribute: str) -> set[str]:
    """Return the kinds whose class has a true `attribute`, such as "is_of_the_moment"."""
    return {kind for kind, message in MESSAGES.items() if getattr(message, attribute)}


def with_own_choice() -> list[type[Message]]:
    """Return the mails that have a checkbox of their own in the settings."""
    return [message for message in MESSAGES.values() if message.choice_label]


def prefetch(mails: list[OutgoingMail]) -> None:
    """Read the data of all mails of a batch, in a constant number of queries."""
    by_kind: dict[str, list[OutgoingMail]] = defaultdict(list)
    for mail in mails:
        by_kind[mail.kind].append(mail)
    shown = branding.current()
    for kind, of_kind in by_kind.items():
        MESSAGES[kind].prefetch(of_kind)
        for mail in of_kind:
            mail.facts = (mail.facts or {}) | {"branding": shown}
