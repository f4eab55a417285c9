"""Which signals of Django and allauth lead to which event of the security log."""

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model, user_logged_out, user_login_failed
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, pre_save
from wagtail.log_actions import get_active_log_context

from cpor_cases.address_register import find_by_login
from cpor_core.actors import ActorKind, kind_of
from cpor_core.security_log import Event, Outcome, Reason, record, recorded

FACTORS = {
    Authenticator.Type.WEBAUTHN: Reason.WEBAUTHN,
    Authenticator.Type.TOTP: Reason.TOTP,
    Authenticator.Type.RECOVERY_CODES: Reason.RECOVERY_CODES,
}
OF_ACCOUNTS = {
    account_signals.user_logged_in: Event.LOGIN,
    account_signals.password_changed: Event.PASSWORD_CHANGED,
    account_signals.password_set: Event.PASSWORD_CHANGED,
    account_signals.password_reset: Event.PASSWORD_RESET,
    account_signals.email_changed: Event.ADDRESS_CHANGED,
}
OF_FACTORS = {
    factor_signals.authenticator_added: Event.FACTOR_ADDED,
    factor_signals.authenticator_removed: Event.FACTOR_REMOVED,
    factor_signals.authenticator_reset: Event.FACTOR_RESET,
    factor_signals.authenticator_used: Event.SECOND_FACTOR,
}
CHANGES = {"post_add", "post_remove", "post_clear"}


def connect() -> None:
    """Connect the receivers, once, when the app is ready."""
    for signal, event in OF_ACCOUNTS.items():
        signal.connect(_of_account(event), weak=False, dispatch_uid=f"security_log {event}")
    for signal, event in OF_FACTORS.items():
        signal.connect(_of_factor(event), weak=False, dispatch_uid=f"security_log {event}")
    account_signals.authentication_step_completed.connect(_proven_again)
    factor_signals.authentication_failed.connect(_wrong_code)
    user_logged_out.connect(_log_out)
    user_login_failed.connect(_wrong_credentials)
    m2m_changed.connect(_roles, sender=get_user_model().groups.through)
    m2m_changed.connect(_roles, sender=get_user_model().user_permissions.through)
    m2m_changed.connect(_permissions_of_group, sender=Group.permissions.through)
    pre_save.connect(_saved, sender=get_user_model())
    recorded.connect(_to_audit)


def _of_account(event: Event):
    def receive(sender, request, user, **kwargs):
        record(event, account=user, request=request)

    return receive


def _of_factor(event: Event):
    def receive(sender, request, user, authenticator, **kwargs):
        record(event, reason=FACTORS[authenticator.type], account=user, request=request)

    return receive


def _proven_again(sender, request, user, reauthenticated=False, **kwargs):
    """Somebody who is logged in has proven anew who they are: a line, and a new key for the session."""
    if not reauthenticated:
        return
    from cpor_cases.actions import sessions  # its models are loaded after this module

    record(Event.REAUTHENTICATION, account=user, request=request)
    sessions.renew(request)


def _wrong_code(sender, request, user, **kwargs):
    record(
        Event.SECOND_FACTOR,
        outcome=Outcome.FAILURE,
        reason=Reason.WRONG_CODE,
        account=user,
        request=request,
    )


def _log_out(sender, request, user, **kwargs):
    if user is not None:
        record(Event.LOGOUT, account=user, request=request)


def _to_audit(sender, **facts):
    from cpor_cases.actions import security_audit  # its models are loaded after this module

    security_audit.note(**{name: value for name, value in facts.items() if name != "signal"})


NAMES = ["username", "last_name", "first_name"]
ON_RECORD = (*NAMES, "is_active", "is_superuser")


def _saved(sender, instance, raw=False, update_fields=None, **kwargs):
    """What is on an account of staff itself changes, by whichever form or command: its name, whether it may log in, and
    whether it is a superuser's."""
    is_new = instance._state.adding
    if raw or is_new or (update_fields is not None and not {*ON_RECORD} & {*update_fields}):
        return
    known = sender.objects.filter(pk=instance.pk).values(*ON_RECORD).first()
    changed = {name for name in ON_RECORD if known and known[name] != getattr(instance, name)}
    if not changed or not (kind_of(instance) == ActorKind.STAFF or known["is_superuser"]):
        return
    facts = {"account": instance, "actor": get_active_log_context().user}
    if {*NAMES} & changed:
        names = {name: getattr(instance, name) for name in NAMES}
        record(Event.ACCOUNT_RENAMED, data={"before": _names(known), "after": _names(names)}, **facts)
    if "is_active" in changed:
        record(Event.ACCOUNT_ACTIVATED if instance.is_active else Event.ACCOUNT_DEACTIVATED, **facts)
    if "is_superuser" in changed:
        record(Event.ROLES_CHANGED, reason=Reason.SUPERUSER, **facts)


def _names(values: dict) -> str:
    full_name = "".join(values.get(name, "") for name in NAMES[1:])
    return f"{values.get('username', '')} {full_name}".strip()


def _wrong_credentials(sender, credentials, request=None, **kwargs):
    """A wrong password at the log-in, or where somebody who is logged in is asked for it again."""
    user = getattr(request, "user", None)
    is_logged_in = user is not None and user.is_authenticated
    record(
        Event.REAUTHENTICATION if is_logged_in else Event.LOGIN,
        outcome=Outcome.FAILURE,
        reason=Reason.WRONG_CREDENTIALS,
        account=user if is_logged_in else _account_meant(credentials),
        actor=None,
        request=request,
    )


def _account_meant(credentials: dict):
    return find_by_login(str(credentials.get("username") or credentials.get("email") or ""))


def _roles(sender, instance, action, reverse, pk_set, **kwargs):
    """Groups or permissions of accounts changed, from either side of the relation."""
    if action not in CHANGES or not (pk_set or action == "post_clear"):
        return
    reason = Reason.GROUPS if sender is get_user_model().groups.through else Reason.PERMISSIONS
    accounts = get_user_model().objects.filter(pk__in=pk_set or []) if reverse else [instance]
    for account in accounts:
        record(Event.ROLES_CHANGED, reason=reason, account=account, actor=get_active_log_context().user)


def _permissions_of_group(sender, action, pk_set, **kwargs):
    if action in CHANGES and (pk_set or action == "post_clear"):
        record(Event.ROLES_CHANGED, reason=Reason.PERMISSIONS, actor=get_active_log_context().user)
