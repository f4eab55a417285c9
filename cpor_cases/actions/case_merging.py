"""What a clerk does to a case as such: transfer it to another division, merge one made twice by a slip of the pen."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import BigIntegerField, Manager, QuerySet, Value, When
from django.db.models import Case as Choose
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cpor_cases.actions.applications import Obstacle, find_obstacles
from cpor_cases.mail import notifications, outbox
from cpor_cases.models import (
    Announcement,
    Application,
    Case,
    CaseAccess,
    CourtLogEntry,
    ImportRun,
    MergedCase,
    OutgoingMail,
    ProgressEntry,
    litigant_of,
)
from cpor_cases.permissions import require_post
from cpor_cases.query_period import keep_closing_days
from cpor_core.models import Court
from cpor_core.punctuation import labelled

Preference = CaseAccess.MailPreference
TALKATIVE = [Preference.AT_ONCE, Preference.DIGEST, Preference.IMPORTANT, Preference.NONE]


class NotMergeable(Exception):
    """The two cases cannot become one; `hindrances` are sentences that say why."""

    def __init__(self, hindrances: list[str]):
        super().__init__(" ".join(hindrances))
        self.hindrances = hindrances


@transaction.atomic
def transfer(*, case: Case, division: str, by) -> bool:
    """Say which division has the case now; False if it had it already. People see it on the page, nobody is mailed."""
    case = Case.objects.select_for_update(of=("self",)).select_related("court").get(pk=case.pk)
    require_post(by, case.court)
    before, division = case.division, division.strip().removesuffix("股")
    if division == before:
        return False
    case.division = division
    case.save(update_fields=["division"])
    log(
        instance=case,
        action="cpor_cases.case.transfer",
        user=by,
        data={"from_division": before, "to_division": division},
    )
    return True


@dataclass(frozen=True)
class MergePlan:
    """What merging `dropped` into `kept` would do, and what stands against it."""

    dropped: Case
    kept: Case

    @cached_property
    def hindrances(self) -> list[str]:
        if self.dropped == self.kept:
            return [_("A case cannot be merged into itself.")]
        if self.dropped.court_id != self.kept.court_id:
            return [_("Only cases of the same court can be merged.")]
        return [sentence for access in self.newcomers for sentence in self._hindrances_of(access)]

    def _hindrances_of(self, access: CaseAccess) -> list[str]:
        """No merge opens a case to whom the law would not open it (law of the house, 1)."""
        application = access.application
        found = find_obstacles(
            court=self.kept.court,
            category=self.kept.category,
            word=self.kept.word,
            role=application.role,
            email=application.email,
            received_on=application.received_on,
        )
        return [
            labelled(application.applicant_name, obstacle.sentence)
            for obstacle in found
            if obstacle != Obstacle.NO_EMAIL  # an address purged long ago
        ]

    @cached_property
    def entries(self) -> list[ProgressEntry]:
        """The entries of both cases in the order they would stand, newest first."""
        both = ProgressEntry.objects.filter(case__in=[self.dropped, self.kept])
        return list(both.select_related("kind").newest_first())

    @property
    def moving_entries(self) -> list[ProgressEntry]:
        return [entry for entry in self.entries if entry.case_id == self.dropped.pk]

    @property
    def are_there_news(self) -> bool:
        """Whether whoever follows the kept case will see something new there."""
        return any(not (entry.withdrawn_at or entry.held_until) for entry in self.moving_entries)

    @cached_property
    def accesses(self) -> list[CaseAccess]:
        """The living accesses to both cases, the earlier ones first."""
        both = CaseAccess.objects.live().filter(case__in=[self.dropped, self.kept])
        return list(
            both.select_related("account__litigant", "application__role").order_by("granted_at", "pk")
        )

    @cached_property
    def doubles(self) -> list[tuple[CaseAccess, CaseAccess]]:
        """Who follows both: their earlier access, which stays, and the later one, which ends."""
        by_account: dict[int, list[CaseAccess]] = {}
        for access in self.accesses:
            by_account.setdefault(access.account_id, []).append(access)
        return [(pair[0], pair[1]) for pair in by_account.values() if len(pair) == 2]

    @property
    def newcomers(self) -> list[CaseAccess]:
        """Who follows the dropped case alone and will follow the kept one."""
        both = {earlier.account_id for earlier, _later in self.doubles}
        return [
            access
            for access in self.accesses
            if access.case_id == self.dropped.pk and access.account_id not in both
        ]

    @cached_property
    def applications(self) -> list[Application]:
        return list(self.dropped.applications.select_related("role").order_by("received_on", "pk"))


@transaction.atomic
def merge(*, dropped: Case, kept: Case, by, now: dt.datetime | None = None) -> Case:
    """Let `dropped`, made by a slip of the pen, become one with `kept`; entries, accesses, applications, mails follow.

    Who followed both keeps the earlier access, with the notes of both. Each person is mailed at most once: that a case
    was added, who followed the dropped one alone; that there is news, who follows the kept one, if entries came to it.
    Raises NotMergeable, or Case.DoesNotExist if one of them is gone.
    """
    now = now or timezone.now()
    dropped, kept = _held(dropped, kept)
    require_post(by, dropped.court)
    require_post(by, kept.court)
    plan = MergePlan(dropped, kept)
    if plan.hindrances:
        raise NotMergeable(plan.hindrances)

    newcomers = plan.newcomers
    run = _move_entries(plan, by, now) if plan.are_there_news else None
    ProgressEntry.objects.filter(case=dropped).update(case=kept)
    keep_closing_days([kept.pk])
    _join_doubles(plan, by, now)
    if run:
        notifications.progress(run, [kept.pk])
        outbox.release_progress_mails(run, now)
    dropped.applications.update(case=kept)
    dropped.accesses.update(case=kept)
    _tell_newcomers(newcomers)
    _keep_record(dropped, kept, by, now)
    dropped.delete()
    return kept


def _held(dropped: Case, kept: Case) -> tuple[Case, Case]:
    """Keep out imports, decisions and deeds on accesses, in the order in which they too take their locks."""
    both = [dropped.pk, kept.pk]
    courts = Court.objects.filter(pk__in=[dropped.court_id, kept.court_id]).order_by("pk")
    list(courts.select_for_update(no_key=True).values_list("pk"))
    for rows in (Application.objects, CaseAccess.objects):
        list(rows.filter(case__in=both).order_by("pk").select_for_update().values_list("pk"))
    cases = {case.pk: case for case in Case.objects.filter(pk__in=both).order_by("pk").select_for_update()}
    if not {*both} <= {*cases}:
        raise Case.DoesNotExist
    return cases[dropped.pk], cases[kept.pk]


def _move_entries(plan: MergePlan, by, now: dt.datetime) -> ImportRun:
    """Set the standing entries right: they are corrected, as to the case in which they stand."""
    standing = ProgressEntry.objects.standing().filter(case=plan.dropped)
    count = standing.count()
    run = ImportRun.objects.create(
        source=ImportRun.Source.TYPED,
        court=plan.kept.court,
        started_by=by,
        state=ImportRun.State.DONE,
        ended_at=now,
        rows_read=count,
        rows_changed=count,
    )
    standing.update(case=plan.kept, corrected_at=now, changed_in=run)
    return run


def _join_doubles(plan: MergePlan, by, now: dt.datetime) -> None:
    """End the later access of who follows both, after the earlier one has taken over its words, wishes and mails."""
    if not plan.doubles:
        return
    later = [each for _earlier, each in plan.doubles]
    CaseAccess.objects.filter(pk__in=[access.pk for access in later]).update(
        ended_at=now, ended_by=by, end_reason=CaseAccess.EndReason.MERGED
    )
    for first, second in plan.doubles:
        _take_over(first, second)
        first.case = plan.kept
    names = ["case", "own_name", "note", "mail_preference", "mails_show_entry", "reminders", "last_seen_at"]
    CaseAccess.objects.bulk_update([earlier for earlier, _later in plan.doubles], names)
    _move_mails(plan.doubles)


def _take_over(earlier: CaseAccess, later: CaseAccess) -> None:
    """No word of the person is lost, nothing wanted goes untold, nothing is shown in a mail that either kept out."""
    if later.own_name and later.own_name != earlier.own_name:
        if earlier.own_name:
            later.note = f"{later.own_name}\n{later.note}".strip()
        else:
            earlier.own_name = later.own_name
    notes = dict.fromkeys(note for note in (earlier.note, later.note) if note)
    earlier.note = "\n\n".join(notes)
    if later.mails_chosen != earlier.mails_chosen:
        earlier.mail_preference = min(earlier.mails_chosen, later.mails_chosen, key=TALKATIVE.index)
    if _chosen(later, "mails_show_entry") != _chosen(earlier, "mails_show_entry"):
        earlier.mails_show_entry = False
    if _chosen(later, "reminders") != _chosen(earlier, "reminders"):
        earlier.reminders = True
    seen = [access.last_seen_at for access in (earlier, later)]
    earlier.last_seen_at = min(seen) if all(seen) else None


def _chosen(access: CaseAccess, name: str) -> bool:
    """What holds for a case: its own choice, or else the account's."""
    own = getattr(access, name)
    return getattr(litigant_of(access.account), name) if own is None else own


