"""The court forms of the starter content: their sources, and beside them the built ODT and PDF files.

`forms.json` describes the built files; run `python -m tools.build_forms` after a change.
"""

from .blocks import Form
from .complaint import CIVIL_COMPLAINT
from .petitions import PETITIONS
from .progress_application import PROGRESS_APPLICATIONS

FORMS: tuple[Form, ...] = (*PROGRESS_APPLICATIONS, CIVIL_COMPLAINT, *PETITIONS)
