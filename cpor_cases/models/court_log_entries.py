"""The log: every action in the office and every view of personal data, by court."""

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.models.audit_log import BaseLogEntry, LogEntryQuerySet, ModelLogEntryManager

from cpor_core.actors import KIND_LABELS, ActorKind, role_name
from cpor_core.models.courts import Court
from cpor_core.punctuation import listed
from cpor_core.search_text import SearchedModel, SearchedQuerySet, SearchTextField

from .log_facts import CASE_VIEWED, ROWS_VIEWED, actor_facts, court_id_of, nameless_title_of


class CourtLogEntryQuerySet(SearchedQuerySet, LogEntryQuerySet):
    """Purges of the log: one or two statements each, however many entries they concern."""

    def forget_actors(self, users) -> int:
        """Blank the names under which these users acted; the key of the account stays. `users` is a queryset."""
        return self.filter(user__in=users).update(actor_username="", actor_name="")

    def forget_views(self, *, user_id: int, case_id: int) -> None:
        """Delete that this user viewed this case, alone or in a list."""
        views = self.filter(user_id=user_id)
        views.filter(action=CASE_VIEWED, object_id=str(case_id)).delete()
        token = f" case:{case_id} "
        listed = views.filter(action=ROWS_VIEWED, rows__contains=token)
        listed.update(rows=Replace(F("rows"), Value(token), Value(" ")))


class CourtLogEntryManager(ModelLogEntryManager.from_queryset(CourtLogEntryQuerySet)):  # type: ignore[misc]  # mypy follows no dynamic base
    """Wagtail's log with the court and the acting person's names of that time in each entry."""

    def get_queryset(self):
        return CourtLogEntryQuerySet(self.model, using=self._db)

    def log_action(self, instance, action, **kwargs):
        kwargs.setdefault("court_id", court_id_of(instance))
        kwargs.setdefault("title", nameless_title_of(instance))
        return super().log_action(instance, action, **kwargs | actor_facts(kwargs.get("user")))

    def for_clerk(self, user):
        return self.filter(court__in=Court.objects.for_clerk(user))

    def viewable_by_user(self, user):
        """Nothing, for anybody: the audit of the office shows the log, Wagtail's own reports do not."""
        return self.none()


class CourtLogEntry(SearchedModel, BaseLogEntry):
    """One action on a row of a court, or one view of personal data: who, when, what.

    The entry keeps the account name, full name and role as they were then: renaming an account changes no entry.
    """

    object_id = models.CharField(_("number"), max_length=255)
    actor_username = models.CharField(_("account name at that time"), max_length=150, blank=True)
    actor_name = models.CharField(_("name at that time"), max_length=310, blank=True)
    actor_kind = models.CharField(_("kind of account"), max_length=10, choices=ActorKind.choices, blank=True)
    actor_role = models.CharField(_("role at that time"), max_length=200, blank=True)
    rows = models.TextField(
        _("rows shown"),
        blank=True,
        help_text=_("Of a list: the model and key of each row, with a blank before, between and after."),
    )
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("court")
    )

    search_text = SearchTextField("label", "actor_username", "actor_name")

    objects = CourtLogEntryManager()

    class Meta(BaseLogEntry.Meta):
        ordering = ["-timestamp", "-id"]
        verbose_name = pgettext_lazy("audit", "log entry")
        verbose_name_plural = pgettext_lazy("audit", "log entries")
        indexes = [
            # The history of one case, application or mail.
            models.Index(fields=["content_type", "object_id"], name="log_of_object"),
            # The court's log, newest first.
            models.Index(fields=["court", "-timestamp"], name="log_of_court"),
            # What one account did and viewed lately.
            models.Index(fields=["user", "-timestamp"], name="log_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.content_type_id}:{self.object_id}"

    @property
    def user_display_name(self) -> str:
        """Who acted, under the name of that time: “陳美玲 (chen, Clerks)”, “wang (litigant)”, “system”."""
        if self.user_id is None:
            return str(KIND_LABELS[self.actor_kind or ActorKind.SYSTEM])
        names = [name for name in (self.actor_name, self.actor_username) if name] or [f"#{self.user_id}"]
        known = listed([*names[1:], self.role_in_words])
        return gettext("%(name)s (%(known)s)") % {"name": names[0], "known": known}

    @property
    def role_in_words(self) -> str:
        """The groups of staff, or that it is the account of a litigant."""
        if self.actor_kind == ActorKind.STAFF and self.actor_role:
            return listed(role_name(name) for name in self.actor_role.split(", "))
        return str(KIND_LABELS[self.actor_kind])
