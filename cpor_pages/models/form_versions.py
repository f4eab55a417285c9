"""One edition of a court form, with its files."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel

from cpor_pages.documents import file_kinds

from .first_pages import FirstPage

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def version_file(label: "StrPromise", **kwargs) -> models.ForeignKey:
    """Return the field of a version's file, which is protected from deletion while the version offers it."""
    return models.ForeignKey(
        "wagtaildocs.Document", on_delete=models.PROTECT, related_name="+", verbose_name=label, **kwargs
    )


class FormVersion(models.Model):
    """One edition of a form, in an open format to fill in and as PDF to print."""

    form = ParentalKey(
        "cpor_pages.CourtForm", on_delete=models.CASCADE, related_name="versions", verbose_name=_("form")
    )
    version_date = models.DateField(_("version of"))
    odt = version_file(_("ODT file"))
    pdf = version_file(_("PDF file"))
    docx = version_file(_("DOCX file"), null=True, blank=True)
    panels = [
        FieldPanel("version_date", help_text=_("The date printed on the form.")),
        FieldPanel("odt", help_text=_("To be filled in: an open format, which public bodies must offer.")),
        FieldPanel("pdf", help_text=_("To be printed. Its first page becomes the picture beside the form.")),
        FieldPanel("docx", help_text=_("An extra for those who use Word; never alone.")),
    ]

    class Meta:
        verbose_name = _("version of a form")
        verbose_name_plural = _("versions of forms")
        ordering = ["-version_date"]
        constraints = [models.UniqueConstraint(fields=["form", "version_date"], name="unique_form_version")]

    def __str__(self) -> str:
        return f"{self.form} {self.version_date}"

    def clean(self):
        """Require that each file has the type of its field and that the PDF opens, since its first page is drawn."""
        wrong = {}
        for kind in ("odt", "pdf", "docx"):
            if getattr(self, f"{kind}_id") is None:
                continue
            try:
                file_kinds.require_document(getattr(self, kind), kind)
            except ValidationError as error:
                wrong[kind] = error
        if wrong:
            raise ValidationError(wrong)

    @property
    def first_page(self) -> "FirstPage | None":
        """The picture of the PDF's first page, if one could be made."""
        return getattr(self.pdf, "first_page", None)

    @property
    def files(self) -> list[tuple[str, object]]:
        """The files with the names of their formats, the open ones first."""
        named = [("ODT", self.odt), ("PDF", self.pdf), ("DOCX", self.docx)]
        return [(name, file) for name, file in named if file]
