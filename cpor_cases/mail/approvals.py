"""Pages and forms on their way to the public: who is mailed when one is handed in, approved, or sent back for changes.

Wagtail says what happened. Its own mails, which it would send inside the request, give way to those of the outbox. It
connects its receivers under names, before or after ours: who stands under such a name first stays.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from wagtail.models import AbstractGroupApprovalTask, TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected
from wagtail.users.models import UserProfile

from . import notifications


def connect() -> None:
    """Stand in for Wagtail's receivers."""
    for signal, sender, name, receiver in (
        (task_submitted, TaskState, "group_approval_task_submitted_email_notification", _tell_approvers),
        (workflow_approved, WorkflowState, "workflow_state_approved_email_notification", _tell_approved),
        (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification", _tell_sent_back),
    ):
        signal.disconnect(sender=sender, dispatch_uid=name)
        signal.connect(receiver, sender=sender, dispatch_uid=name)


def _tell_approvers(*, instance: TaskState, user=None, **_signal) -> None:
    task: Any = instance.task.specific
    if isinstance(task, AbstractGroupApprovalTask):
        people = get_user_model().objects.filter(groups__in=task.groups.all()).exclude(pk=user and user.pk)
        notifications.handed_in(instance, wanting(people.distinct().order_by("pk"), "submitted"))


def _tell_approved(*, instance: WorkflowState, user=None, **_signal) -> None:
    notifications.approved(instance.current_task_state, wanting(_author(instance, user), "approved"))


def _tell_sent_back(*, instance: WorkflowState, user=None, **_signal) -> None:
    notifications.sent_back(instance.current_task_state, wanting(_author(instance, user), "rejected"))


def _author(state: WorkflowState, user) -> list:
    """Return who handed it in, unless it was they who decided."""
    return [state.requested_by] if state.requested_by and state.requested_by != user else []


def wanting(people: Iterable, what: str) -> list:
    """Return those who have an address and have not switched off such mails in the office."""
    return [
        person
        for person in people
        if person.is_active
        and person.email
        and getattr(UserProfile.get_for_user(person), f"{what}_notifications")
    ]
