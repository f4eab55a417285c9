"""Petitions filled in on the site, until their paper is handed in and decided on, or they expire."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core import languages, petition_numbers
from cpor_core.case_numbers import CaseNumber
from cpor_core.email_addresses import NormalEmailField
from cpor_core.models.courts import Category, Court
from cpor_core.models.party_roles import PartyRole

if TYPE_CHECKING:
    from .applications import Application


class PetitionQuerySet(models.QuerySet["Petition"]):
    def for_clerk(self, user) -> "PetitionQuerySet":
        return self.filter(court__in=Court.objects.keys_for_clerk(user))

    def numbered(self, typed: str) -> "PetitionQuerySet":
        """The petition whose number was typed or scanned, if there is one; none for what is no number."""
        return self.filter(number=petition_numbers.parse(typed) or "")

    def current(self, at: dt.datetime | None = None) -> "PetitionQuerySet":
        """Those that can still be handed in, or were handed in already."""
        applications = self.model.applications.rel.related_model.objects  # type: ignore[attr-defined]  # of the relation
        received = Exists(applications.filter(petition=OuterRef("pk")))
        return self.filter(Q(expires_at__gt=at or timezone.now()) | received)


class Petition(models.Model):
    """線上查詢案件進度聲請狀: what a person typed on the site, to be printed, signed and handed in at the court.

    It belongs to whoever has its number and address. It becomes an application when a clerk records its paper.
    """

    class State(models.TextChoices):
        NOT_RECEIVED = "not_received", _("not yet received by the court")
        RECEIVED = "received", _("received by the court")
        APPROVED = "approved", _("approved")
        NOT_ACCEPTED = "not_accepted", _("not accepted")

    number = models.CharField(
        _("petition number"), max_length=petition_numbers.LENGTH, default=petition_numbers.make
    )
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("court")
    )
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    # Of the case; none of them while it has no number: its complaint is handed in with the petition, or it is on its way
    # from the court below.
    case_year = models.PositiveSmallIntegerField(_("year of the Republic"), null=True, blank=True)
    case_word = models.CharField(_("case word"), max_length=20, blank=True)
    case_serial = models.PositiveIntegerField(pgettext_lazy("of a case", "number"), null=True, blank=True)
    division = models.CharField(_("division"), max_length=20, blank=True)
    former_case = models.CharField(
        _("case in the court below"), max_length=150, blank=True, help_text=_("Court and number.")
    )
    role = models.ForeignKey(PartyRole, on_delete=models.PROTECT, related_name="+", verbose_name=_("role"))
    applicant_name = models.CharField(_("applicant's name"), max_length=100)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    address = NormalEmailField(pgettext_lazy("person", "email address"))
    address_proved_at = models.DateTimeField(
        _("address proved"),
        null=True,
        blank=True,
        help_text=_("When the code sent to it was entered; empty if it never was."),
    )
    language = models.CharField(
        _("language of the emails"), max_length=10, choices=languages.choices, default=languages.first
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(
        _("expires"), help_text=_("It is deleted then, unless it was handed in.")
    )

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="unique_petition_number"),
            models.CheckConstraint(
                condition=Q(case_year=None, case_word="", case_serial=None)
                | (Q(case_year__gte=1, case_year__lte=999, case_serial__gte=1) & ~Q(case_word="")),
                name="petition_case_number_whole_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.grouped_number

    @property
    def grouped_number(self) -> str:
        return petition_numbers.grouped(self.number)

    @property
    def case_number(self) -> CaseNumber | None:
        """The number of its case; None if it has none yet."""
        if self.case_year is None or self.case_serial is None:
            return None
        return CaseNumber(self.case_year, self.case_word, self.case_serial)

    @property
    def is_with_complaint(self) -> bool:
        """Whether the complaint that starts the case is handed in together with it."""
        return self.case_number is None and not self.former_case

    @property
    def is_address_proved(self) -> bool:
        return self.address_proved_at is not None

    @property
    def application(self) -> "Application | None":
        """The application that a clerk recorded from its paper: the last, where the court decided again."""
        return self.applications.order_by("-pk").first()

    @property
    def state(self) -> "Petition.State":
        return self.state_of(self.application)

    @classmethod
    def state_of(cls, application: "Application | None") -> "Petition.State":
        if application is None:
            return cls.State.NOT_RECEIVED
        if application.is_pending:
            return cls.State.RECEIVED
        return cls.State.APPROVED if application.account_id else cls.State.NOT_ACCEPTED
