"""What both apps stand on: courts, case words, party roles, kinds of progress entries and what is said before hearings,
clerks' posts."""

from .case_word_records import CaseWordRecord
from .case_words import CaseWord
from .clerk_posts import ClerkPost
from .courts import Category, Court, CourtTier, WordTier
from .hearing_advice import HearingAdvice
from .party_roles import PartyRole
from .progress_kinds import ProgressKind
from .quiet_periods import QuietPeriod
from .sent_forms import SentForm
from .ticks import Tick

__all__ = [
    "CaseWord",
    "CaseWordRecord",
    "Category",
    "ClerkPost",
    "Court",
    "CourtTier",
    "HearingAdvice",
    "PartyRole",
    "ProgressKind",
    "QuietPeriod",
    "SentForm",
    "Tick",
    "WordTier",
]
