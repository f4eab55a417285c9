"""Applications: who asked to follow which case, and what the court decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core import languages
from cpor_core.email_addresses import NormalEmailField
from cpor_core.models.courts import Court
from cpor_core.models.party_roles import PartyRole
from cpor_core.search_text import SearchedModel, SearchedQuerySet, SearchTextField

from .cases import Case
from .petitions import Petition
from .refusal_reasons import RefusalReason


class ApplicationQuerySet(SearchedQuerySet):
    def for_clerk(self, user) -> "ApplicationQuerySet":
        return self.filter(court__in=Court.objects.keys_for_clerk(user))

    def pending(self) -> "ApplicationQuerySet":
        return self.filter(status=Application.Status.PENDING)

    def approved(self) -> "ApplicationQuerySet":
        return self.filter(status=Application.Status.APPROVED)


class Application(SearchedModel):
    """聲請: one person's application to follow one case, as the clerk recorded it from the paper form."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="applications", verbose_name=_("case")
    )
    # Stored here, too, so that the lists and figures of a court are read off an index. A composite foreign key on
    # PostgreSQL ensures that it is the case's court.
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("court")
    )
    applicant_name = models.CharField(
        _("applicant's name"), max_length=100, help_text=_("As written on the form; activation asks for it.")
    )
    role = models.ForeignKey(PartyRole, on_delete=models.PROTECT, related_name="+", verbose_name=_("role"))
    email = NormalEmailField(
        pgettext_lazy("person", "email address"),
        blank=True,
        help_text=_("Leave empty if the form gives none."),
    )
    phone = models.CharField(
        _("telephone"),
        max_length=30,
        blank=True,
        help_text=_("As on the form, if it gives one: for a hearing that changes within days."),
    )
    language = models.CharField(
        _("language of the emails"), max_length=10, choices=languages.choices, default=languages.first
    )
    received_on = models.DateField(_("received on"))
    receipt_number = models.CharField(_("receipt number"), max_length=40, blank=True)
    petition = models.ForeignKey(
        Petition,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("petition"),
        help_text=_("What its person typed on the site, if the paper was made there."),
    )
    # Kept here, too, because the petition is deleted first.
    address_proved_at = models.DateTimeField(
        _("address proved"),
        null=True,
        blank=True,
        help_text=_("When the code sent to it was entered; empty if it never was."),
    )

    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.PENDING)
    refusal_reason = models.ForeignKey(
        RefusalReason,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("reason for refusal"),
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=pgettext_lazy("account", "account"),
    )

    earlier = models.OneToOneField(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="later",
        verbose_name=_("earlier decision"),
        help_text=_("The refused application on whose paper the court decides again."),
    )

    search_text = SearchTextField("applicant_name", "receipt_number")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="pending", decided_at=None, decided_by=None)
                | (~Q(status="pending") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="application_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(status="refused", refusal_reason__isnull=False)
                | (~Q(status="refused") & Q(refusal_reason=None)),
                name="application_refused_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(status="approved", account__isnull=False)
                | (~Q(status="approved") & Q(account=None)),
                name="application_approved_for_an_account",
            ),
        ]
        indexes = [
            # On the clerk's first page: who has waited longest.
            models.Index(
                fields=["court", "received_on", "id"],
                condition=Q(status="pending"),
                name="pending_applications",
            ),
            # The figures of its last weeks, and the reports: received,
            models.Index(fields=["court", "received_on"], name="applications_received"),
            # and decided.
            models.Index(fields=["court", "decided_at"], name="applications_decided"),
            # The list, newest first.
            models.Index(fields=["court", "-recorded_at"], name="newest_applications"),
            # The list of what one clerk recorded,
            models.Index(fields=["court", "recorded_by"], name="applications_recorded_by"),
            # or decided.
            models.Index(fields=["court", "decided_by"], name="applications_decided_by"),
        ]

    def __str__(self) -> str:
        return f"{self.applicant_name} · {self.case}"

    @property
    def decider_name(self) -> str:
        """Who decided on it; empty while it is pending."""
        return (self.decided_by.get_full_name() or self.decided_by.get_username()) if self.decided_by else ""

    @property
    def is_pending(self) -> bool:
        return self.status == self.Status.PENDING
