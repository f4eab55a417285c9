"""The form of uploaded documents."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm

from .file_kinds import ending_of, require_sound


class DocumentForm(BaseDocumentForm):
    """Validates every uploaded document: single and multiple uploads, replacements, choosers, API."""

    def full_clean(self):
        super().full_clean()
        if self.has_error("file"):
            # Nothing is left of a file that was refused, and Wagtail goes on to complain of its ending.
            del self.errors["file"][1:]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            self._require_same_kind(file)
            require_sound(file, ending_of(file.name))
        return file

    def _require_same_kind(self, file) -> None:
        """A replaced file keeps its type, because forms, drafts and links offer the document as that type."""
        kind = ending_of(self.original_file.name) if self.original_file else ""
        if kind and ending_of(file.name) != kind:
            sentence = _(
                "This document is a .%(kind)s file and is offered as one. Add another format as a new document."
            )
            raise ValidationError(sentence % {"kind": kind}, code="other_kind")
