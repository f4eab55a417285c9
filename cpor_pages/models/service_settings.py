"""Settings shown on every page: the name of the service, the contact and the notice banner."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from cpor_core import languages
from cpor_core.translated.fields import TranslatedField, language_of, texts


@register_setting(icon="cog")
class ServiceSettings(BaseGenericSetting):
    """Name, contact and notice of the service, in both languages side by side."""

    name = TranslatedField(pgettext_lazy("of the service", "name"), max_length=60, blank=True)
    organisation = TranslatedField(_("organisation"), max_length=100, blank=True, is_whole=True)
    address = TranslatedField(
        pgettext_lazy("of an organisation", "address"), max_length=200, blank=True, is_whole=True
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(pgettext_lazy("person", "email address"), blank=True)
    notice_is_shown = models.BooleanField(
        _("show the notice"),
        default=False,
        help_text=_("Puts the notice on top of every page of the site, in both languages."),
    )
    notice = TranslatedField(pgettext_lazy("banner", "notice"), max_length=300, blank=True, is_whole=True)
    notice_url = models.URLField(_("link of the notice"), blank=True)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel(
                    "name",
                    help_text=_(
                        "Shown in the head of every page, in titles, emails, the guide as PDF and the office. "
                        "Left empty: the name that the service comes with."
                    ),
                ),
            ],
            heading=_("Name of the service"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("notice_is_shown"),
                FieldPanel("notice", help_text=_("One sentence: what, when, and what people can do.")),
                FieldPanel(
                    "notice_url",
                    help_text=_("The whole notice leads there. Leave empty for a notice without a link."),
                ),
            ],
            heading=_("Notice banner"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("organisation"),
                FieldPanel("address"),
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
        verbose_name = _("name, contact and notice")

    def clean_fields(self, exclude=None):
        """Refuse to show a notice without a text: it would be an empty banner on every page."""
        super().clean_fields(exclude)
        if not self.notice_is_shown or "notice" in (exclude or ()):
            return
        errors = self._meta.get_field("notice").errors_of(texts(self, "notice"), is_required=True)
        if errors:
            raise ValidationError({"notice": list(errors.values())})

    @property
    def shown_notice(self) -> str:
        return self.notice if self.notice_is_shown else ""

    @property
    def notice_language(self) -> str:
        """The language of the notice, if it is another than the reader's."""
        found = language_of(self, "notice")
        return "" if found == languages.reader() else found
