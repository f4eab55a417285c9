"""Fills a form with what this service knows of one application: the petition that its applicant prints, signs and hands in."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cpor_core import roc_dates
from cpor_core.case_numbers import CaseNumber

from . import parts, slots
from .blocks import Block, Columns, Form, Paragraph, Picture, Row, Table
from .progress_application import CATEGORY_NAMES, LANGUAGE_NAMES

_CIVIL_BOXES = ("civil", "family", "administrative")
PARTY = "當事人"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of an application. The paper is Chinese: names of courts and roles are the Chinese ones.

    What is empty stays blank on the form, to be written by hand: without a number yet, the number does.
    """

    court: str = ""  # Court.name in Chinese
    category: str = ""  # a value of Category
    number: CaseNumber | None = None
    division: str = ""
    cause: str = ""
    name: str = ""
    role: str = ""  # PartyRole.name in Chinese
    email: str = ""
    phone: str = ""
    language: str = ""  # a code of LANGUAGES
    date: dt.date | None = None


@dataclass(frozen=True)
class NumberLabel:
    """What stands below the title of a printed petition, for the court: its receipt number, also as QR code, and notes on it.

    The applicant keeps the number, and what to do with it, on the page of the notes: the first page is handed in. All of it
    is in Chinese.
    """

    number: str
    qr_svg: str  # a whole <svg> element, which holds nothing but the number
    notes: tuple[str, ...] = ()  # for the court
    kept_notes: tuple[str, ...] = ()  # for the applicant: where to hand it in, where to ask for its state


def fill(form: Form, facts: Facts, number_label: NumberLabel | None = None) -> Form:
    """Return `form` with `facts` in the slots that it has for them, its box for this service ticked, and `number_label` on top.

    What comes back is a form like any other: `odt_writer`, `pdf_writer` and `html_writer` print it. Whatever a person
    typed is printed as typed, never read as markup; ends of lines and control characters become blanks.

        petition = fill(form_of("progress-application"), Facts(court=..., ...), NumberLabel(...))
        html_writer.body(petition)          # for a page, whose stylesheet is static/cpor/css/court-form.css
        petition_pdf.make(petition)         # tagged PDF with its fonts
    """
    filled = replace(form, facts=_texts(facts, form))
    if number_label is None:
        return filled
    title, *rest = filled.blocks
    return replace(filled, blocks=(title, _number_table(number_label), *_with_kept_notes(rest, number_label)))


def _texts(facts: Facts, form: Form) -> Mapping[str, str]:
    """Return the facts as they are printed, by the names of the slots."""
    return {
        "service": "yes",
        "category": CATEGORY_NAMES.get(facts.category, ""),
        "division": facts.division,
        "cause": facts.cause,
        "email": facts.email,
        "phone": facts.phone,
        "language": LANGUAGE_NAMES.get(facts.language, ""),
        **_court(facts.court),
        **_number(facts.number),
        **_applicant(facts),
        **_role(facts, form),
        **_date(facts.date),
    }


def _court(court: str) -> dict[str, str]:
    """An administrative court and its bench (臺北高等行政法院 地方庭) stand apart where the form has boxes for the bench."""
    name, _blank, bench = court.partition(" ")
    return {"court": court, "administrative_court": name, "bench": bench}


def _number(number: CaseNumber | None) -> dict[str, str]:
    return {} if number is None else {name: str(part) for name, part in number._asdict().items()}


def _applicant(facts: Facts) -> dict[str, str]:
    """Whoever acts for another stands in the line of the agents, anybody else in the first line of the parties."""
    is_agent = facts.role.endswith(("代理人", "辯護人"))
    return {
        "name": facts.name,
        "agent" if is_agent else "party": facts.name,
        "agent_kind": "代理人" if facts.role.endswith("代理人") else "",
    }


def _role(facts: Facts, form: Form) -> dict[str, str]:
    """Return the role as the box to tick, and, if this form has no box for it, in words."""
    if not facts.role:
        return {}
    is_civil = facts.category in _CIVIL_BOXES
    box = PARTY if is_civil and facts.role in parts.PARTIES else facts.role
    in_words = {} if box == facts.role else {"role_in_words": facts.role}
    for slot in ("role", "civil_role" if is_civil else "criminal_role"):
        if box in _boxes(form, slot):
            return {slot: box, **in_words}
    return {"role": "other", "other_role": facts.role, "role_in_words": facts.role}


def _boxes(form: Form, slot: str) -> set[str]:
    return {value for text in _all_texts(form.blocks) for value in slots.boxes(text, slot)}


def _all_texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.zh
        elif isinstance(block, Columns):
            yield from (item.zh for item in block.items)
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield from _all_texts(cell.blocks)


def _date(date: dt.date | None) -> dict[str, str]:
    if date is None:
        return {}
    return {"roc_year": str(roc_dates.roc_year(date)), "month": str(date.month), "day": str(date.day)}


def _with_kept_notes(blocks: list[Block], number_label: NumberLabel) -> list[Block]:
    """Return the blocks with what the applicant keeps, below the heading of the page of notes, or at the end."""
    if not number_label.kept_notes:
        return blocks
    pages = (place for place, block in enumerate(blocks, start=1) if _begins_notes(block))
    place = next(pages, len(blocks))
    return [*blocks[:place], _kept_table(number_label), *blocks[place:]]


def _begins_notes(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.style == "next_page"


def _kept_table(number_label: NumberLabel) -> Table:
    number = Paragraph(f"聲請狀編號　**{number_label.number}**（本頁請自行保留）", style="line")
    notes = (Paragraph(note, style="line") for note in number_label.kept_notes)
    return Table("聲請人留存", (165,), (Row((parts.value(number, *notes),)),))


QR_MM = 18


def _number_table(number_label: NumberLabel) -> Table:
    number = Paragraph(f"聲請狀編號　**{number_label.number}**", style="line")
    notes = tuple(parts.hint(note) for note in number_label.notes)
    picture = Picture(number_label.qr_svg, f"聲請狀編號 {number_label.number} 的二維條碼", QR_MM)
    row = Row((parts.value(number, *notes), parts.value(picture)), QR_MM + 2)
    return Table("聲請狀編號", (137, 28), (row,))
