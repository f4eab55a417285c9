"""Which address is whose: one address, one account."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.email_addresses import NormalEmailField


class AccountAddress(models.Model):
    """An address of an account: the one its mails go to, or another that its person has proven.

    A table of the service's own, so that the database keeps one address to one account whatever the site's user model
    is. `address_register` writes it; nobody else does.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="own_addresses",
        verbose_name=pgettext_lazy("account", "account"),
    )
    address = NormalEmailField(_("address"))

    class Meta:
        verbose_name = _("address of an account")
        verbose_name_plural = _("addresses of accounts")
        constraints = [models.UniqueConstraint(fields=["address"], name="one_account_for_each_address")]

    def __str__(self) -> str:
        return f"{self.pk}"
