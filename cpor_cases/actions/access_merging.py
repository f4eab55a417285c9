"""Joining the two accesses of a person who followed both of the cases that become one."""

import datetime as dt

from django.db.models import BigIntegerField, Manager, QuerySet, Value, When
from django.db.models import Case as Choose

from cpor_cases.models import (
    Announcement,
    CaseAccess,
    HearingNotice,
    Occasion,
    OutgoingMail,
    litigant_of,
    reminder_days,
)

from .merge_plan import MergePlan

Preference = CaseAccess.MailPreference
MOST_MAILS_FIRST = [Preference.AT_ONCE, Preference.DIGEST, Preference.IMPORTANT, Preference.NONE]


def join_doubles(plan: MergePlan, by, now: dt.datetime) -> None:
    """End the later access of each person who follows both cases; the earlier one takes over its notes, choices and mails."""
    if not plan.doubles:
        return
    later = [each for _earlier, each in plan.doubles]
    CaseAccess.objects.filter(pk__in=[access.pk for access in later]).update(
        ended_at=now, ended_by=by, end_reason=CaseAccess.EndReason.MERGED
    )
    for first, second in plan.doubles:
        _take_over(first, second)
        first.case = plan.kept
    names = [
        "case",
        "own_name",
        "note",
        "mail_preference",
        "mails_show_entry",
        "reminders",
        "reminder_days",
        "last_seen_at",
    ]
    CaseAccess.objects.bulk_update([earlier for earlier, _later in plan.doubles], names)
    _move_mails(plan.doubles)


def _take_over(earlier: CaseAccess, later: CaseAccess) -> None:
    """Copy to the earlier access the person's own name and note, and the choice of more mails that show less."""
    if later.own_name and later.own_name != earlier.own_name:
        if earlier.own_name:
            later.note = f"{later.own_name}\n{later.note}".strip()
        else:
            earlier.own_name = later.own_name
    notes = dict.fromkeys(note for note in (earlier.note, later.note) if note)
    earlier.note = "\n\n".join(notes)
    if later.mails_chosen != earlier.mails_chosen:
        earlier.mail_preference = MOST_MAILS_FIRST[
            min(MOST_MAILS_FIRST.index(Preference(each.mails_chosen)) for each in (earlier, later))
        ]
    if _chosen(later, "mails_show_entry") != _chosen(earlier, "mails_show_entry"):
        earlier.mails_show_entry = False
    if _chosen(later, "reminders") != _chosen(earlier, "reminders"):
        earlier.reminders = True
    both = {*earlier.reminder_days_chosen, *later.reminder_days_chosen}
    if both != set(reminder_days.read(litigant_of(earlier.account).reminder_days)):
        earlier.reminder_days = reminder_days.stored(both)
    seen = [access.last_seen_at for access in (earlier, later) if access.last_seen_at]
    earlier.last_seen_at = min(seen) if len(seen) == 2 else None


def _chosen(access: CaseAccess, name: str) -> bool:
    """Return the choice that holds for a case: its own, or else the account's."""
    own = getattr(access, name)
    return getattr(litigant_of(access.account), name) if own is None else own


def _move_mails(doubles: list[tuple[CaseAccess, CaseAccess]]) -> None:
    """Move the mails of each access that ends, and what they tell of, to the one that stays: none is lost or sent twice."""
    heir = {later.pk: earlier.pk for earlier, later in doubles}
    _hand_down(OutgoingMail.objects, heir, "pk")
    _hand_down(Occasion.objects, heir, "kind", "day", "days_before")
    _hand_down(Announcement.objects, heir, "run")
    _hand_down(HearingNotice.objects, heir, "run")


def _hand_down(rows: QuerySet | Manager, heir: dict[int, int], *alike: str) -> None:
    """Move rows from each access to the one that stays, unless that one has a row with equal `alike` already."""
    taken = set(rows.filter(access__in=heir.values()).values_list("access", *alike))
    own = rows.filter(access__in=heir).values_list("pk", "access", *alike)
    moving = [pk for pk, access, *facts in own if (heir[access], *facts) not in taken]
    whose = (When(access=later, then=Value(earlier)) for later, earlier in heir.items())
    rows.filter(pk__in=moving).update(access_id=Choose(*whose, output_field=BigIntegerField()))
