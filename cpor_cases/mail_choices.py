"""When a person is mailed about news: chosen for the account, and for a single case if it is to differ."""

from django.db import models
from django.utils.translation import gettext_lazy as _

AS_ACCOUNT = "account"  # of a case: as for all cases of the account
DIGEST_HOUR = 18  # after the court's working day


class MailPreference(models.TextChoices):
    AT_ONCE = "at_once", _("at once")
    DIGEST = "digest", _("one mail a day")
    WEIGHTY = "weighty", _("only hearings and decisions")
    NONE = "none", _("none")
