"""The screen of a court form in the office: its URLs, and what it sends."""

from django.urls import reverse

from cpor_core.translated.fields import texts
from cpor_pages.models import CourtForm


def url_of(view: str, form: CourtForm, *further) -> str:
    return reverse(f"wagtailsnippets_cpor_pages_courtform:{view}", args=[form.pk, *further])


def edit_data_of(form: CourtForm) -> dict:
    """What the screen of a form sends."""
    version = form.current_version
    names = ("slug", "category", "purpose", "sort_order")
    row = {
        "id": version.pk,
        "version_date": version.version_date,
        "odt": version.odt_id,
        "pdf": version.pdf_id,
    }
    row |= {"docx": version.docx_id or "", "ORDER": 1}
    count = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    return (
        {name: getattr(form, name) for name in names}
        | {
            f"{name}_{code}": text
            for name in ("title", "what_for", "who")
            for code, text in texts(form, name).items()
        }
        | {"used_by": [group.pk for group in form.used_by.all()]}
        | {f"versions-0-{name}": value for name, value in row.items()}
        | {f"versions-{name}": value for name, value in count.items()}
    )
