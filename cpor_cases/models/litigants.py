"""What the service keeps about a litigant beside the user model, so that any user model will do."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core import languages

from . import reminder_days

AS_ACCOUNT = "account"  # of a case: as for all cases of the account
DIGEST_HOUR = 18  # after the court's working day


class MailPreference(models.TextChoices):
    """When a person is mailed about news: chosen for the account, and for a single case if it is to differ."""

    AT_ONCE = "at_once", _("at once")
    DIGEST = "digest", _("one email a day")
    IMPORTANT = "important", _("only hearings and decisions")
    NONE = "none", _("none")


class LitigantQuerySet(models.QuerySet["Litigant"]):
    def store(self, account, **facts) -> "Litigant":
        """Set these fields of an account's profile, which is made if there is none yet, and return the profile."""
        profile, _made = self.update_or_create(account=account, defaults=facts)
        account.litigant = profile
        return profile


class Litigant(models.Model):
    """The language and mail choices of one account. An account without a row has the defaults."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="litigant",
        verbose_name=pgettext_lazy("account", "account"),
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=languages.choices,
        default=languages.first,
        help_text=_("The language of this person's emails."),
    )
    # For every case of the account that has no choice of its own, including those added later.
    mail_preference = models.CharField(
        _("emails about news"), max_length=10, choices=MailPreference.choices, default=MailPreference.AT_ONCE
    )
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the daily email"), default=DIGEST_HOUR, validators=[MaxValueValidator(23)]
    )
    mails_show_entry = models.BooleanField(_("emails show the entry"), default=False)
    mails_without_links = models.BooleanField(_("emails without links"), default=False)
    reminders = models.BooleanField(_("reminders"), default=True)
    reminder_days = models.CharField(
        _("when to be reminded of a hearing"),
        max_length=20,
        choices=reminder_days.choices,
        default=reminder_days.default,
    )
    switched_off = models.JSONField(
        _("emails switched off"),
        default=list,
        blank=True,
        help_text=_("Kinds of email that have a choice of their own."),
    )
    mails_chosen_at = models.DateTimeField(
        _("emails last chosen"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the person last chose which emails to get, for all cases."),
    )
    closed_at = models.DateTimeField(
        _("closed"),
        null=True,
        blank=True,
        help_text=_("When its person closed it; a new approval activates it again."),
    )

    objects = LitigantQuerySet.as_manager()

    class Meta:
        verbose_name = _("litigant")
        verbose_name_plural = _("litigants")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}"


def litigant_of(account) -> Litigant:
    """Return the profile of an account; one with the defaults, not stored, if it has none or there is no account."""
    if account is None:
        return Litigant()
    try:
        return account.litigant
    except Litigant.DoesNotExist:
        return Litigant(account=account)


def choice_of_account(name: str, prefix: str = "") -> Coalesce:
    """Return the expression for a field of the profile of the account that `prefix` reaches, or else its default."""
    default = getattr(Litigant(), name)
    return Coalesce(F(f"{prefix}account__litigant__{name}"), Value(default))
