"""Why a clerk has to telephone, in words."""

from django.utils.translation import gettext as _

from cpor_cases.models import HearingNotice, OutgoingMail
from cpor_core.punctuation import listed
from cpor_core.roc_dates import moment_in_both_calendars

State = OutgoingMail.State


def why(notice: HearingNotice) -> str:
    """Return why the mail may not have reached the person; the notice came `with_reach`."""
    reasons = []
    if notice.mail_state is None:
        reasons.append(_("wants no emails, or has not activated the account"))
    elif notice.mail_state in (State.HELD, State.WAITING):
        reasons.append(_("the server has not taken the email yet"))
    elif notice.mail_state != State.SENT:
        reasons.append(_("the email could not be delivered"))
    if notice.bounces:
        reasons.append(_("the address bounces"))
    if notice.is_unused:
        reasons.append(_("the account has not been used for 30 days"))
    return listed(reasons)


def already_told(notice: HearingNotice) -> str:
    """Return that the person was told before, by whom and when; empty if nobody has noted it."""
    by = notice.told_by
    if by is None or notice.told_at is None:
        return ""
    return _("%(name)s has noted already that the person was told: %(time)s.") % {
        "name": by.get_full_name() or by.get_username(),
        "time": moment_in_both_calendars(notice.told_at),
    }
