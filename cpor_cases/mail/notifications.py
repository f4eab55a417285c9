"""Who is told of what: one function for each mail. Only this module posts."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import Count, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from cpor_cases.hearings.urgent import urgent_dates
from cpor_cases.models import (
    Activation,
    Announcement,
    Application,
    Case,
    CaseAccess,
    CourtDelay,
    HearingNotice,
    ImportRun,
    Manifest,
    Occasion,
    OutgoingMail,
    StaffInvitation,
)

from . import outbox

Kind = OutgoingMail.Kind


class Reminder(NamedTuple):
    """That one person is to be reminded of a hearing: since when, if that is known."""

    access: CaseAccess
    day: dt.date
    days_before: int
    due_at: dt.datetime | None = None


def activation_link(activation: Activation, *, application: Application) -> None:
    """Send the link that activates the account. The mail names courts, not the person or a case."""
    court = application.case.court
    unsent = OutgoingMail.objects.unsent().filter(
        kind=Kind.ACTIVATION, account=activation.account, court=court
    )
    if unsent.filter(attempts=0, lease=None).exists():
        return  # the mail that waits already has the same link
    about = {"round": activation.round}
    outbox.post(Kind.ACTIVATION, account=activation.account, court=court, about=about)


def welcome(account) -> None:
    """Tell a person who has just activated the account which mails will come, and how to tell a forged one."""
    outbox.post(Kind.WELCOME, account=account)


def case_added(access: CaseAccess) -> None:
    """Tell a person with an active account that one more case has been added: the first of a court and day at once, the
    others of that day together, in the evening."""
    outbox.post_joining(Occasion(access=access, kind=Kind.CASE_ADDED, day=timezone.localdate()))


def progress(
    run: ImportRun,
    cases: Iterable[int] | RawSQL,
    *,
    changed_hearings: Iterable[int] | RawSQL | None = None,
    is_ahead: bool = False,
) -> int:
    """Tell everyone who may see one of `cases` now, once per person and run; return how many that is at most.

    `changed_hearings` are those of them in which a hearing may have changed; None if that is not known. What `is_ahead` is
    told in a mail of its own, and in no other unless it changes again.
    Those who wish one mail a day are told in their digest. Inactive accounts are not told (they see all of it after activation), nor those who want no such mail.
    """
    rights = list(
        _who_may_be_told(cases)
        .wanting_news_of(run)
        .values_list("pk", "case", "wanted_mails", "account", "account__email", "case__court", named=True)
    )
    urgent = _note_urgent(run, cases if changed_hearings is None else changed_hearings)
    Announcement.objects.bulk_create(
        (
            Announcement(
                run=run,
                access_id=right.pk,
                in_digest=_waits_for_digest(right, urgent),
                is_ahead=is_ahead,
            )
            for right in rights
        ),
        # What an earlier batch left for the daily mail may have become urgent with this one.
        update_conflicts=True,
        unique_fields=["run", "access"],
        update_fields=["in_digest", "is_ahead"],
        batch_size=500,
    )
    outbox.hold_progress_mails(run, _recipients(rights, urgent), is_ahead=is_ahead)
    if urgent:
        outbox.put_urgent_first(run, is_ahead=is_ahead)
    return len({right.account for right in rights})


def _note_urgent(run: ImportRun, cases: Iterable[int] | RawSQL) -> Collection[int]:
    """Note for everyone who may see them, told by mail or not, that a hearing of the next days has changed; return in
    which cases."""
    dates = urgent_dates(run, cases)
    if dates:
        open_cases = Case.objects.within_query_period().filter(pk__in=dates)
        people = CaseAccess.objects.live().filter(case__in=open_cases).values_list("pk", "case")
        HearingNotice.objects.bulk_create(
            (HearingNotice(run=run, access_id=access, hearing_at=dates[case]) for access, case in people),
            # The notice of an earlier batch is reset: its person may not know yet of what this batch changed.
            update_conflicts=True,
            unique_fields=["run", "access"],
            update_fields=["hearing_at", "made_at", "seen_at", "told_at", "told_by"],
            batch_size=500,
        )
    return dates.keys()


def _waits_for_digest(right, urgent: Collection[int]) -> bool:
    """Whether news wait for the daily mail; those of a hearing of the next days never do."""
    return right.wanted_mails == CaseAccess.MailPreference.DIGEST and right.case not in urgent


def _recipients(rights: Iterable, urgent: Collection[int]) -> list[dict]:
    """Return (account, address, court) for each account to be told at once; the court is None if there are several."""
    recipients: dict[int, dict] = {}
    for right in rights:
        if _waits_for_digest(right, urgent):
            continue
        facts = {"account": right.account, "address": right.account__email, "court": right.case__court}
        known = recipients.setdefault(right.account, facts)
        if known["court"] != right.case__court:
            known["court"] = None
    return list(recipients.values())


def digests(announcements: Iterable[Announcement]) -> list[OutgoingMail]:
    """Post one daily mail for each person with all news that wait for it, and record which mail covers which news."""
    mails: dict[int, OutgoingMail] = {}
    announcements = list(announcements)
    for announcement in announcements:
        account, court = announcement.access.account, announcement.access.case.court_id
        facts = {"kind": Kind.DIGEST, "account": account, "address": account.email, "court_id": court}
        mail = mails.setdefault(account.pk, OutgoingMail(**facts))
        mail.accepted_at = min(filter(None, [mail.accepted_at, announcement.due_at]))
        if mail.court_id != court:
            mail.court_id = None
    outbox.post_all(mails.values())
    for announcement in announcements:
        announcement.digest = mails[announcement.access.account_id]
    Announcement.objects.bulk_update(announcements, ["digest"], batch_size=500)
    return list(mails.values())


def count_people_to_tell(cases, *, important) -> int:
    """Return how many people `progress` would tell of news in `cases`, of which `important` have important ones."""
    accesses = _who_may_be_told(cases).wanting_news(Q(case__in=important))
    return accesses.aggregate(people=Count("account", distinct=True))["people"]


def _who_may_be_told(cases):
    open_cases = Case.objects.within_query_period().filter(pk__in=cases)
    return CaseAccess.objects.live().filter(case__in=open_cases, account__is_active=True)


def hearing_reminders(due: Iterable[Reminder]) -> None:
    """Remind each person, in one mail, of the hearings of some days, each so many days before: once per case, day and
    number of days."""
    occasions = []
    for each in due:
        facts = {"access": each.access, "day": each.day, "days_before": each.days_before}
        occasions.append(Occasion(kind=Kind.HEARING_REMINDER, **facts))
        occasions[-1].due_at = each.due_at
    outbox.post_jointly(occasions)


def query_ending(accesses: Iterable[CaseAccess]) -> None:
    """Tell each person, in one mail, of which cases the last day of query is near: once per case and last day."""
    outbox.post_jointly(
        Occasion(access=access, kind=Kind.QUERY_ENDING, day=day)
        for access in accesses
        if (day := access.case.last_query_day)
    )


def quiet_cases(quiet: Iterable[tuple[CaseAccess, dt.date]]) -> None:
    """Tell each person, in one mail, in which cases nothing has been recorded since a day: once per case and day."""
    outbox.post_jointly(Occasion(access=access, kind=Kind.QUIET_CASE, day=day) for access, day in quiet)


def password_reset(account, *, asked_at: dt.datetime | None = None) -> None:
    """Send a link, good once, under which a new password can be set: somebody has waited for it since `asked_at`."""
    outbox.post(Kind.PASSWORD_RESET, account=account, accepted_at=asked_at)


def second_factor_link(account) -> None:
    """Send a member of staff the link by which the first second factor is set up: the latest that was issued."""
    outbox.post(Kind.SECOND_FACTOR_LINK, account=account)


def staff_invitation(invitation: StaffInvitation) -> None:
    """Send the link with which somebody who was invited to the office sets up how they log in."""
    about = {"invitation": invitation.pk}
    outbox.post(Kind.STAFF_INVITATION, account=invitation.account, address=invitation.address, about=about)


def petition_code(*, address: str, draft: str, language: str) -> None:
    """Send an address the code that proves it, for a petition that is being filled in."""
    about = {"draft": draft, "language": language}
    outbox.post(Kind.PETITION_CODE, account=None, address=address, about=about)


def email_confirmation(account, *, email_address_id: int, address: str) -> None:
    """Send a link to an address that its owner wants to use, to prove that it is theirs."""
    about = {"email_address": email_address_id}
    outbox.post(Kind.EMAIL_CONFIRMATION, account=account, address=address, about=about)


def email_changed(account, *, former: str) -> None:
    """Tell the former address of an account that it was replaced, with a link that undoes it."""
    outbox.post(Kind.EMAIL_CHANGED, account=account, address=former)


def account_notice(account, notice: str, *, address: str = "") -> None:
    """Tell a person what was changed about their account; `notice` is that of a class in messages/account_notices."""
    outbox.post(Kind.ACCOUNT_NOTICE, account=account, address=address, about={"notice": notice})


def account_ending(account, notice: str, *, day: dt.date, now: dt.datetime) -> None:
    """Tell that the account will be deleted on `day`: never activated, or without a case for long (`notice`)."""
    mail = outbox.post(Kind.ACCOUNT_NOTICE, account=account, about={"notice": notice, "day": day.isoformat()})
    OutgoingMail.objects.filter(pk=mail.pk).update(created_at=now)  # what the term is counted from


def case_left(access: CaseAccess) -> None:
    """Confirm to a person that they no longer follow a case, as they wished."""
    _case_notice(access, "case_left")


def case_mails_stopped(access: CaseAccess) -> None:
    """Confirm to a person that nothing more is mailed about a case, as they wished."""
    _case_notice(access, "case_mails_stopped")


def _case_notice(access: CaseAccess, notice: str) -> None:
    about = {"notice": notice}
    outbox.post(
        Kind.ACCOUNT_NOTICE, account=access.account, court=access.case.court, access=access, about=about
    )


def again(mail: OutgoingMail) -> None:
    """Send a mail that was sent already once more, as a new one."""
    copy = outbox.post(mail.kind, account=mail.account, court=mail.court, access=mail.access)
    outbox.tell_of(copy, mail.occasions.all())


def new_login(account, *, browser: str) -> None:
    """Tell a person that their account was logged in to from a browser not used for it before."""
    outbox.post(Kind.ACCOUNT_NOTICE, account=account, about={"notice": "new_login", "browser": browser})


def handed_in(task, approvers: Iterable) -> None:
    """Tell those who may approve a page or form that it waits for them; `task` is Wagtail's state of the approval."""
    _of_an_approval(Kind.HANDED_IN, task, approvers)


