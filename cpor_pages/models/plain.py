"""Pages of running text: how to apply, the guide, privacy and the like, the site map."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.models import Revision

from cpor_core.models import Category, PartyRole
from cpor_pages.documents import file_kinds

from .base import BodyPage


class PlainPage(BodyPage):
    """Privacy, security, accessibility, open data, about: text and nothing else."""

    template = "cpor_pages/plain_page.html"
    parent_page_types = ["cpor_pages.HomePage", "cpor_pages.PlainPage"]
    subpage_types = ["cpor_pages.PlainPage"]

    class Meta:
        verbose_name = _("plain page")


class ApplyPage(BodyPage):
    """How to apply, and who may: the roles come from the reference data the clerks go by."""

    template = "cpor_pages/apply_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("how to apply")

    @cached_property
    def roles_by_category(self) -> list[tuple[str, list[PartyRole]]]:
        entitled = list(PartyRole.objects.filter(is_entitled=True))
        return [
            (category.label, [role for role in entitled if role.category == category])
            for category in Category
        ]


class GuidePage(BodyPage):
    """使用說明: the service step by step, with pictures of its screens; as PDF too, to be printed or kept."""

    template = "cpor_pages/guide_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types = []
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


class GuidePdf(models.Model):
    """The PDF made from a guide, and from which revision of it."""

    page = models.OneToOneField(
        GuidePage,
        on_delete=models.CASCADE,
        related_name="made_pdf",
        verbose_name=pgettext_lazy("website", "page"),
    )
    document = models.OneToOneField(
        "wagtaildocs.Document",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=pgettext_lazy("website", "file"),
    )
    revision = models.ForeignKey(
        Revision,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("website", "revision"),
    )
    made_on = models.DateField(_("made on"))
    links_to = models.CharField(
        _("address of the site in it"),
        max_length=200,
        blank=True,  # the packaged file, which was made before there was one
    )

    class Meta:
        verbose_name = _("PDF of a guide")
        verbose_name_plural = _("PDFs of guides")

    def __str__(self) -> str:
        return str(self.document)


class SiteMapPage(BodyPage):
    """Every page of the site in one list, and the keys to move about a page."""

    template = "cpor_pages/site_map_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("site map")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["entries"] = self.get_parent().get_descendants().live().order_by("path")
        return context
