"""Downloads by month: no person, address or session is kept with them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.documents.models import Document


class DownloadCounter(models.Model):
    """How often a file was fetched in a month."""

    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="counters",
        verbose_name=pgettext_lazy("website", "file"),
    )
    month = models.DateField(_("month"))
    count = models.PositiveIntegerField(_("downloads"), default=0)

    class Meta:
        verbose_name = _("downloads of a month")
        verbose_name_plural = _("downloads by month")
        constraints = [models.UniqueConstraint(fields=["document", "month"], name="unique_download_counter")]

    def __str__(self) -> str:
        return f"{self.document} {self.month:%Y-%m}"
