"""What merging two cases would do, and what forbids it: read before the merge, changes nothing."""

from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cpor_cases.actions.entitlement import Obstacle, find_obstacles
from cpor_cases.models import Application, Case, CaseAccess, ProgressEntry
from cpor_core.punctuation import labelled


@dataclass(frozen=True)
class MergePlan:
    """What merging `dropped` into `kept` would do, and what forbids it."""

    dropped: Case
    kept: Case

    @cached_property
    def obstacles(self) -> list[str]:
        if self.dropped == self.kept:
            return [_("A case cannot be merged into itself.")]
        if self.dropped.court_id != self.kept.court_id:
            return [_("Only cases of the same court can be merged.")]
        return [sentence for access in self.newcomers for sentence in self._obstacles_of(access)]

    def _obstacles_of(self, access: CaseAccess) -> list[str]:
        """Return why this person may not see the kept case (rule 1): a merge must not give access that no application could."""
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
        """The entries of both cases, newest first."""
        both = ProgressEntry.objects.filter(case__in=[self.dropped, self.kept])
        return list(both.select_related("kind").newest_first())

    @property
    def moving_entries(self) -> list[ProgressEntry]:
        return [entry for entry in self.entries if entry.case_id == self.dropped.pk]

    @property
    def has_news(self) -> bool:
        """Whether followers of the kept case will see something new there."""
        return any(not (entry.withdrawn_at or entry.held_until) for entry in self.moving_entries)

    @cached_property
    def accesses(self) -> list[CaseAccess]:
        """The live accesses to both cases, the earlier ones first."""
        both = CaseAccess.objects.live().filter(case__in=[self.dropped, self.kept])
        return list(
            both.select_related("account__litigant", "application__role").order_by("granted_at", "pk")
        )

    @cached_property
    def doubles(self) -> list[tuple[CaseAccess, CaseAccess]]:
        """Of each person who follows both: the earlier access, which stays, and the later one, which ends."""
        by_account: dict[int, list[CaseAccess]] = {}
        for access in self.accesses:
            by_account.setdefault(access.account_id, []).append(access)
        return [(pair[0], pair[1]) for pair in by_account.values() if len(pair) == 2]

    @property
    def newcomers(self) -> list[CaseAccess]:
        """The accesses of people who follow the dropped case alone and will follow the kept one."""
        both = {earlier.account_id for earlier, _later in self.doubles}
        return [
            access
            for access in self.accesses
            if access.case_id == self.dropped.pk and access.account_id not in both
        ]

    @cached_property
    def applications(self) -> list[Application]:
        return list(self.dropped.applications.select_related("role").order_by("received_on", "pk"))
