"""The packaged reasons for refusal."""

from pathlib import Path

from cpor_cases.models import RefusalReason
from cpor_core.reference import ReferenceFile

FILES = (ReferenceFile(Path(__file__).parent / "refusal_reasons.csv", RefusalReason, ("code",)),)
