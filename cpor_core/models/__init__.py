"""What both apps stand on: courts, case words, party roles, kinds of progress entries, clerks' posts."""

from .case_word_records import CaseWordRecord
from .case_words import CaseWord
from .clerk_posts import ClerkPost
from .courts import Category, Court, CourtTier, WordTier
from .party_roles import PartyRole
from .progress_kinds import ProgressKind
from .sent_forms import SentForm
from .ticks import Tick

__all__ = [
    "CaseWord",
    "CaseWordRecord",
    "Category",
    "ClerkPost",
    "Court",
    "CourtTier",
    "PartyRole",
    "ProgressKind",
    "SentForm",
    "Tick",
    "WordTier",
]