def approved(task, authors: Iterable) -> None:
    """Tell who handed in a page or form that it has been approved."""
    _of_an_approval(Kind.APPROVED, task, authors)


def sent_back(task, authors: Iterable) -> None:
    """Tell who handed in a page or form that changes are asked for."""
    _of_an_approval(Kind.SENT_BACK, task, authors)


def court_late(delay: CourtDelay, managers: Iterable, operators: Iterable) -> None:
    """Tell the managers of a court, and the operators, that its data has not come at its usual time."""
    for kind, people in ((Kind.COURT_LATE, managers), (Kind.COURT_LATE_OP, operators)):
        for person in people:
            outbox.post(kind, account=person, about={"delay": delay.pk})


def manifest_differs(manifest: Manifest, managers: Iterable) -> None:
    """Tell the managers of a court that its system holds other entries than are on record here."""
    for person in managers:
        outbox.post(Kind.MANIFEST_DIFFERS, account=person, about={"manifest": manifest.pk})


def _of_an_approval(kind: str, task, people: Iterable) -> None:
    for person in people:
        outbox.post(kind, account=person, about={"task": task.pk})


def page_comments(followers: Iterable, *, about: dict) -> None:
    """Tell those who follow the comments on a page of new ones; `about`: the keys of the page, its comments and their author."""
    for person in followers:
        outbox.post(Kind.PAGE_COMMENTS, account=person, about=about)
