"""The calendar feeds of people's hearings."""

import hashlib

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def hash_of(key: str) -> str:
    """Return what is stored of a key.

    One round of SHA-256 suffices: a key is 256 random bits, not a password that could be guessed.
    """
    return hashlib.sha256(key.encode()).hexdigest()


class CalendarFeedQuerySet(models.QuerySet):
    def opened_by(self, key: str) -> "CalendarFeedQuerySet":
        """The feed of `key`; none if it was replaced or switched off, or if its account is inactive."""
        return self.filter(key_hash=hash_of(key), account__is_active=True).select_related("account")


class CalendarFeed(models.Model):
    """A person's calendar address: a secret key, stored hashed, that gives access to the dates of their hearings alone."""

    class Title(models.TextChoices):
        HEARING = "hearing", _("“Hearing” alone")
        CASE_NUMBER = "case_number", _("with the case number")
        OWN_NAME = "own_name", _("with my own short name of the case, or else its number")

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="calendar_feed",
        verbose_name=pgettext_lazy("account", "account"),
    )
    key_hash = models.CharField(_("hash of the key"), max_length=64)
    title = models.CharField(
        _("title of each hearing"), max_length=20, choices=Title.choices, default=Title.HEARING
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    last_fetched_at = models.DateTimeField(_("last fetched"), null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [models.UniqueConstraint(fields=["key_hash"], name="unique_calendar_key")]

    def __str__(self) -> str:
        return f"{self.pk}"
