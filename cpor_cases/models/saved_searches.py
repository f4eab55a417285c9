"""What people typed into a search box, kept on the server: the address of the results holds a key and no name."""

import datetime as dt
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.mentions import rows_mentioning

LITIGANTS_SEARCH = dt.timedelta(days=1)


class SavedSearchQuerySet(models.QuerySet):
    """A purge by age, by account or by what was searched for is one query and one DELETE on one of these:

    `SavedSearch.objects.expired(now).delete()`, `.filter(account__in=accounts).delete()`, `.mentioning(names).delete()`.
    Nothing refers to the rows by a foreign key; a log entry names the key, and says that the text is gone.
    """

    def expired(self, at: dt.datetime | None = None):
        return self.filter(expires_at__lt=at or timezone.now())

    def mentioning(self, words: Iterable[str]):
        return rows_mentioning(self, "text", words)

    def text_of(self, key: str, *, account, view: str) -> str | None:
        """Return what `account` typed in `view` under this key; None if nobody did, another did, or it has expired."""
        own = self.filter(key=key, account=account, view=view, expires_at__gte=timezone.now())
        return own.values_list("text", flat=True).first()


class SavedSearchManager(models.Manager.from_queryset(SavedSearchQuerySet)):  # type: ignore[misc]  # mypy follows no dynamic base
    def keep(self, text: str, *, account, view: str, for_days: int = 0) -> str:
        """Keep what was typed and return its key: the same key for the same text, so that its address stays."""
        term = dt.timedelta(days=for_days) if for_days else LITIGANTS_SEARCH
        kept, made = self.get_or_create(
            account=account,
            view=view,
            text=text,
            defaults={"key": secrets.token_urlsafe(16), "expires_at": timezone.now() + term},
        )
        if not made:
            self.filter(pk=kept.pk).update(expires_at=timezone.now() + term)
        return kept.key


class SavedSearch(models.Model):
    """One search of one account in one list. Only that account can open it."""

    key = models.CharField(pgettext_lazy("search", "key"), max_length=30)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=pgettext_lazy("account", "account"),
    )
    view = models.CharField(pgettext_lazy("website", "page"), max_length=80)
    text = models.CharField(_("text"), max_length=200)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("kept until"), db_index=True)

    wagtail_reference_index_ignore = True

    objects = SavedSearchManager()

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        constraints = [
            models.UniqueConstraint(fields=["key"], name="one_search_per_key"),
            models.UniqueConstraint(fields=["account", "view", "text"], name="each_search_saved_once"),
        ]

    def __str__(self) -> str:
        return self.key
