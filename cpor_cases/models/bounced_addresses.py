"""Addresses that bounce."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_core.email_addresses import NormalEmailField

from .case_accesses import CaseAccess


class BouncedAddressQuerySet(models.QuerySet):
    def of(self, address: str) -> "BouncedAddressQuerySet":
        return self.filter(address=address)

    def hard(self) -> "BouncedAddressQuerySet":
        """Addresses that accept no mail at all: nothing more is sent there."""
        return self.filter(hardness=BouncedAddress.Hardness.HARD)

    def does_bounce(self, address: str) -> bool:
        """Whether nothing more is sent to this address."""
        return self.hard().of(address).exists()

    def for_clerk(self, user) -> "BouncedAddressQuerySet":
        """Those of people who may see a case of the clerk's courts."""
        rights = CaseAccess.objects.in_force().for_clerk(user)
        return self.filter(Exists(rights.filter(account__own_addresses__address=OuterRef("address"))))


class BouncedAddress(models.Model):
    """An address that bounces: since when, and the last reply of its server.

    A hard bounce (no such mailbox, no such domain) stops all further mail until the address is corrected. A soft one
    (mailbox full, server unreachable for days) is only recorded.
    """

    class Hardness(models.TextChoices):
        HARD = "hard", _("cannot receive email")
        SOFT = "soft", _("could not receive email for a time")

    address = NormalEmailField(_("address"))
    hardness = models.CharField(_("how it bounces"), max_length=4, choices=Hardness.choices)
    status = models.CharField(_("status code"), max_length=11, blank=True)
    answer = models.CharField(_("server's answer"), max_length=500, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)
    last_at = models.DateTimeField(_("last time"), default=timezone.now)

    objects = BouncedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address that bounces")
        verbose_name_plural = _("addresses that bounce")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["address"], name="one_mark_per_address"),
            models.CheckConstraint(
                condition=models.Q(address=Lower("address")), name="bounced_address_is_folded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_hardness_display()} {self.pk}"

    @property
    def is_hard(self) -> bool:
        return self.hardness == self.Hardness.HARD
