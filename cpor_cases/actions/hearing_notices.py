"""That somebody knows of a changed hearing: said by the person, or told by telephone and noted by a clerk."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cpor_cases.models import HearingNotice
from cpor_cases.models.hearing_notices import HearingNoticeQuerySet
from cpor_cases.permissions import require_right


class AlreadyTold(Exception):
    """Somebody has noted already that the person was told; the `notice` says who and when."""

    def __init__(self, notice: HearingNotice):
        super().__init__(notice.pk)
        self.notice = notice


@transaction.atomic
def note_known(account, *, run: int, now: dt.datetime | None = None) -> int:
    """Note that a person knows of the hearings that an import changed and its mail told of; return in how many cases they
    said so now."""
    unseen = HearingNotice.objects.mailed().filter(access__account=account, run=run, seen_at=None)
    notices = list(unseen.select_for_update(of=("self",)).select_related("access__case__court"))
    for notice in notices:
        log(instance=notice.access, action="cpor_cases.hearing.known", user=account)
        _up_to(notice).filter(seen_at=None).update(seen_at=now or timezone.now())
    return len(notices)


@transaction.atomic
def note_told(notice: HearingNotice, *, at: dt.datetime, by) -> None:
    """Note that a person was told by telephone, and when: of this change and of all before it. What is noted already stays:
    raises AlreadyTold."""
    notice = HearingNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    require_right(by, "change_hearingnotice", notice.access.case.court)
    if notice.told_at is not None:
        raise AlreadyTold(notice)
    _up_to(notice).filter(told_at=None).update(told_at=at, told_by=by)
    log(instance=notice.access, action="cpor_cases.hearing.tell", user=by)


def _up_to(notice: HearingNotice) -> HearingNoticeQuerySet:
    """The notices of the same person and case up to this one: the mail and the call tell how the hearings stand now."""
    return HearingNotice.objects.filter(access=notice.access_id, pk__lte=notice.pk)