def _move_mails(doubles: list[tuple[CaseAccess, CaseAccess]]) -> None:
    """The mails of an access that ends belong to the one that stays, and so does the news it waits for: nothing is told twice, nothing is lost."""
    heir = {later.pk: earlier.pk for earlier, later in doubles}
    _hand_down(OutgoingMail.objects.exclude(occasion=""), heir, "kind", "occasion")
    _hand_down(OutgoingMail.objects.filter(occasion=""), heir, "pk")
    _hand_down(Announcement.objects, heir, "run")


def _hand_down(rows: QuerySet | Manager, heir: dict[int, int], *alike: str) -> None:
    """Move rows from each access to its heir, unless the heir has one that is `alike` already."""
    taken = set(rows.filter(access__in=heir.values()).values_list("access", *alike))
    own = rows.filter(access__in=heir).values_list("pk", "access", *alike)
    moving = [pk for pk, access, *facts in own if (heir[access], *facts) not in taken]
    whose = (When(access=later, then=Value(earlier)) for later, earlier in heir.items())
    rows.filter(pk__in=moving).update(access_id=Choose(*whose, output_field=BigIntegerField()))


def _tell_newcomers(newcomers: list[CaseAccess]) -> None:
    keys = [access.pk for access in newcomers]
    told = CaseAccess.objects.filter(pk__in=keys, account__is_active=True)
    told = told.filter(case__in=Case.objects.within_query_period()).select_related("account", "case__court")
    for access in told.order_by("pk"):
        notifications.case_added(access)


def _keep_record(dropped: Case, kept: Case, by, now: dt.datetime) -> None:
    """The log of the dropped case becomes the kept one's; its number is remembered, and leads to the kept one."""
    content_type = ContentType.objects.get_for_model(Case)
    CourtLogEntry.objects.filter(content_type=content_type, object_id=str(dropped.pk)).update(
        object_id=str(kept.pk)
    )
    MergedCase.objects.filter(case=dropped).update(case=kept)
    MergedCase.objects.create(
        court=dropped.court,
        category=dropped.category,
        year=dropped.year,
        word=dropped.word,
        number=dropped.number,
        public_id=dropped.public_id,
        former_key=dropped.pk,
        case=kept,
        merged_at=now,
        merged_by=by,
    )
    for name in ("division", "cause"):
        if not getattr(kept, name):
            Case.objects.filter(pk=kept.pk).update(**{name: getattr(dropped, name)})
    data = {"merged_number": str(dropped.full_number), "into_number": str(kept.full_number)}
    log(instance=kept, action="cpor_cases.case.merge", user=by, data=data)
