"""On record: every deed in the back office and every look of a person at a case, by court."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models.audit_log import BaseLogEntry, ModelLogEntryManager

from .access import Activation, CaseAccess
from .applications import Application
from .courts import Court


def court_id_of(instance) -> int | None:
    """Return the key of the court a row belongs to; None for what belongs to no single court."""
    if isinstance(instance, Court):
        return instance.pk
    if isinstance(instance, Application | CaseAccess):
        return instance.case.court_id
    if isinstance(instance, Activation):
        approved = Application.objects.filter(account=instance.account_id).order_by("-decided_at")
        return approved.values_list("case__court", flat=True).first()
    return getattr(instance, "court_id", None)


def nameless_title_of(instance) -> str:
    """Return what a log entry calls a row. The log outlives the names of the people, so it has none of them."""
    if isinstance(instance, Application | CaseAccess):
        return str(instance.case)
    return str(instance)


class CourtLogEntryManager(ModelLogEntryManager):
    """Wagtail's log, with the court of each entry, so that its reports keep to the reader's horizon."""

    def log_action(self, instance, action, **kwargs):
        kwargs.setdefault("court_id", court_id_of(instance))
        kwargs.setdefault("title", nameless_title_of(instance))
        return super().log_action(instance, action, **kwargs)

    def for_clerk(self, user):
        if user.is_active and user.is_superuser:
            return self.all()
        return self.filter(court__in=Court.objects.for_clerk(user))

    def viewable_by_user(self, user):
        """Within the horizon, and only of models the person may look at.

        Wagtail's own answer is no use here: it is kept on the user for the first of several log models asked.
        """
        models_of_ours = apps.get_app_config("cpor_cases").get_models()
        viewable = [
            model for model in models_of_ours if user.has_perm(f"cpor_cases.view_{model._meta.model_name}")
        ]
        content_types = ContentType.objects.get_for_models(*viewable).values()
        return self.for_clerk(user).filter(content_type__in=content_types)


class CourtLogEntry(BaseLogEntry):
    """One deed on a row of a court, or one look at a case: who, when, what."""

    object_id = models.CharField(_("number"), max_length=255)
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("court")
    )

    objects = CourtLogEntryManager()

    class Meta(BaseLogEntry.Meta):
        ordering = ["-timestamp", "-id"]
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="log_of_object"),
            models.Index(fields=["court", "-timestamp"], name="log_of_court"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.content_type_id}:{self.object_id}"
