"""On record: every deed in the back office and every look of a person at a case, by court."""

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models.audit_log import BaseLogEntry, ModelLogEntryManager

from .access import Activation, CaseAccess
from .applications import Application
from .cases import Case
from .courts import Court
from .mail import OutgoingMail
from .progress import ProgressEntry

# What was only looked at: by a person in the case, or at the desk.
LOOKS = ["cpor_cases.case.view", "cpor_cases.case.inspect", "cpor_cases.application.inspect"]


def court_id_of(instance) -> int | None:
    """Return the key of the court a row belongs to; None for what belongs to no single court."""
    if isinstance(instance, Court):
        return instance.pk
    if isinstance(instance, Application | CaseAccess):
        return instance.case.court_id
    if isinstance(instance, Activation):
        case = _case_that_woke(instance)
        return case and case.court_id
    return getattr(instance, "court_id", None)


def nameless_title_of(instance) -> str:
    """Return what a log entry calls a row: by its case if it has one, in the court's language whoever did it.

    The log outlives the names of the people, so it has none of them.
    """
    with translation.override(settings.LANGUAGE_CODE):
        case = _case_of(instance)
        if case is None:
            return str(instance)
        if isinstance(instance, ProgressEntry):
            return f"{case} · {instance}"
        if isinstance(instance, OutgoingMail):
            return f"{case} · {instance.get_kind_display()}"
        return str(case)


def _case_of(instance) -> Case | None:
    if isinstance(instance, Application | CaseAccess | ProgressEntry):
        return instance.case
    if isinstance(instance, OutgoingMail):
        return instance.access and instance.access.case
    return _case_that_woke(instance) if isinstance(instance, Activation) else None


def _case_that_woke(activation: Activation) -> Case | None:
    """The case whose approval sent the link: the latest one."""
    approved = Application.objects.filter(account=activation.account_id).select_related("case__court")
    latest = approved.order_by("-decided_at").first()
    return latest and latest.case


class CourtLogEntryManager(ModelLogEntryManager):
    """Wagtail's log, with the court of each entry, so that its reports keep to the reader's horizon."""

    def log_action(self, instance, action, **kwargs):
        kwargs.setdefault("court_id", court_id_of(instance))
        kwargs.setdefault("title", nameless_title_of(instance))
        return super().log_action(instance, action, **kwargs)

    def for_clerk(self, user):
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
            # The history of one case, application or mail.
            models.Index(fields=["content_type", "object_id"], name="log_of_object"),
            # The court's log, newest first.
            models.Index(fields=["court", "-timestamp"], name="log_of_court"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.content_type_id}:{self.object_id}"
