"""What somebody has typed so far: in the session of the browser alone, until the petition is finished or deleted."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from cpor_cases.actions import petitions
from cpor_core import languages
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import CaseWord, Category, Court, PartyRole

KEY, FINISHED = "petition_draft", "finished_petitions"
MOST_CASES = 20
CASE_STEPS = ("court", "category", "number", "role")
PERSON_STEPS = ("name", "email", "code", "check")
STEPS = CASE_STEPS + PERSON_STEPS


@dataclass
class DraftCase:
    """One of the cases that a person applies for: each becomes a petition of its own."""

    court_key: int | None = None
    category: str = ""
    number_parts: list | None = None
    has_answered_number: bool = False  # also by saying that there is none yet
    division: str = ""
    former_case: str = ""
    role_key: int | None = None

    @cached_property
    def court(self) -> Court | None:
        return Court.objects.filter(pk=self.court_key).first() if self.court_key else None

    @cached_property
    def role(self) -> PartyRole | None:
        entitled = PartyRole.objects.filter(category=self.category, is_entitled=True)
        return entitled.filter(pk=self.role_key).first() if self.role_key else None

    @property
    def number(self) -> CaseNumber | None:
        return CaseNumber(*self.number_parts) if self.number_parts else None

    @property
    def category_label(self) -> str:
        return str(Category(self.category).label) if self.category else ""

    @cached_property
    def categories(self) -> list[str]:
        """The categories of which the court has case words, in the order of the list."""
        if self.court is None:
            return []
        found = set(CaseWord.objects.of_court(self.court).values_list("category", flat=True))
        return [each for each in Category.values if each in found]

    @cached_property
    def obstacles(self) -> list:
        """What the rules have against its case word at this court."""
        if self.court is None or not self.category or self.number is None:
            return []
        return petitions.obstacles_of(court=self.court, category=self.category, word=self.number.word)

    def is_done(self, step: str) -> bool:
        done: dict[str, Callable[[], bool]] = {
            "court": lambda: self.court is not None,
            "category": lambda: self.category in self.categories,
            "number": lambda: self.has_answered_number and not self.obstacles,
            "role": lambda: self.role is not None,
        }
        return done[step]()

    @property
    def is_whole(self) -> bool:
        return all(self.is_done(step) for step in CASE_STEPS)


@dataclass
class Draft:
    """The cases, and the person: asked once, however many cases there are."""

    key: str = field(default_factory=lambda: secrets.token_hex(16))  # the code is bound to it
    cases: list[DraftCase] = field(default_factory=lambda: [DraftCase()])
    name: str = ""
    phone: str = ""
    address: str = ""
    language: str = ""
    sent_to: str = ""  # the address that a code was sent to
    proved: str = ""  # the address whose code was entered
    goes_without_code: bool = False
    reached: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, session: SessionBase) -> "Draft | None":
        """Return what the session holds; None if it holds nothing, or nothing that this version understands."""
        stored: dict[str, Any] | None = session.get(KEY)
        if not stored:
            return None
        try:
            return cls(**stored | {"cases": [DraftCase(**each) for each in stored["cases"]]})
        except (TypeError, KeyError):
            return None

    def store_in(self, session: SessionBase) -> None:
        session[KEY] = asdict(self)

    @property
    def language_label(self) -> str:
        return languages.name(self.language)

    @property
    def is_proved(self) -> bool:
        return bool(self.address) and self.proved == self.address

    def is_done(self, step: str) -> bool:
        """Whether a step of the person has its answer."""
        done = {
            "name": bool(self.name),
            "email": bool(self.address),
            "code": self.is_proved or (self.goes_without_code and self.sent_to == self.address),
            "check": False,
        }
        return done[step]

    def next_step(self) -> tuple[str, int | None]:
        """Return the first step without an answer, and of which case it is."""
        for place, case in enumerate(self.cases, start=1):
            for step in CASE_STEPS:
                if not case.is_done(step):
                    return step, place
        return next(step for step in PERSON_STEPS if not self.is_done(step)), None

    def note_reached(self, step: str) -> None:
        """Count that this draft has reached a step, the first time."""
        if step not in self.reached:
            self.reached.append(step)
            petitions.count_step(step)


def renew_key(request: HttpRequest) -> None:
    """Give the session of a browser without an account another key: whoever knew the one before reads nothing of what follows.

    An account's session gets another key when it logs in.
    """
    if not request.user.is_authenticated:
        request.session.cycle_key()


def forget(session: SessionBase) -> None:
    """Delete what was typed, and which petitions were finished in this browser."""
    session.pop(KEY, None)
    session.pop(FINISHED, None)
