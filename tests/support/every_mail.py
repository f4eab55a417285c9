"""Every mail of the service, caused as the service causes it: one of each kind, of each notice and of each variant."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.models import Comment, GroupApprovalTask, GroupPagePermission, Page, Workflow, WorkflowTask

from cpor_cases.actions import account_activation, digests, second_factors
from cpor_cases.actions.imports import import_rows
from cpor_cases.mail import notifications
from cpor_cases.mail.messages import account_notices
from cpor_cases.manifests.groups import CaseGroup
from cpor_cases.models import (
    Announcement,
    CaseAccess,
    CourtDelay,
    ImportRun,
    Manifest,
    OutgoingMail,
    litigant_of,
)
from cpor_cases.permissions import managers_of
from cpor_core.models import ClerkPost, Court
from tests import factories


def _activation(person, case):
    person.is_active = False
    person.save()
    application = factories.make_access(person, case).application
    account_activation.invite(account=person, application=application)


def _case_added(person, case):
    notifications.case_added(factories.make_access(person, case))


def _progress(person, case, **choice):
    factories.make_kind("judgment")
    access = factories.make_access(person, case)
    CaseAccess.objects.filter(pk=access.pk).update(mails_show_entry=True, **choice)
    import_rows([(2, factories.row(case))], source=ImportRun.Source.COMMAND)


def _digest(person, case):
    _progress(person, case, mail_preference="digest")
    digests.post_due(Announcement.objects.latest("pk").run.ended_at + dt.timedelta(days=2))


def _hearing_reminder(person, case):
    at = timezone.now() + dt.timedelta(days=1)
    factories.make_entry(case, kind="preparatory", hearing_at=at)
    day = timezone.localdate(at)
    notifications.hearing_reminders([factories.make_reminder(factories.make_access(person, case), day)])


def _query_ending(person, case):
    case.closed_on = timezone.localdate()
    case.save()
    notifications.query_ending([factories.make_access(person, case)])


def _quiet_case(person, case):
    Court.objects.filter(pk=case.court_id).update(tells_when_quiet=True)
    day = timezone.localdate() - dt.timedelta(weeks=9)
    notifications.quiet_cases([(factories.make_access(person, case), day)])


def _second_factor_link(person, _case):
    person.is_staff = True
    person.save()
    second_factors.issue_link(account=person)


def _staff_invitation(person, case):
    person.is_active = False
    person.save()
    factories.make_invitation(case.court, email=person.email, is_mailed=True)


def _staff_address_in_use(person, case):
    factories.make_access(person, case)
    factories.make_invitation(case.court, email=person.email, is_mailed=True)


def _handed_in(person, _case):
    _hand_in(by=factories.make_user(), approver=person)


def _approved(person, _case):
    _hand_in(by=person).approve(user=factories.make_user(is_superuser=True))


def _sent_back(person, _case):
    _hand_in(by=person).reject(user=factories.make_user(), comment="請補上日期")


def _page_comments(person, _case):
    page = Page.objects.get(depth=1).add_child(instance=Page(title="說明", slug=f"on-{person.pk}"))
    by = factories.make_user()
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    person.groups.add(_editors_of(page))
    comment = Comment.objects.create(page=page, user=by, text="請補上日期", contentpath="title")
    about = {"page": page.pk, "by": by.pk, "new": [comment.pk], "resolved": [], "replies": [], "deleted": 1}
    notifications.page_comments([person], about=about)


def _editors_of(page) -> Group:
    group = Group.objects.create(name=f"editors of {page.pk}")
    change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    GroupPagePermission.objects.create(group=group, page=page, permission=change)
    return group


def _hand_in(*, by, approver=None):
    """Hand in a page, and return Wagtail's state of its approval."""
    page = Page.objects.get(depth=1).add_child(instance=Page(title="說明", slug=f"of-{by.pk}"))
    page.save_revision(user=by)
    task = GroupApprovalTask.objects.create(name="approval")
    group = Group.objects.create(name=f"approvers of {by.pk}")
    task.groups.add(group)
    if approver:
        approver.groups.add(group)
    workflow = Workflow.objects.create(name="approval")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    return workflow.start(page, by).current_task_state


def _court_late(person, case):
    known = CourtDelay.objects.filter(court=case.court).first()
    notifications.court_late(known or factories.make_delay(case.court), [person], [])


def _court_late_op(person, case):
    known = CourtDelay.objects.filter(court=case.court).first()  # one for its managers and the operator alike
    notifications.court_late(known or factories.make_delay(case.court), [], [person])


def _manifest_differs(person, case):
    """To a manager of the court: nobody else reads it."""
    if not managers_of(case.court).filter(pk=person.pk).exists():
        person.groups.add(Group.objects.get(name="Court managers"))
        ClerkPost.objects.create(user=person, court=case.court)
    facts = {"state": "compared", "compared_at": timezone.now(), "by": "case"}
    manifest = Manifest.objects.create(court=case.court, **facts)
    manifest.differences.create(
        court=case.court,
        by="case",
        group=CaseGroup(case.category, case.year, case.word, case.number).key,
        kind="missing",
        entries_there=1,
        entries_here=0,
        since=timezone.now(),
    )
    notifications.manifest_differs(manifest, [person])


def _email_confirmation(person, _case):
    address = EmailAddress.objects.create(user=person, email=f"new.{person.email}")
    notifications.email_confirmation(person, email_address_id=address.pk, address=address.email)


def _petition_code(person, _case):
    """To somebody without an account: the address alone is known."""
    notifications.petition_code(address=person.email, draft="ab12", language=litigant_of(person).language)


def _address_in_use(person, case):
    asks = factories.make_user()
    _email_confirmation(asks, case)
    EmailAddress.objects.filter(user=asks).update(email=person.email)
    OutgoingMail.objects.filter(account=asks).update(address=person.email)


POSTERS: dict[str, Callable] = {
    "activation": _activation,
    "case_added": _case_added,
    "progress": _progress,
    "digest": _digest,
    "hearing_reminder": _hearing_reminder,
    "query_ending": _query_ending,
    "quiet_case": _quiet_case,
    "password_reset": lambda person, _case: notifications.password_reset(person),
    "second_factor_link": _second_factor_link,
    "staff_invitation": _staff_invitation,
    "staff_address_in_use": _staff_address_in_use,
    "handed_in": _handed_in,
    "approved": _approved,
    "sent_back": _sent_back,
    "page_comments": _page_comments,
    "petition_code": _petition_code,
    "court_late": _court_late,
    "court_late_op": _court_late_op,
    "manifest_differs": _manifest_differs,
    "email_confirmation": _email_confirmation,
    "address_in_use": _address_in_use,
    "welcome": lambda person, _case: notifications.welcome(person),
    "email_changed": lambda person, _case: notifications.email_changed(person, former="old@example.com"),
}


def _notice(person, case, *, notice):
    about = {"notice": notice, "day": f"{timezone.localdate()}"}
    access = factories.make_access(person, case)
    OutgoingMail.objects.create(
        kind="account_notice", account=person, address=person.email, access=access, about=about
    )


NOTICES: dict[str, Callable] = {
    notice: partial(_notice, notice=notice) for notice in sorted(filter(None, account_notices.NOTICES))
}
EVERY_MAIL = POSTERS | NOTICES


def post(name: str, person, case) -> OutgoingMail:
    """Cause one mail to a person, and return its row."""
    EVERY_MAIL[name](person, case)
    return OutgoingMail.objects.latest("pk")
