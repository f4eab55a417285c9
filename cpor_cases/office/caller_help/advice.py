"""“I got no mail”: the state of an application, what to tell the caller, and which actions help."""

from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractUser
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cpor_cases.actions import mails as mail_actions
from cpor_cases.mail.smtp_replies import is_about_the_relay
from cpor_cases.mail.wording import reason_in_words, with_state_in_words
from cpor_cases.models import Activation, Application, CaseAccess, OutgoingMail, litigant_of
from cpor_core import conf
from cpor_core.roc_dates import in_both_calendars, moment_in_both_calendars

Kind, State = OutgoingMail.Kind, OutgoingMail.State
MAILS_SHOWN = 6


@dataclass(frozen=True)
class Step:
    """An action that helps, as a link."""

    label: str
    url: str


@dataclass
class Advice:
    """What a clerk says on the telephone about one application, in sentences, and the steps that help.

    What only its person may be told, as the account name and the address, is apart: to be said `once_sure` who is calling.
    """

    application: Application
    clerk: AbstractUser
    account_state: str = field(init=False, default="")
    sentences: list[str] = field(init=False, default_factory=list)
    once_sure: list[str] = field(init=False, default_factory=list)
    steps: list[Step] = field(init=False, default_factory=list)

    def __post_init__(self):
        if self.application.is_pending:
            self._say_pending()
        elif self.application.status == Application.Status.REFUSED:
            self._say_refused()
        else:
            self._say_approved()

    @cached_property
    def access(self) -> CaseAccess | None:
        """The person's access to the case: the active one, else the one that ended last."""
        own = CaseAccess.objects.filter(account=self.application.account_id, case=self.application.case_id)
        own = own.select_related("account")
        return (
            own.order_by("ended_at", "-pk").filter(ended_at=None).first() or own.order_by("-ended_at").first()
        )

    @cached_property
    def activation(self) -> Activation | None:
        return Activation.objects.filter(account=self.application.account_id).first()

    @cached_property
    def mails(self) -> list[OutgoingMail]:
        """The latest mails to this account about the clerk's courts, newest first."""
        if not self.application.account_id:
            return []
        mails = OutgoingMail.objects.for_clerk(self.clerk).filter(account=self.application.account_id)
        return with_state_in_words(mails.select_related("access__case").order_by("-pk")[:MAILS_SHOWN])

    def _say_pending(self) -> None:
        self.sentences.append(_("The form has come in, but nothing has been decided yet."))
        self._offer(_("Decide"), "office_applications:inspect", self.application.pk)

    def _say_refused(self) -> None:
        self.sentences += [
            _("The application was refused: %(reason)s.") % {"reason": self.application.refusal_reason},
            _("Nothing is sent after a refusal. A new form may be handed in."),
        ]

    def _say_approved(self) -> None:
        if self.access is None or self.access.ended_at:
            self._say_ended(self.access)
            return
        last_day = self.application.case.last_query_day
        if last_day and last_day < timezone.localdate():
            day = in_both_calendars(last_day)
            self.sentences.append(_("The case could be followed until %(day)s.") % {"day": day})
            return
        if self.access.account.is_active:
            self._say_active(self.access)
        else:
            self._say_inactive()

    def _say_ended(self, access: CaseAccess | None) -> None:
        self.account_state = _("no access")
        if access and access.ended_at:
            day, why = moment_in_both_calendars(access.ended_at), access.get_end_reason_display()
            self.sentences.append(_("The access ended on %(day)s: %(why)s.") % {"day": day, "why": why})

    def _say_active(self, access: CaseAccess) -> None:
        self.account_state = pgettext("state", "activated")
        self.sentences.append(_("The account is in use."))
        self.once_sure.append(
            _("The account name is %(name)s, emails go to %(address)s.")
            % {"name": access.account.username, "address": access.account.email}
        )
        self._say_mails_chosen(access)
        self.sentences.append(
            _(
                "If you have forgotten your password or account name, ask for an email under “Forgotten password or account name”."
            )
        )
        self._say_last_mail(self._latest(Kind.PROGRESS, Kind.DIGEST) or self._latest(Kind.CASE_ADDED))

    def _say_mails_chosen(self, access: CaseAccess) -> None:
        wanted = access.mails_chosen
        if wanted == CaseAccess.MailPreference.NONE:
            self.sentences.append(
                _("The person has switched off the emails about this case, under “Settings”.")
            )
        elif wanted == CaseAccess.MailPreference.DIGEST:
            self.sentences.append(
                _("The person has chosen one email a day, at %(hour)02d:00, under “Settings”.")
                % {"hour": litigant_of(access.account).digest_hour}
            )
        elif wanted == CaseAccess.MailPreference.IMPORTANT:
            self.sentences.append(
                _("The person has chosen emails about hearings and decisions only, under “Settings”.")
            )

    def _say_inactive(self) -> None:
        self.account_state = _("not activated yet")
        if self.activation and self.activation.is_locked:
            self.account_state = _("locked after wrong names")
            # The name is the caller's proof of identity: a clerk must not read it out.
            self.sentences.append(
                _(
                    "The link was locked after %(count)d wrong names. The name must be typed as it stands on the form; "
                    "do not read it out."
                )
                % {"count": conf.ACTIVATION_WRONG_NAMES}
            )
        elif self.activation and self.activation.is_expired():
            self.sentences.append(_("The link was not used in time and has expired."))
        mail = self._latest(Kind.ACTIVATION)
        self._say_last_mail(mail)
        offers = [self._offer_new_link, self._offer_right_address]
        if mail and mail.state in {State.FAILED, State.STOPPED} and not is_about_the_relay(mail.last_answer):
            offers.reverse()  # first the correction: the address did not work
        for offer in offers:
            offer()

    def _say_last_mail(self, mail: OutgoingMail | None) -> None:
        if mail is None:
            self.sentences.append(_("There are no emails yet."))
            return
        if mail.state in {State.SENT, State.FAILED}:
            self.once_sure.append(_("The last email went to %(address)s.") % {"address": mail.address})
        if mail.state == State.SENT:
            self.sentences.append(
                _(
                    "The last email was accepted by the recipient's mail server on %(time)s. Look in the spam folder too."
                )
                % {"time": moment_in_both_calendars(mail.ended_at or mail.created_at)}
            )
        elif mail.state == State.FAILED:
            if is_about_the_relay(mail.last_answer):
                words = _("The last email failed: %(reason)s The address need not be changed.")
            else:
                words = _("The last email failed: %(reason)s Ask for the right address.")
            self.sentences.append(words % {"reason": reason_in_words(mail.last_answer)})
        elif mail.state == State.STOPPED:
            self.sentences += [mail.in_words, _("Ask for the right address.")]
        elif mail.state in {State.WAITING, State.HELD}:
            self.sentences.append(mail.in_words)
        if mail.kind != Kind.ACTIVATION and mail_actions.can_be_sent_again(mail):
            self._offer(_("Send the email again"), "office_mails:send_again", mail.pk)

    def _latest(self, *kinds: str) -> OutgoingMail | None:
        return next((mail for mail in self.mails if mail.kind in kinds), None)

    def _offer_new_link(self) -> None:
        if self.activation and mail_actions.can_renew_link(self.activation, by=self.clerk):
            label = _("Unlock and send a new link") if self.activation.is_locked else _("Send a new link")
            self._offer(label, "office_activations:unlock", self.activation.pk)

    def _offer_right_address(self) -> None:
        self._offer(_("Correct the address"), "office_applications:readdress", self.application.pk)

    def _offer(self, label: str, url_name: str, key: int) -> None:
        self.steps.append(Step(label, reverse(url_name, args=[key])))
