"""The PDF files made from guides."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Revision


class GuidePdf(models.Model):
    """The PDF of a guide page, with the revision it was made from."""

    page = models.OneToOneField(
        "cpor_pages.GuidePage",
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
