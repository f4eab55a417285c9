"""The logo beside the name of the service: what a picture must be like, and how it is drawn."""

import logging
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

logger = logging.getLogger(__name__)

# Shown 2.5rem high, 40 px by default; drawn for screens of three times as many dots. Wagtail never enlarges.
DRAWN = "max-720x120|format-png"
LEAST_HEIGHT = 80  # px
MOST_PIXELS = 20_000_000
WIDEST = 6  # times its height: it leaves room for name and menu on a phone
NARROWEST = 2  # times its width


@dataclass(frozen=True)
class Logo:
    """Pictures as they are drawn (Wagtail's renditions), and the text for who does not see them."""

    drawn: Any
    on_dark: Any | None
    text: str
    language: str  # of the text, if it is another than the reader's


def shown(settings) -> Logo | None:
    """Return the logo of the service, or None: none is set, or its file is gone."""
    drawn = _drawn(settings.logo)
    if drawn is None:
        return None
    return Logo(drawn, _drawn(settings.logo_on_dark), settings.logo_text, settings.logo_language)


def _drawn(image) -> Any | None:
    if image is None:
        return None
    try:
        return image.get_rendition(DRAWN)
    except (SourceImageIOError, InvalidFilterSpecError, OSError):
        logger.exception(
            "the logo cannot be drawn: the emblem stands in its place", extra={"image": image.pk}
        )
        return None


def require_logo(image) -> None:
    """Raise ValidationError, with a sentence, unless a picture can be shown as the logo."""
    if image.is_svg():
        raise ValidationError(
            _("A logo cannot be an SVG drawing. Save it as PNG, with a transparent ground.")
        )
    if image.height < LEAST_HEIGHT:
        sentence = _("The picture is %(height)s px high. A logo needs at least %(least)s px to be sharp.")
        raise ValidationError(sentence % {"height": image.height, "least": LEAST_HEIGHT})
    if image.width * image.height > MOST_PIXELS:
        sentence = _(
            "The picture has %(width)s × %(height)s px. Make it smaller: 1,000 px in height are enough."
        )
        raise ValidationError(sentence % {"width": image.width, "height": image.height})
    if image.width > WIDEST * image.height or image.height > NARROWEST * image.width:
        raise ValidationError(
            _(
                "The picture has %(width)s × %(height)s px. A logo may be at most %(widest)s times as wide as high, "
                "and at most %(narrowest)s times as high as wide: cut off its empty margins."
            )
            % {
                "width": image.width,
                "height": image.height,
                "widest": WIDEST,
                "narrowest": NARROWEST,
            }
        )
