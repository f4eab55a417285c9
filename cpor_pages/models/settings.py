"""What stands on every page besides the page: whom to turn to, and the notice banner."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from cpor_core.models.bilingual import foreign_language, in_reader_language


@register_setting(icon="cog")
class ServiceSettings(BaseGenericSetting):
    """Contact and notice of the service, in both languages side by side."""

    organisation_zh = models.CharField(_("organisation in Chinese"), max_length=100, blank=True)
    organisation_en = models.CharField(_("organisation in English"), max_length=100, blank=True)
    address_zh = models.CharField(_("address in Chinese"), max_length=200, blank=True)
    address_en = models.CharField(_("address in English"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    notice_is_shown = models.BooleanField(
        _("show the notice"),
        default=False,
        help_text=_("Puts the notice on top of every page of the site, in both languages."),
    )
    notice_zh = models.CharField(_("notice in Chinese"), max_length=200, blank=True)
    notice_en = models.CharField(_("notice in English"), max_length=300, blank=True)
    notice_url = models.URLField(_("link of the notice"), blank=True)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("notice_is_shown"),
                FieldPanel("notice_zh", help_text=_("One sentence: what, when, and what people can do.")),
                FieldPanel("notice_en"),
                FieldPanel(
                    "notice_url",
                    help_text=_("The whole notice leads there. Leave empty for a notice without a link."),
                ),
            ],
            heading=_("Notice banner"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("organisation_zh"),
                FieldPanel("organisation_en"),
                FieldPanel("address_zh"),
                FieldPanel("address_en"),
                FieldPanel(
                    "phone",
                    help_text=_("Of the service, not of a court: courts are kept under “Reference data”."),
                ),
                FieldPanel(
                    "email",
                    help_text=_("Shown to everybody, and named in security.txt for those who find a flaw."),
                ),
            ],
            heading=_("Contact in the footer"),
        ),
    ]

    class Meta:
        verbose_name = _("contact and notice")

    def clean(self):
        """What is said in one language is said in the other: a page never shows a text its reader cannot read."""
        missing = {}
        for name in ("notice", "organisation", "address"):
            texts = {field: getattr(self, field).strip() for field in (f"{name}_zh", f"{name}_en")}
            if any(texts.values()) or (name == "notice" and self.notice_is_shown):
                missing |= {
                    field: _("Give the text in both languages.") for field in texts if not texts[field]
                }
        if missing:
            raise ValidationError(missing)

    @property
    def organisation(self) -> str:
        return in_reader_language(self.organisation_zh, self.organisation_en)

    @property
    def address(self) -> str:
        return in_reader_language(self.address_zh, self.address_en)

    @property
    def notice_language(self) -> str:
        """The language of the notice, if it is another than the reader's: of one saved before both were asked for."""
        return foreign_language(self.notice_zh, self.notice_en)

    @property
    def notice(self) -> str:
        return in_reader_language(self.notice_zh, self.notice_en) if self.notice_is_shown else ""
