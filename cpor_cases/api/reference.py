"""The reference data for court systems: the courts, categories, case words and kinds that a row may name."""

import hashlib
import json

from django.db.models import Model
from django.utils import translation
from ninja import Field, Schema

from cpor_cases.intake.columns import COLUMNS
from cpor_core.models import CaseWord, Category, Court, ProgressKind
from cpor_core.models.case_words import WordTier
from cpor_core.models.courts import CourtTier
from cpor_core.models.progress_kinds import PARTS, HearingEffect
from cpor_core.translated.fields import text_in

# The two that this version of the interface has, whatever languages the site has beside them.
LANGUAGES = {"zh": "zh-hant", "en": "en"}


class CourtOnRecord(Schema):
    code: str
    name_zh: str
    name_en: str
    tier: CourtTier
    benches: list[WordTier] = Field(description="Whose words its cases are filed under.")
    categories: list[Category] = Field(description="In which categories it has cases.")


class CategoryOnRecord(Schema):
    code: Category
    name_zh: str
    name_en: str


class WordOnRecord(Schema):
    """A word is taken at each court that has its bench and its category."""

    word: str
    category: Category
    bench: WordTier
    procedure_zh: str
    procedure_en: str
    meaning_zh: str
    meaning_en: str


class KindOnRecord(Schema):
    code: str
    name_zh: str
    name_en: str
    stage: str
    hearing_effect: HearingEffect = Field(description="What such an entry does to the hearings of its case.")
    ends_query: bool = Field(description="Two months after such an entry the case can no longer be seen.")
    resumes_query: bool = Field(description="The file has come back: a countdown that runs is stopped.")
    meaning_zh: str = Field(
        description="What the people in the case read of it; empty until editors have written it."
    )
    meaning_en: str
    to_do_zh: str = Field(description="What the reader must do, or that nothing is to be done.")
    to_do_en: str
    next_step_zh: str = Field(description="What usually comes next.")
    next_step_en: str
    whom_to_ask_zh: str
    whom_to_ask_en: str


class ColumnOfExport(Schema):
    key: str
    heading: str
    is_required: bool
    max_length: int | None


class Reference(Schema):
    version: str = Field(description="Another one as soon as anything in it has changed; also the ETag.")
    courts: list[CourtOnRecord]
    categories: list[CategoryOnRecord]
    words: list[WordOnRecord]
    kinds: list[KindOnRecord]
    columns: list[ColumnOfExport]


def read() -> dict:
    """Return all of it, with its version: three queries."""
    content = {
        "courts": [_court(court) for court in Court.objects.order_by("code")],
        "categories": [{"code": each.value, **_names(each)} for each in Category],
        "words": [_word(word) for word in CaseWord.objects.order_by("category", "court_tier", "word")],
        "kinds": [_kind(kind) for kind in ProgressKind.objects.order_by("code")],
        "columns": [
            {
                "key": column.key,
                "heading": column.heading,
                "is_required": column.is_required,
                "max_length": column.max_length,
            }
            for column in COLUMNS
        ],
    }
    written = json.dumps(content, sort_keys=True).encode()
    return {"version": hashlib.sha256(written).hexdigest()[:16], **content}


def _court(court: Court) -> dict:
    is_family_court = court.tier == CourtTier.JUVENILE_FAMILY
    return {
        "code": court.code,
        **_texts(court, "name"),
        "tier": court.tier,
        "benches": court.benches,
        "categories": [Category.FAMILY] if is_family_court else list(Category),
    }


def _word(word: CaseWord) -> dict:
    return {
        "word": word.word,
        "category": word.category,
        "bench": word.court_tier,
        **_texts(word, "procedure"),
        **_texts(word, "meaning"),
    }


def _kind(kind: ProgressKind) -> dict:
    facts = ("stage", "hearing_effect", "ends_query", "resumes_query")
    texts = {key: text for name in ("name", *PARTS) for key, text in _texts(kind, name).items()}
    return {"code": kind.code, **texts, **{name: getattr(kind, name) for name in facts}}


def _texts(row: Model, name: str) -> dict[str, str]:
    return {f"{name}_{ending}": text_in(row, name, language) for ending, language in LANGUAGES.items()}


def _names(choice) -> dict[str, str]:
    names = {}
    for ending, language in LANGUAGES.items():
        with translation.override(language):
            names[f"name_{ending}"] = str(choice.label)
    return names
