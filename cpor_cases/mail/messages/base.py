"""The base class of all mails. Kinds, priorities, preferences and previews elsewhere are derived from its subclasses."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.utils.functional import Promise

from cpor_cases.models import OutgoingMail, litigant_of
from cpor_cases.models.mail_kinds import KINDS

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MESSAGES: dict[str, type["Message"]] = {}
Context = dict[str, Any]

# Priorities: mails for which a person waits at a screen are sent before those that may come within the hour.
AT_A_SCREEN, OF_AN_ACCOUNT, NOTICE, NEW_CASE = 0, 1, 2, 3


class Message:
    """One kind of mail. A subclass that names its `kind` is registered under it; an instance is one mail of that kind."""

    kind: ClassVar[str]
    label: ClassVar[str | Promise]
    # Also the mail's heading, unless its templates have another. It names no case and no person.
    subject: str | Promise = ""
    # Other possible subjects, depending on the content: the page on forgeries lists all of them.
    other_subjects: ClassVar[tuple[str | Promise, ...]] = ()
    priority: ClassVar[int] = OutgoingMail.LOWEST_PRIORITY
    # A person may switch it off, in the settings or by one click in the mail program (RFC 8058).
    can_be_switched_off: ClassVar[bool] = False
    # Its checkbox in the settings. Without one it is switched off there together with others, as news and reminders are.
    choice_label: ClassVar["str | StrPromise"] = ""
    # Useful only now: never sent again later.
    is_of_the_moment: ClassVar[bool] = False
    # It proves the address it goes to: never sent to another one.
    is_bound_to_its_address: ClassVar[bool] = False
    # It goes to an address that nobody has proved, of whoever fills in a petition: no account is asked for.
    is_without_account: ClassVar[bool] = False
    # Members of staff get it, at work.
    is_for_staff: ClassVar[bool] = False
    # A clerk of its court may read it, with its secrets blanked.
    is_previewed: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "kind" in vars(cls):
            MESSAGES[cls.kind] = cls
            KINDS.register(cls.kind, cls.label)

    def __init__(self, mail: OutgoingMail) -> None:
        self.mail = mail

    @classmethod
    def of(cls, mail: OutgoingMail) -> Self:
        return cls(mail)

    @classmethod
    def prefetch(cls, mails: list[OutgoingMail]) -> None:
        """Read the data of several mails of this kind at once, and set it as their `facts`."""

    @classmethod
    def get_sample_context(cls, case) -> Context:
        """Return what the mail about `case` would say, with links that lead nowhere."""
        raise NotImplementedError

    @property
    def facts(self) -> dict[str, Any]:
        """What `prefetch` has read for this mail."""
        return self.mail.facts or {}

    @property
    def template(self) -> str:
        """The name of its two templates in templates/cpor_cases/mail/, .html and .txt."""
        return self.kind

    @property
    def reader(self):
        """The account whose person reads the mail."""
        return self.mail.account

    @property
    def language(self) -> str:
        """The language in which it is written."""
        return litigant_of(self.reader).language

    @property
    def only_access(self) -> int | None:
        """The key of the access the mail is about, if it is about one alone."""
        return self.mail.access_id

    def keep_to_its_court(self) -> bool:
        """Remove what concerns other courts than the mail's, so that its clerks may read it; return whether that is possible."""
        return True

    def get_context(self) -> Context | None:
        """Return what the templates show, in the reader's language; None if there is nothing left to say.

        Of plain values alone, templates are rendered faster (compiled_templates).
        """
        raise NotImplementedError


def named(case) -> dict[str, str]:
    return {"court": str(case.court), "full_number": str(case.full_number)}
