"""What an approval would tell the applicant: the mail in each language, with a link that does not work."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cpor_cases.mail import rendering
from cpor_cases.models import (
    Activation,
    Application,
    BouncedAddress,
    CaseAccess,
    OutgoingMail,
    litigant_of,
)
from cpor_core import conf

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # the stubs' name of AUTH_USER_MODEL

Kind = OutgoingMail.Kind


@dataclass(frozen=True)
class ApprovalPreview:
    """The mail that follows the approval of an application whose address belongs to `account`, or to no account yet."""

    application: Application
    account: "User | None"

    @property
    def kind(self) -> str:
        """An active account is told of the case; an inactive or new one gets an activation link."""
        return Kind.CASE_ADDED if self.account and self.account.is_active else Kind.ACTIVATION

    @cached_property
    def is_link_locked(self) -> bool:
        """Whether the link is locked after five wrong names: none is sent until a clerk unlocks it."""
        if self.kind != Kind.ACTIVATION or self.account is None:
            return False
        activation = Activation.objects.filter(account=self.account).first()
        return bool(activation and activation.is_locked and not activation.is_activated)

    @cached_property
    def does_bounce(self) -> bool:
        """Whether the address is known to bounce: the mail is written and held until the address is corrected."""
        address = self.account.email if self.account else self.application.email
        return BouncedAddress.objects.does_bounce(address)

    @cached_property
    def is_followed(self) -> bool:
        """Whether the account follows the case already: the paper came twice, and no mail tells of it."""
        if self.kind != Kind.CASE_ADDED:
            return False
        live = CaseAccess.objects.live()
        return live.filter(account=self.account, case=self.application.case_id).exists()

    @property
    def told(self) -> list[str]:
        """What the applicant will be told."""
        if self.is_link_locked or self.is_followed:
            return []
        if self.kind == Kind.CASE_ADDED:
            return [
                _("the court and the number of the case,"),
                _("that it has been added to the account that is in use already."),
            ]
        return [
            _("the court that has approved an application,"),
            _("a link that works once, for %(days)d days, and asks for the name on the form.")
            % {"days": conf.ACTIVATION_LINK_DAYS},
        ]

    @property
    def not_told(self) -> list[str]:
        """What the mail does not say, in case the address is wrong."""
        if self.kind == Kind.CASE_ADDED:
            return [_("the cause, the entries, who else follows the case.")]
        return [_("the name of the applicant,"), _("the number of the case and everything in it.")]

    @property
    def language(self) -> str:
        """The language in which the mail is sent: an account's own, else the application's."""
        return litigant_of(self.account).language if self.account else self.application.language

    @cached_property
    def mails(self) -> list[dict]:
        """The mail in the language in which it goes, then in the other one."""
        if self.is_link_locked or self.is_followed:
            return []
        names = dict(settings.LANGUAGES)
        order = sorted(names, key=lambda language: language != self.language)
        return [
            {"language": language, "name": names[language], "is_sent": language == self.language}
            | rendering.preview(self.kind, case=self.application.case, language=language)
            for language in order
        ]
