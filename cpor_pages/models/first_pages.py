"""The pictures of the first pages of PDF files."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FirstPage(models.Model):
    """The picture of a PDF's first page, made from it."""

    document = models.OneToOneField(
        "wagtaildocs.Document",
        on_delete=models.CASCADE,
        related_name="first_page",
        verbose_name=pgettext_lazy("website", "file"),
    )
    image = models.ImageField(
        _("picture"), upload_to="images/first-pages", width_field="width", height_field="height"
    )
    width = models.PositiveSmallIntegerField(pgettext_lazy("picture", "width"), editable=False)
    height = models.PositiveSmallIntegerField(pgettext_lazy("picture", "height"), editable=False)

    class Meta:
        verbose_name = _("picture of a first page")
        verbose_name_plural = _("pictures of first pages")

    def __str__(self) -> str:
        return str(self.document)
