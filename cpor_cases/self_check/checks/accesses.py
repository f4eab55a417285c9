"""Every approved application has its access and its mail, and an access comes from an approved application."""

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cpor_cases.models import Activation, Application, CaseAccess, Occasion, OutgoingMail
from cpor_cases.permissions import staff_accounts
from cpor_cases.self_check.check import check

Kind = OutgoingMail.Kind
# An approval of the same court and day says nothing that the link sent before does not.
LINK_SENT_BEFORE = dt.timedelta(days=1, minutes=1)


@check(
    "approved_without_access",
    of=Application,
    says=_("An application was approved, and its case was never opened to the person."),
    do=_("Report it, and tell the court: the application has to be approved again."),
)
def without_access(now):
    opened = CaseAccess.objects.filter(account=OuterRef("account"), case=OuterRef("case"))
    return Application.objects.approved().exclude(Exists(opened))


@check(
    "approved_without_mail",
    of=CaseAccess,
    says=_("A case was opened to a person, and no email has said so."),
    do=_("Report it, and tell the court, which can send a new link or call."),
)
def without_mail(now):
    """A locked link is not sent: the clerk sees that it is locked."""
    told = Occasion.objects.filter(access=OuterRef("pk"), kind=Kind.CASE_ADDED)
    invited = OutgoingMail.objects.filter(
        kind=Kind.ACTIVATION,
        account=OuterRef("account"),
        created_at__gte=OuterRef("granted_at") - LINK_SENT_BEFORE,
    )
    locked = Activation.objects.filter(account=OuterRef("account"), locked_at__isnull=False)
    granted = CaseAccess.objects.exclude(end_reason=CaseAccess.EndReason.MERGED)
    return granted.filter(~Exists(told), ~Exists(invited), ~Exists(locked))


@check(
    "access_without_application",
    of=CaseAccess,
    says=_("A case is open to a person without an approved application of theirs for this case."),
    do=_("Report it at once. The court ends the access in the office, on the page of the case."),
)
def without_application(now):
    approved = Q(
        application__status=Application.Status.APPROVED,
        application__account=F("account"),
        application__case=F("case"),
    )
    return CaseAccess.objects.live().exclude(approved)


@check(
    "access_of_staff",
    of=CaseAccess,
    says=_("A case is open to an account of staff."),
    do=_("See in the log who made it one of staff. The court ends the access in the office."),
)
def of_staff(now):
    return CaseAccess.objects.in_force(now).filter(account__in=staff_accounts().values("pk"))


@check(
    "access_of_closed_account",
    of=CaseAccess,
    says=_("A case has stayed open to an account that its person closed."),
    do=_("Report it. The court ends the access in the office, on the page of the case."),
)
def of_closed_account(now):
    closed_since = Q(account__litigant__closed_at__gt=F("granted_at"), account__is_active=False)
    return CaseAccess.objects.live().filter(closed_since)


@check(
    "access_without_activation",
    of=CaseAccess,
    says=_("A case was opened to an account that is not activated, and there is no link to activate it."),
    do=_("Report it, and tell the court: the address has to be corrected to what it is, which sends a link."),
)
def without_activation(now):
    invited = Activation.objects.filter(account=OuterRef("account"))
    return CaseAccess.objects.live().filter(~Exists(invited), account__is_active=False)


CHECKS = (
    without_access,
    without_mail,
    without_application,
    of_staff,
    of_closed_account,
    without_activation,
)
