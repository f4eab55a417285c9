"""Build the court forms: an ODT and a PDF of each, forms.json that describes them, and the stylesheet of their HTML.

Run `python -m tools.build_forms` after a change to a form and commit what it writes; with
`--check` it only says which files are no longer what their source says. Building needs WeasyPrint with its
libraries and the Noto CJK fonts; checking and using the built files does not.
"""

import json
import sys
from pathlib import Path

from cpor_core.court_forms import FORMS
from cpor_core.court_forms.blocks import Form
from cpor_core.court_forms.filling import Facts, NumberLabel, fill
from cpor_core.pdf import fonts, form_css, html_writer, odt_writer, pdf_writer

FOLDER = Path(__file__).parents[1] / "cpor_pages" / "starter" / "forms"
STYLESHEET = Path(__file__).parents[1] / "site" / "static" / "cpor" / "css" / "court-form.css"
CATALOGUE = FOLDER / "forms.json"
DESCRIBED = (
    "slug",
    "title_zh",
    "title_en",
    "category",
    "purpose",
    "is_bilingual",
    "what_for_zh",
    "what_for_en",
    "who_zh",
    "who_en",
    "used_by",
    "version_date",
)


def build() -> None:
    """Write every file anew."""
    font_faces = fonts.font_faces(fonts.characters_of(pdf_writer.html(form) for form in FORMS))
    STYLESHEET.write_text(_stylesheet(), encoding="utf-8")
    entries = []
    for form in FORMS:
        pdf, pages = pdf_writer.write(form, font_faces)
        _file(form, "odt").write_bytes(odt_writer.write(form))
        _file(form, "pdf").write_bytes(pdf)
        entries.append({**_description(form), "pdf_pages": pages})
        sys.stdout.write(f"{form.slug}: {pages} pages, {len(pdf) // 1024} kB PDF\n")
    CATALOGUE.write_text(
        json.dumps({"forms": entries}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def stale_files() -> list[str]:
    """Names of committed files that are missing or do not match their source; needs nothing but odfpy."""
    stale = [_file(form, kind).name for form in FORMS for kind in ("odt", "pdf") if not _is_fresh(form, kind)]
    if not STYLESHEET.exists() or STYLESHEET.read_text(encoding="utf-8") != _stylesheet():
        stale.append(STYLESHEET.name)
    if _catalogue() != [_description(form) for form in FORMS]:
        stale.append(CATALOGUE.name)
    return stale


def _stylesheet() -> str:
    """Return the stylesheet of pages that show any of the forms, blank or filled in."""
    petitions = (fill(form, Facts(), NumberLabel("", "")) for form in FORMS)
    return form_css.for_screen("".join(html_writer.body(petition) for petition in petitions))


def _is_fresh(form: Form, kind: str) -> bool:
    file = _file(form, kind)
    if not file.exists():
        return False
    if kind == "odt":
        return odt_writer.parts(file.read_bytes()) == odt_writer.parts(odt_writer.write(form))
    return pdf_writer.fingerprint(pdf_writer.html(form)) in file.read_bytes()


def _catalogue() -> list[dict]:
    if not CATALOGUE.exists():
        return []
    entries = json.loads(CATALOGUE.read_text(encoding="utf-8"))["forms"]
    # How many pages there are is known only to who builds the PDF.
    return [{key: entry[key] for key in entry if key != "pdf_pages"} for entry in entries]


def _description(form: Form) -> dict:
    files = {kind: _file(form, kind).name for kind in ("odt", "pdf")}
    described = {name: getattr(form, name) for name in DESCRIBED}
    return {**described, "used_by": list(form.used_by), "files": files}


def _file(form: Form, kind: str) -> Path:
    return FOLDER / f"{form.slug}.{kind}"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit("\n".join(stale_files()) or None)
    build()
