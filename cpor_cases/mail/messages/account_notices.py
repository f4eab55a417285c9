"""The mails that tell a person of changes to their account. Each notice is a class named after its subject; all have
one kind in the mail queue."""

import datetime as dt
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import links
from cpor_cases.models import OutgoingMail
from cpor_cases.models.mail_kinds import KINDS

from .base import NOTICE, Context, Message, named

NOTICES: dict[str, type["AccountNotice"]] = {}


class AccountNotice(Message):
    """A notice is named in the mail's facts; `page` is where it leads, at first to the setting of a new password."""

    kind = "account_notice"
    label = _("notice about the account")
    priority = NOTICE
    notice: ClassVar[str] = ""
    page: ClassVar[str] = "account_reset_password"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        NOTICES[cls.notice] = cls
        KINDS.register_notice(cls.notice, cls.subject)

    @classmethod
    def of(cls, mail: OutgoingMail) -> "AccountNotice":
        return NOTICES.get(mail.about.get("notice", ""), cls)(mail)

    @property
    def template(self) -> str:
        return self.notice or self.kind

    def get_context(self) -> Context:
        mail = self.mail
        return {
            "username": mail.account.username,
            "url": links.to_page(self.page),
            "reset_url": links.to_page("account_reset_password"),
            "browser": mail.about.get("browser", ""),
            "day": dt.date.fromisoformat(mail.about["day"]) if "day" in mail.about else None,
            "case": named(mail.access.case) if mail.access else None,
            # To the minute, as it is shown, so that mails share one compiled template.
            "mail": {"created_at": mail.created_at.replace(second=0, microsecond=0)},
        }


class PasswordChanged(AccountNotice):
    notice = "password_changed"
    subject = _("Your password was changed")


class SecondFactorAdded(AccountNotice):
    notice = "second_factor_added"
    subject = _("A second factor was added")
    page = "mfa_index"


class SecondFactorRemoved(AccountNotice):
    notice = "second_factor_removed"
    subject = _("A second factor was removed")
    page = "mfa_index"


class SecondFactorReset(AccountNotice):
    notice = "second_factor_reset"
    subject = _("Your second factor was reset")


class RecoveryCodesMade(AccountNotice):
    notice = "recovery_codes_made"
    subject = _("New recovery codes were made")
    page = "mfa_index"


class NewLogin(AccountNotice):
    notice = "new_login"
    subject = _("A log-in from a new browser")
    page = "usersessions_list"


class AddressRestored(AccountNotice):
    notice = "address_restored"
    subject = _("A change of the email address was undone")


class DataDownloaded(AccountNotice):
    notice = "data_downloaded"
    subject = _("Your data were downloaded")


class CalendarAddressMade(AccountNotice):
    notice = "calendar_address_made"
    subject = _("A calendar address was made")
    page = "cpor_cases:calendar"


class MailsStopped(AccountNotice):
    notice = "mails_stopped"
    subject = _("You get no more emails about news")
    page = "cpor_cases:settings"


class CaseMailsStopped(AccountNotice):
    notice = "case_mails_stopped"
    subject = _("You get no more emails about a case")
    page = "cpor_cases:settings"


class CaseLeft(AccountNotice):
    notice = "case_left"
    subject = _("You no longer follow a case")


class ActivationEnding(AccountNotice):
    notice = "activation_ending"
    subject = _("An account that was not activated will be deleted")


class AccountEnding(AccountNotice):
    notice = "account_ending"
    subject = _("Your account will be deleted")
    page = "account_data"


class AccountClosed(AccountNotice):
    notice = "account_closed"
    subject = _("Your account is closed")
