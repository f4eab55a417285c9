"""The packaged courts, case words, kinds of progress entries, advice before hearings, quiet periods and roles."""

from pathlib import Path

from cpor_core.models import CaseWord, Court, HearingAdvice, PartyRole, ProgressKind, QuietPeriod

from . import ReferenceFile

FOLDER = Path(__file__).parent
FILES = (
    ReferenceFile(FOLDER / "courts.csv", Court, ("code",)),
    ReferenceFile(
        FOLDER / "case_words.csv", CaseWord, ("category", "court_tier", "word"), {"open": "openness"}
    ),
    ReferenceFile(FOLDER / "progress_kinds.csv", ProgressKind, ("code",)),
    ReferenceFile(FOLDER / "hearing_advice.csv", HearingAdvice, ("court_id", "kind_id")),
    ReferenceFile(FOLDER / "quiet_periods.csv", QuietPeriod, ("category", "stage")),
    ReferenceFile(
        FOLDER / "party_roles.csv", PartyRole, ("category", "name__first"), {"entitled": "is_entitled"}
    ),
)
