"""Password resets, answered by the worker, so that the page's response time does not tell whether an account exists."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone
from huey.contrib.djhuey import db_task

from cpor_cases.address_register import find_by_login
from cpor_cases.mail import notifications
from cpor_cases.models import OutgoingMail, PasswordResetRequest
from cpor_core import conf
from cpor_core.task_queue import enqueue_on_commit


@transaction.atomic
def ask(*, typed: str) -> None:
    """Store that somebody asks for a new password for an account name or address, whether it exists or not."""
    PasswordResetRequest.objects.create(typed=typed.strip())
    enqueue_on_commit(answer)


@db_task(priority=100)  # somebody waits at a screen
def answer() -> int:
    """Answer every waiting request and return how many there were. Two workers at once answer each request once."""
    answered = 0
    while _answer_next(timezone.now()):
        answered += 1
    return answered


@transaction.atomic
def _answer_next(now: dt.datetime) -> bool:
    requests = PasswordResetRequest.objects.order_by("pk")
    can_skip = connection.features.has_select_for_update_skip_locked
    request = requests.select_for_update(skip_locked=can_skip).first()
    if request is None:
        return False
    request.delete()
    account = find_by_login(request.typed)
    if account is not None and account.is_active:
        _mail_link(account, request.requested_at, now)
    return True


def _mail_link(account, asked_at: dt.datetime, now: dt.datetime) -> None:
    """Post the mail with the link, unless the account got a few lately. The links in those still work."""
    get_user_model().objects.select_for_update().get(pk=account.pk)  # two workers count one after the other
    mails = OutgoingMail.objects.filter(kind=OutgoingMail.Kind.PASSWORD_RESET, account=account)
    for most, hours in ((conf.PASSWORD_RESETS_AN_HOUR, 1), (conf.PASSWORD_RESETS_A_DAY, 24)):
        if mails.filter(created_at__gt=now - dt.timedelta(hours=hours)).count() >= most:
            return
    notifications.password_reset(account, asked_at=asked_at)
