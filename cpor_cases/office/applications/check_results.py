"""What a clerk must know before deciding on an application."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cpor_cases.actions import account_activation, entitlement
from cpor_cases.address_register import find_by_address
from cpor_cases.models import Application, Case, CaseAccess, MergedCase, ProgressEntry
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import Court, PartyRole
from cpor_core.spellings import fold_name

from .email_suggestions import likely_address


@dataclass
class CheckResults:
    """What is on record about an application with these facts, within the clerk's horizon."""

    clerk: object
    court: Court
    category: str
    number: CaseNumber
    role: PartyRole | None
    email: str
    applicant_name: str
    received_on: dt.date
    application_id: int | None = None
    case: Case | None = field(init=False)

    def __post_init__(self):
        numbered = Case.objects.of_number(court=self.court, category=self.category, number=self.number)
        self.case = numbered.first()

    @classmethod
    def about(cls, application: Application, clerk) -> "CheckResults":
        case = application.case
        return cls(
            clerk=clerk,
            court=case.court,
            category=case.category,
            number=case.full_number,
            role=application.role,
            email=application.email,
            applicant_name=application.applicant_name,
            received_on=application.received_on,
            application_id=application.pk,
        )

    @property
    def rows(self) -> list:
        """The rows about people that are shown beside the form."""
        return [*filter(None, [self.case, self.merged_into]), *self.duplicates]

    @cached_property
    def obstacles(self) -> list[str]:
        """The legal obstacles to an approval, as sentences."""
        found = entitlement.find_obstacles(
            court=self.court,
            category=self.category,
            word=self.number.word,
            role=self.role,
            email=self.email,
            received_on=self.received_on,
            account=self.account,
        )
        return [obstacle.sentence for obstacle in found]

    @cached_property
    def latest_entry(self) -> ProgressEntry | None:
        """The latest entry of the case, by which a clerk recognises it."""
        if self.case is None:
            return None
        standing = ProgressEntry.objects.filter(case=self.case, withdrawn_at=None).select_related("kind")
        return standing.newest_first().first()

    @cached_property
    def accesses(self) -> list[CaseAccess]:
        """Who may see the case already."""
        if self.case is None:
            return []
        live = CaseAccess.objects.live().filter(case=self.case)
        return list(live.select_related("account", "application__role").order_by("granted_at"))

    @cached_property
    def duplicates(self) -> list[Application]:
        """Other applications for the same case by the same name or from the same address, not refused."""
        if self.case is None:
            return []
        others = Application.objects.filter(case=self.case).exclude(status=Application.Status.REFUSED)
        return [
            other
            for other in others.order_by("-recorded_at")
            if other.pk != self.application_id and self._is_same_person(other)
        ]

    def _is_same_person(self, other: Application) -> bool:
        same_address = bool(self.email) and other.email == self.email
        return same_address or fold_name(other.applicant_name) == fold_name(self.applicant_name)

    @cached_property
    def merged_into(self) -> Case | None:
        """The case into which a case of this number was merged: the number may be the same typing mistake again."""
        merged = MergedCase.objects.for_clerk(self.clerk).of_number(
            court=self.court, category=self.category, number=self.number
        )
        found = merged.select_related("case__court").order_by("-merged_at").first()
        return found and found.case

    @cached_property
    def likely_address(self) -> str | None:
        """The address that was probably meant, if this one looks mistyped."""
        return likely_address(self.email)

    @cached_property
    def account(self):
        return find_by_address(self.email) if self.email else None

    @cached_property
    def is_under_other_name(self) -> bool:
        """Whether the address belongs to an account that does not carry this name (rule 4)."""
        return self.account is not None and account_activation.is_other_name(
            self.account, self.applicant_name
        )

    @cached_property
    def is_nameless(self) -> bool:
        """Whether no court has a name on record for the account."""
        return not account_activation.names_on_record(self.account)

    @cached_property
    def names_within_horizon(self) -> list[str]:
        """The names recorded at the clerk's own courts; clerks do not see those of other courts (rule 8)."""
        mine = Application.objects.for_clerk(self.clerk).filter(account=self.account)
        names = mine.order_by("pk").exclude(applicant_name="").values_list("applicant_name", flat=True)
        return list(dict.fromkeys(names))

    @cached_property
    def sentences(self) -> list[str]:
        """All that a clerk should check before deciding, in short; empty if nothing."""
        found = list(self.obstacles)
        if self.likely_address:
            found.append(_("The address may be a slip: %(address)s?") % {"address": self.likely_address})
        if self.merged_into:
            found.append(
                _("This number was merged into %(number)s as a slip.")
                % {"number": self.merged_into.full_number}
            )
        if self.is_query_period_over:
            found.append(_("Online access to the case has ended."))
        if self.is_under_other_name:
            found.append(_("The address belongs to an account that does not carry this name."))
        if self.duplicates:
            found.append(_("There is another application of this person for this case."))
        return found

    @cached_property
    def is_query_period_over(self) -> bool:
        if self.case is None:
            return False
        return not Case.objects.within_query_period().filter(pk=self.case.pk).exists()


def pending_after(application: Application, clerk) -> Application | None:
    """Return the application to decide next: the one that has waited longest."""
    pending = Application.objects.for_clerk(clerk).pending().exclude(pk=application.pk)
    return pending.select_related("case__court").order_by("received_on", "pk").first()
