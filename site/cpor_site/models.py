"""The account: a litigant's or a member of staff's."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cpor_cases.mail_choices import DIGEST_HOUR, MailPreference
from cpor_core.email_addresses import NormalEmailField


class User(AbstractUser):
    """One person's way in. A litigant's is made asleep (`is_active` off) by the first approval.

    One address is one account, however it is spelled, and one account name, upper and lower case alike.
    """

    email = NormalEmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("The language of this person's mails."),
    )
    # What holds for every case of the account that has no choice of its own, one added later too.
    mail_preference = models.CharField(
        _("mails about news"), max_length=10, choices=MailPreference.choices, default=MailPreference.AT_ONCE
    )
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the daily mail"), default=DIGEST_HOUR, validators=[MaxValueValidator(23)]
    )
    mails_show_entry = models.BooleanField(_("mails show the entry"), default=False)
    reminders = models.BooleanField(_("reminders"), default=True)

    closed_at = models.DateTimeField(
        _("closed"), null=True, blank=True, help_text=_("When its person closed it; a new approval wakes it.")
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="one_account_per_address",
                violation_error_message=_("There is already an account with this e-mail address."),
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
