"""Every entry that was announced has its mail, or a reason why there is none."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from cpor_cases.models import (
    Activation,
    Announcement,
    CaseAccess,
    ImportRun,
    Litigant,
    MergedCase,
    OutgoingMail,
    PastEntry,
    ProgressEntry,
)
from cpor_cases.self_check.check import check

LOOKED_BACK = dt.timedelta(days=14)  # what has been checked every night for so long is not checked again
AT_THE_SAME_MOMENT = dt.timedelta(minutes=1)  # a transaction begins before it can be seen
DIGEST_COMES_WITHIN = dt.timedelta(hours=26)
Wanted = CaseAccess.MailPreference


def _since(changed_at: str) -> Q:
    """The condition that something happened after an entry had changed, or so shortly before that it may not have been
    seen yet."""
    return Q(**{f"{changed_at}__gt": OuterRef("changed_at") - AT_THE_SAME_MOMENT})


@check(
    "entry_untold",
    of=ProgressEntry,
    says=_("An entry changed within the last two weeks, and somebody who follows its case was not told."),
    do=_(
        "Report it with the number of the import. If editors have just changed which kinds end online access, that is why; "
        "otherwise tell the court, which can tell the people."
    ),
)
def untold(now):
    """Whoever may see the case was told, unless there is a reason: the access, the account or the choice of emails is
    newer, the person wants none, or the case was merged or open again only afterwards."""
    people = (
        CaseAccess.objects.in_force(now)
        .with_mail_choices()
        .filter(
            ~Q(wanted_mails=Wanted.NONE),
            ~Exists(Announcement.objects.filter(run=OuterRef(OuterRef("changed_in")), access=OuterRef("pk"))),
            case=OuterRef("case"),
            account__is_active=True,
            granted_at__lt=OuterRef("changed_at") - AT_THE_SAME_MOMENT,
        )
        .exclude(_since("mails_chosen_at"))
        .filter(
            ~Exists(_of_account(Litigant, "mails_chosen_at")),
            ~Exists(_of_account(Activation, "activated_at")),
        )
    )
    important = ProgressEntry.objects.important().filter(pk=OuterRef(OuterRef("pk")))
    told_of = people.filter(~Q(wanted_mails=Wanted.IMPORTANT) | Exists(important))
    return (
        ProgressEntry.objects.announced()
        .filter(changed_in__in=_lately_ended(now))
        .alias(changed_at=_changed_at())
        .filter(Exists(told_of), ~Exists(_merged_later()), *_never_opened_again())
    )


def _of_account(model, changed_at: str):
    """Rows of a model of the account of an access, changed after the entry had."""
    moment = OuterRef(OuterRef("changed_at")) - AT_THE_SAME_MOMENT
    return model.objects.filter(**{f"{changed_at}__gt": moment}, account=OuterRef("account"))


def _lately_ended(now: dt.datetime):
    return ImportRun.objects.filter(ended_at__gte=now - LOOKED_BACK).values("pk")


def _changed_at() -> Greatest:
    """When something last happened to an entry that people are told of."""
    later = (Coalesce(name, "first_seen_at") for name in ("corrected_at", "withdrawn_at"))
    return Greatest("first_seen_at", *later)


def _merged_later():
    merged = MergedCase.objects.filter(case=OuterRef("case"))
    return merged.filter(merged_at__gte=OuterRef("changed_at") - AT_THE_SAME_MOMENT)


def _never_opened_again() -> tuple[Q, Q]:
    """The conditions that a case that is within its query period always was: nothing has restored it."""
    is_undone = Q(corrected_at__isnull=False) | Q(withdrawn_at__isnull=False)
    turning = ProgressEntry.objects.filter(
        Q(kind__resumes_query=True) | Q(is_undone, kind__ends_query=True), case=OuterRef("case")
    )
    was_turning = PastEntry.objects.filter(
        Q(kind__resumes_query=True) | Q(kind__ends_query=True), entry__case=OuterRef("case")
    )
    return ~Q(Exists(turning)), ~Q(Exists(was_turning))


@check(
    "announcement_without_mail",
    of=Announcement,
    says=_("News of a case were to be told at once, and there is no email that tells them."),
    do=_("Report it with the number of the import, and tell the court: the person was not told."),
)
def without_mail(now):
    mails = OutgoingMail.objects.filter(
        kind=OutgoingMail.Kind.PROGRESS,
        run=OuterRef("run"),
        account=OuterRef("access__account"),
        is_ahead=OuterRef("is_ahead"),
    )
    return Announcement.objects.filter(~Exists(mails), in_digest=False)


@check(
    "announcement_without_digest",
    of=Announcement,
    says=_("News of a case were to be told in a daily email, and no such email has been written for a day."),
    do=_("See whether the worker runs (WorkerGone in docs/runbook.md); then report it."),
)
def without_digest(now):
    late = now - DIGEST_COMES_WITHIN
    return Announcement.objects.awaiting_digest().filter(announced_at__lt=late, run__ended_at__lt=late)


CHECKS = (untold, without_mail, without_digest)
