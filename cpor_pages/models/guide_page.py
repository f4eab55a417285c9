"""使用說明: the guide, and the PDF on offer with it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from cpor_pages.documents import file_kinds

from .base import BodyPage
from .guide_pdfs import GuidePdf


class GuidePage(BodyPage):
    """使用說明: the service step by step, with pictures of its screens; as PDF too, to be printed or kept."""

    template = "cpor_pages/guide_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    own_pdf = models.ForeignKey(
        "wagtaildocs.Document",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("PDF of your own"),
        help_text=_("Offered in place of the PDF that is made from this page when it is published."),
    )

    content_panels = BodyPage.content_panels + [FieldPanel("own_pdf")]

    class Meta:
        verbose_name = _("guide")

    def clean(self):
        super().clean()
        if self.own_pdf_id:
            try:
                file_kinds.require_document(self.own_pdf, "pdf")
            except ValidationError as error:
                raise ValidationError({"own_pdf": error}) from error

    @property
    def pdf(self) -> dict | None:
        """The PDF on offer, the day it is of, and whether the page says something newer."""
        if self.own_pdf:
            day = timezone.localtime(self.own_pdf.created_at).date()
            return {"document": self.own_pdf, "made_on": day, "is_older": False}
        made = GuidePdf.objects.filter(page=self).select_related("document").first()
        if not made:
            return None
        is_older = made.revision_id != self.live_revision_id
        return {"document": made.document, "made_on": made.made_on, "is_older": is_older}
