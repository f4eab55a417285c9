"""Every mail has an end or a next attempt, and is its own person's."""

import datetime as dt

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import bounces, queue
from cpor_cases.models import Announcement, ImportRun, Occasion, OutgoingMail
from cpor_cases.self_check.check import check
from cpor_core import conf

State = OutgoingMail.State
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@check(
    "mail_held",
    of=OutgoingMail,
    says=_("An email is held for an import that has ended: nothing will send it."),
    do=_("Report it with the import's number, and send the email again from the office."),
)
def held(now):
    going_on = [ImportRun.State.WAITING, ImportRun.State.RUNNING]
    return OutgoingMail.objects.filter(state=State.HELD).exclude(run__state__in=going_on)


@check(
    "mail_never_tried",
    of=OutgoingMail,
    says=_("An email has been due for a day, and no worker has tried to send it."),
    do=_("See whether the worker runs (WorkerGone, MailWaits in docs/runbook.md); then report it."),
)
def never_tried(now):
    return OutgoingMail.objects.waiting().filter(attempts=0, next_attempt_at__lt=now - DAY)


@check(
    "mail_never_given_up",
    of=OutgoingMail,
    says=_("An email was tried for longer than emails are, and has neither been sent nor given up."),
    do=_("Report it: nobody has been told that it did not arrive."),
)
def never_given_up(now):
    too_old = now - dt.timedelta(hours=conf.MAIL_RETRY_HOURS) - DAY
    return OutgoingMail.objects.waiting().filter(
        not_before__lt=too_old, attempts__gte=queue.LEAST_ATTEMPTS + 2, next_attempt_at__lt=now - HOUR
    )


@check(
    "mail_put_off",
    of=OutgoingMail,
    says=_("An email waits for an attempt that is more than a day off, and no limit asks for that."),
    do=_("See whether a clock was wrong. Then report it, and send the email again from the office."),
)
def put_off(now):
    return OutgoingMail.objects.waiting().filter(
        slot_at=None, next_attempt_at__gt=now + DAY, next_attempt_at__gte=F("not_before") + DAY
    )


@check(
    "mail_leased",
    of=OutgoingMail,
    says=_("An email is in the hands of a worker for longer than any may have it."),
    do=_("See whether a clock was wrong. It goes out when that time is over; report it if that is days off."),
)
def leased(now):
    return OutgoingMail.objects.waiting().filter(leased_until__gt=now + HOUR)


@check(
    "mail_stopped",
    of=OutgoingMail,
    says=_("An email is held back because its address bounces, and the address does not bounce any more."),
    do=_("Report it. In the office, correct the address of the person to what it is: the email is sent."),
)
def stopped(now):
    return OutgoingMail.objects.stopped().exclude(bounces.to_bouncing_address())


@check(
    "mail_about_another_person",
    of=OutgoingMail,
    says=_("An email is about the access of somebody else than the person it goes to."),
    do=_("Report it at once, as a breach of data protection if it was sent."),
)
def about_another_person(now):
    return OutgoingMail.objects.filter(access__isnull=False).exclude(access__account=F("account"))


@check(
    "occasion_of_another_person",
    of=Occasion,
    says=_("An email tells of a case of somebody else than the person it goes to."),
    do=_("Report it at once, as a breach of data protection if it was sent."),
)
def occasion_of_another_person(now):
    return Occasion.objects.exclude(mail__account=F("access__account"))


@check(
    "digest_of_another_person",
    of=Announcement,
    says=_("A daily email tells of a case of somebody else than the person it goes to."),
    do=_("Report it at once, as a breach of data protection if it was sent."),
)
def digest_of_another_person(now):
    return Announcement.objects.filter(~Q(digest__account=F("access__account")), digest__isnull=False)


CHECKS = (
    held,
    never_tried,
    never_given_up,
    put_off,
    leased,
    stopped,
    about_another_person,
    occasion_of_another_person,
    digest_of_another_person,
)
