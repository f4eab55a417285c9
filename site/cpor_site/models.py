"""The account: a litigant's or a member of staff's."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.email_addresses import NormalEmailField


class User(AbstractUser):  # type: ignore[django-manager-missing]  # of Wagtail's LockableMixin, which has no types
    """One person's log-in. A litigant's is made inactive by the first approval.

    One address belongs to one account, however it is spelled, and so does one account name, whatever its case.
    """

    email = NormalEmailField(pgettext_lazy("person", "email address"), blank=True)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="one_account_per_address",
                violation_error_message=_("There is already an account with this email address."),
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="one_account_per_name",
                violation_error_message=_("This account name is taken. Please choose another one."),
            ),
        ]

    def get_full_name(self) -> str:
        """Return the name as it is said: 王大明, but Mary Wang."""
        joint = " " if (self.first_name + self.last_name).isascii() else ""
        parts = [self.first_name, self.last_name] if joint else [self.last_name, self.first_name]
        return joint.join(part for part in parts if part)
