"""Accounts of litigants: made inactive, activated by a link, and the link renewed."""

import datetime as dt
import uuid

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import log

from cpor_cases import signals
from cpor_cases.actions import bounces
from cpor_cases.address_register import find_by_address
from cpor_cases.mail import links, notifications
from cpor_cases.models import Activation, Application, CaseAccess, Litigant, OutgoingMail
from cpor_cases.models.log_facts import nameless_title_of
from cpor_cases.permissions import require_right
from cpor_core import conf
from cpor_core.spellings import fold_name

ONE_MAIL_EACH = dt.timedelta(days=1)


class NotUsable(Exception):
    """The activation link cannot be used: it is locked, expired, replaced or used already."""


class WrongName(Exception):
    """The name typed is not the one on the form."""


def names_on_record(account) -> list[str]:
    """Return the names under which applications opened cases to this account, each once."""
    names = (
        Application.objects.filter(account=account).order_by("pk").values_list("applicant_name", flat=True)
    )
    return list(dict.fromkeys(names))


def is_other_name(account, name: str) -> bool:
    """Whether an account that exists does not carry `name`: it is on record under other names alone, or under none."""
    folded = fold_name(name)
    return not folded or folded not in {fold_name(each) for each in names_on_record(account)}


def find_or_make_inactive(*, email: str, language: str) -> tuple:
    """Return the account of an address and whether it was made now: an inactive one, if there was none.

    Two clerks who approve the same new address at the same moment get the same account: the database keeps addresses
    unique, and the second one finds what the first one made.
    """
    account = find_by_address(email)
    if account:
        return account, False
    try:
        with transaction.atomic():
            account = get_user_model()(
                username=f"inactive-{uuid.uuid4().hex[:20]}",
                email=email,
                is_active=False,
            )
            account.set_unusable_password()
            account.save()
            Litigant.objects.store(account, language=language)
            return account, True
    except IntegrityError:
        return find_by_address(email), False


@transaction.atomic
def invite(*, account, application: Application, now: dt.datetime | None = None) -> Activation:
    """Mail the activation link of an inactive account; approvals before the activation share one link, and those of one
    court and day one mail.

    A link that is still valid is kept and its time prolonged, so that the link of the last mail lasts the full time.
    A locked one stays locked until a clerk unlocks it.
    """
    expires_at = _expiry(now)
    activation, made = Activation.objects.select_for_update().get_or_create(
        account=account, defaults={"link_expires_at": expires_at}
    )
    if not made:
        if activation.is_activated:  # an account that was closed and is invited anew
            activation.round += 1
            activation.activated_at = None
        elif _is_told_today(activation, application, now):
            return activation
        activation.link_expires_at = expires_at
        activation.save(update_fields=["round", "activated_at", "link_expires_at"])
    if not activation.is_locked:
        notifications.activation_link(activation, application=application)
    return activation


def _is_told_today(activation: Activation, application: Application, now: dt.datetime | None) -> bool:
    """Whether a mail of the last 24 hours, on its way or sent, says that the court approved and brings this very link."""
    mails = OutgoingMail.objects.filter(
        kind=OutgoingMail.Kind.ACTIVATION,
        account=activation.account_id,
        address=activation.account.email,
        court=application.case.court_id,
        about__round=activation.round,
        created_at__gt=(now or timezone.now()) - ONE_MAIL_EACH,
    )
    State = OutgoingMail.State
    return mails.filter(state__in=[State.WAITING, State.SENT]).exists()


def find_activation(token: str) -> Activation | None:
    """Return the activation of a genuine link, whatever its state; None for a forged link."""
    read = links.read_activation_token(token)
    if read is None:
        return None
    return Activation.objects.filter(public_id=read[0]).select_related("account").first()


def is_usable(activation: Activation, token: str, at: dt.datetime | None = None) -> bool:
    """Whether the link `token` can activate the account now: of this round, not used, not expired, not locked."""
    read = links.read_activation_token(token)
    return (
        read is not None
        and read[1] == activation.round
        and not activation.is_activated
        and not activation.is_locked
        and not activation.is_expired(at)
    )


