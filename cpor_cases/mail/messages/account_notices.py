"""The mails that tell a person what was done with their account. Each notice is a class; all are one kind in the mail queue."""

import datetime as dt
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import links
from cpor_cases.models import OutgoingMail

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
            # To the minute, as it is written: mails that differ in nothing else share one compiled template.
            "mail": {"created_at": mail.created_at.replace(second=0, microsecond=0)},
        }


class PasswordChanged(AccountNotice):
    notice = "password_changed"


class SecondFactorAdded(AccountNotice):
    notice = "second_factor_added"
    page = "mfa_index"


class SecondFactorRemoved(AccountNotice):
    notice = "second_factor_removed"
    page = "mfa_index"


class SecondFactorReset(AccountNotice):
    notice = "second_factor_reset"


class RecoveryCodesMade(AccountNotice):
    notice = "recovery_codes_made"
    page = "mfa_index"


class NewLogin(AccountNotice):
    notice = "new_login"
    page = "usersessions_list"


class AddressRestored(AccountNotice):
    notice = "address_restored"


class DataDownloaded(AccountNotice):
    notice = "data_downloaded"


class CalendarAddressMade(AccountNotice):
    notice = "calendar_address_made"
    page = "cpor_cases:calendar"


class MailsStopped(AccountNotice):
    notice = "mails_stopped"
    page = "cpor_cases:settings"


class CaseMailsStopped(AccountNotice):
    notice = "case_mails_stopped"
    page = "cpor_cases:settings"


class CaseLeft(AccountNotice):
    notice = "case_left"
    page = "cpor_cases:cases"


class ActivationEnding(AccountNotice):
    notice = "activation_ending"


class AccountEnding(AccountNotice):
    notice = "account_ending"
    page = "account_data"


class AccountClosed(AccountNotice):
    notice = "account_closed"
