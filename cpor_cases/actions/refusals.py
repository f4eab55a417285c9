"""A refusal by slip: taken back within minutes, or followed later by a new decision on the same paper."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cpor_cases.models import Application, Case
from cpor_cases.permissions import require_right
from cpor_core import conf


class NotRefused(Exception):
    """The application is not refused any more, has been decided again, or was refused too long ago to take that back."""


def end_of_undo(application: Application) -> dt.datetime | None:
    """Return until when the refusal of an application can be taken back; None if it is not refused.

    As long as an entry typed in the office is on hold: nobody has been told of either.
    """
    if application.status != Application.Status.REFUSED or application.decided_at is None:
        return None
    return application.decided_at + dt.timedelta(minutes=conf.TYPED_ENTRY_HOLD_MINUTES)


def can_be_taken_back(application: Application, now: dt.datetime | None = None) -> bool:
    end = end_of_undo(application)
    return end is not None and (now or timezone.now()) < end


def can_be_decided_again(application: Application) -> bool:
    return application.status == Application.Status.REFUSED and not hasattr(application, "later")


@transaction.atomic
def take_back(*, application: Application, by, now: dt.datetime | None = None) -> None:
    """Make an application that was refused minutes ago pending again. Raises NotRefused."""
    application = _locked(application, by)
    if not (can_be_taken_back(application, now) and can_be_decided_again(application)):
        raise NotRefused
    application.status = Application.Status.PENDING
    application.refusal_reason = application.decided_by = application.decided_at = None
    application.save(update_fields=["status", "refusal_reason", "decided_by", "decided_at"])
    log(instance=application, action="cpor_cases.application.take_back_refusal", user=by)


@transaction.atomic
def decide_again(*, application: Application, by) -> Application:
    """Record the paper of a refused application anew, as pending; it names the refused one, which stays on record.

    Raises NotRefused.
    """
    application = _locked(application, by)
    if not can_be_decided_again(application):
        raise NotRefused
    names = (
        "applicant_name",
        "role",
        "email",
        "phone",
        "language",
        "received_on",
        "receipt_number",
        "petition",
        "address_proved_at",
    )
    anew = Application.objects.create(
        # Locked, so that no merge deletes it meanwhile.
        case=Case.objects.select_for_update(no_key=True).get(pk=application.case_id),
        court_id=application.court_id,
        recorded_by=by,
        earlier=application,
        **{name: getattr(application, name) for name in names},
    )
    log(instance=application, action="cpor_cases.application.decide_again", user=by)
    log(instance=anew, action="wagtail.create", user=by)
    return anew


def _locked(application: Application, by) -> Application:
    """Return the row as it is now, locked against a second clerk."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    require_right(by, "change_application", application.case.court)
    return application