def activate(
    *, token: str, name: str, username: str, password: str, language: str, now: dt.datetime | None = None
):
    """Activate the account of a link and return it.

    Asks for the applicant's name as written on the form. Raises WrongName (counted: the fifth locks the link) or
    NotUsable. The link works once: of two calls at the same moment the lock on its row lets one succeed.
    """
    _check_name(token, name, now or timezone.now())
    with transaction.atomic():
        activation = _locked(token)
        if not is_usable(activation, token, now):
            raise NotUsable
        account = activation.account
        account.username = username
        account.is_active = True
        account.set_password(password)
        account.save(update_fields=["username", "is_active", "password"])
        Litigant.objects.store(account, language=language, closed_at=None)
        EmailAddress.objects.update_or_create(
            user=account, email=account.email, defaults={"verified": True, "primary": True}
        )
        activation.activated_at = now or timezone.now()
        activation.save(update_fields=["activated_at"])
        log(instance=activation, action="cpor_cases.activation.activate", user=account)
        notifications.welcome(account)
        signals.send_on_commit(signals.account_activated, type(account), account=account.pk)
    return account


def _check_name(token: str, name: str, now: dt.datetime) -> None:
    """Compare the name and count a wrong one, in a transaction of its own so that the count is kept."""
    with transaction.atomic():
        activation = _locked(token)
        if not is_usable(activation, token, now):
            raise NotUsable
        is_right = activation.accepts_name(name)
        if not is_right:
            activation.wrong_names += 1
            if activation.wrong_names >= conf.ACTIVATION_WRONG_NAMES:
                activation.locked_at = now
                log(instance=activation, action="cpor_cases.activation.lock")
            activation.save(update_fields=["wrong_names", "locked_at"])
    if not is_right:
        raise WrongName


def _locked(token: str) -> Activation:
    read = links.read_activation_token(token)
    activation = read and Activation.objects.select_for_update(of=("self",)).filter(public_id=read[0]).first()
    if not activation:
        raise NotUsable
    return activation


@transaction.atomic
def send_new_link(*, activation: Activation, now: dt.datetime | None = None) -> bool:
    """Mail a new link to the address on record when somebody opens an expired one; return whether a mail was posted.

    It voids every earlier link. A locked link and one that has not expired are not renewed.
    """
    activation = Activation.objects.select_for_update().get(pk=activation.pk)
    application = _latest_application(activation)
    if activation.is_activated or activation.is_locked or application is None:
        return False
    if not activation.is_expired(now):
        return False
    _renew(activation, application, now)
    return True


@transaction.atomic
def unlock(*, activation: Activation, by, now: dt.datetime | None = None) -> None:
    """Unlock a link after five wrong names, or renew one that did not arrive, and mail a new one: a clerk's action."""
    activation = Activation.objects.select_for_update().get(pk=activation.pk)
    application = _latest_application(activation, by=by)
    if application is None:
        raise PermissionDenied
    require_right(by, "change_activation", application.case.court)
    if activation.is_activated:
        return
    activation.wrong_names = 0
    activation.locked_at = None
    bounces.clear(activation.account.email, now=now)  # the clerk has checked the address
    _renew(activation, application, now)
    log(
        instance=activation,
        action="cpor_cases.activation.unlock",
        user=by,
        court_id=application.case.court_id,  # the clerk's own, whichever court approved last
        title=nameless_title_of(application),
    )


def _renew(activation: Activation, application: Application, now: dt.datetime | None) -> None:
    activation.round += 1
    activation.link_expires_at = _expiry(now)
    activation.save(update_fields=["round", "link_expires_at", "wrong_names", "locked_at"])
    notifications.activation_link(activation, application=application)


def _latest_application(activation: Activation, by=None) -> Application | None:
    rights = CaseAccess.objects.in_force().filter(account=activation.account_id)
    live = Application.objects.filter(pk__in=rights.values("application"))
    if by is not None:
        live = live.for_clerk(by)
    return live.select_related("case__court").order_by("-decided_at").first()


def _expiry(now: dt.datetime | None) -> dt.datetime:
    return (now or timezone.now()) + dt.timedelta(days=conf.ACTIVATION_LINK_DAYS)
