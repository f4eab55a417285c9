"""Settings shown on every page: the name, logo and accent colour of the service, the contact and the notice banner."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.images import get_image_model_string

from cpor_core import languages
from cpor_core.branding import Branding
from cpor_core.colours import DARK, LIGHT
from cpor_core.translated.fields import TranslatedField, language_of, texts
from cpor_pages import logos
from cpor_pages.accents import readable_colour


@register_setting(icon="cog")
class ServiceSettings(BaseGenericSetting):
    """Name, appearance, contact and notice of the service, in both languages side by side."""

    select_related = ("logo", "logo_on_dark")

    name = TranslatedField(pgettext_lazy("of the service", "name"), max_length=60, blank=True)
    logo = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
    )
    logo_on_dark = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo on dark ground"),
    )
    logo_text = TranslatedField(_("alternative text of the logo"), max_length=100, blank=True)
    accent = models.CharField(_("accent colour"), max_length=7, blank=True)
    accent_on_dark = models.CharField(_("accent colour on dark ground"), max_length=7, blank=True)
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
                FieldPanel(
                    "logo",
                    help_text=_(
                        "Stands before the name in the head of every page, 40 px high. PNG, WebP or JPEG, at least "
                        "80 px high. Left empty: the gate with the steps of a case. Emails have no pictures."
                    ),
                ),
                FieldPanel(
                    "logo_on_dark",
                    help_text=_(
                        "For readers whose device shows pages dark. Left empty: the logo stands on a white plate there."
                    ),
                ),
                FieldPanel(
                    "logo_text",
                    help_text=_(
                        "What the logo shows or says, for people who do not see it. Leave it empty if it says no more "
                        "than the name, which stands beside it."
                    ),
                ),
                FieldPanel(
                    "accent",
                    help_text=_(
                        "Of links, buttons and the line on top, as #rrggbb. It must be readable on the light pages: "
                        "if not, the nearest that is will be named here. Left empty: #0b5c60."
                    ),
                ),
                FieldPanel(
                    "accent_on_dark",
                    help_text=_("The same on dark pages. Left empty: it follows from the accent colour."),
                ),
            ],
            heading=_("Logo and colour"),
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
        verbose_name = _("name, appearance, contact and notice")

    def clean(self):
        """Refuse a picture that is no logo, and a colour that could not be read."""
        super().clean()
        faults: dict[str, ValidationError] = {}
        for name in ("logo", "logo_on_dark"):
            try:
                if image := getattr(self, name):
                    logos.require_logo(image)
            except ValidationError as error:
                faults[name] = error
        for name, scheme in (("accent", LIGHT), ("accent_on_dark", DARK)):
            try:
                setattr(self, name, readable_colour(getattr(self, name), scheme))
            except ValidationError as error:
                faults[name] = error
        if faults:
            raise ValidationError(faults)

    def clean_fields(self, exclude=None):
        """Refuse to show a notice without a text: it would be an empty banner on every page."""
        super().clean_fields(exclude)
        if not self.notice_is_shown or "notice" in (exclude or ()):
            return
        errors = self._meta.get_field("notice").errors_of(texts(self, "notice"), is_required=True)
        if errors:
            raise ValidationError({"notice": list(errors.values())})

    @property
    def branding(self) -> Branding:
        return Branding(texts(self, "name"), self.accent, self.accent_on_dark)

    @property
    def logo_language(self) -> str:
        """The language of the logo's text, if it is another than the reader's."""
        found = language_of(self, "logo_text")
        return "" if found == languages.reader() else found

    @property
    def shown_notice(self) -> str:
        return self.notice if self.notice_is_shown else ""

    @property
    def notice_language(self) -> str:
        """The language of the notice, if it is another than the reader's."""
        found = language_of(self, "notice")
        return "" if found == languages.reader() else found
