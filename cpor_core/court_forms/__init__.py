"""The court forms: one definition each, from which everything derives.

`tools.build_forms` makes the ODT and PDF files of the starter content and `forms.json`, which describes them; run it after
a change. `filling` fills a definition with what is known of one application; the writers of `cpor_core.pdf` print either.
"""

from .blocks import Form
from .complaints import COMPLAINTS, complaint_of
from .petitions import PETITIONS
from .progress_application import PROGRESS_APPLICATIONS

__all__ = ["FORMS", "complaint_of", "form_of"]

FORMS: tuple[Form, ...] = (*PROGRESS_APPLICATIONS, *COMPLAINTS, *PETITIONS)


def form_of(slug: str) -> Form:
    """Return the form of this short name. Raises KeyError."""
    return _FORMS[slug]


_FORMS = {form.slug: form for form in FORMS}
