"""The access of an account to a case."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Case as Choose
from django.db.models import Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cpor_core.models.courts import Court
from cpor_core.models.progress_kinds import PARTS

from . import reminder_days
from .applications import Application
from .cases import Case, lately_over, within_query_period
from .import_runs import ImportRun
from .litigants import AS_ACCOUNT, MailPreference, choice_of_account, litigant_of
from .merged_cases import MergedCase
from .progress_entries import ProgressEntry, ProgressEntryQuerySet
from .rejected_rows import RejectedRow

if TYPE_CHECKING:
    from cpor_cases.hearings.standing import Hearing


# An access whose person has chosen nothing for this case alone.
CHOICES_OF_ACCOUNT = {
    "mail_preference": AS_ACCOUNT,
    "mails_show_entry": None,
    "reminders": None,
    "reminder_days": "",
}


class CaseAccessQuerySet(models.QuerySet):
    def for_clerk(self, user) -> "CaseAccessQuerySet":
        return self.filter(case__court__in=Court.objects.for_clerk(user))

    def live(self) -> "CaseAccessQuerySet":
        return self.filter(ended_at=None)

    def in_force(self, at: dt.datetime | None = None) -> "CaseAccessQuerySet":
        """Those that have not ended and whose case is still within its query period (rule 2)."""
        return self.live().filter(within_query_period(at, prefix="case__"))

    def visible_to(self, user, at: dt.datetime | None = None) -> "CaseAccessQuerySet":
        """The accesses of a person that are in force: to what they may see at that moment.

        Every page, mail and calendar of a litigant uses this queryset (rules 1 and 2).
        """
        return self.visible_to_each([user], at) if user.is_authenticated else self.none()

    def visible_to_each(self, people, at: dt.datetime | None = None) -> "CaseAccessQuerySet":
        """The accesses in force of several people, each their own."""
        active = [person.pk for person in people if person.is_active]
        return self.in_force(at).filter(account__in=active)

    def lately_over(self, user, at: dt.datetime | None = None) -> "CaseAccessQuerySet":
        """The accesses of a person to cases whose query period ended lately: what is listed of them is court, number and
        why, and no entry (rule 2). An access that was revoked, or given up, is not among them."""
        own = self.live().filter(lately_over(at, prefix="case__"), account=user.pk)
        return own if user.is_authenticated and user.is_active else self.none()

    def with_latest_entries(self, *, explained: bool = False) -> "CaseAccessQuerySet":
        """Bring each case with its court and its `latest_entries`, and when one was last withdrawn."""
        return self.select_related("case__court").prefetch_related(
            recent_entries_of_cases(explained=explained)
        )

    def latest_activity_first(self) -> "CaseAccessQuerySet":
        newest = ProgressEntry.objects.standing().filter(case=models.OuterRef("case")).newest_first()
        activity = models.Subquery(newest.values("recorded_at")[:1])
        return self.annotate(activity_at=activity).order_by(F("activity_at").desc(nulls_last=True), "-pk")

    def with_news(self) -> "CaseAccessQuerySet":
        """Those to cases with an entry that was added, corrected or withdrawn since the person last opened them."""
        return self.filter(_is_something_new())

    def with_has_news(self) -> "CaseAccessQuerySet":
        """Bring whether each is among those `with_news`, in `has_news`."""
        return self.annotate(has_news=_is_something_new())

    def with_missing_since(self) -> "CaseAccessQuerySet":
        """Bring when the court last sent a row about each case that was rejected and is still missing, in `missing_since`."""
        missing = RejectedRow.objects.missing().filter(
            case=OuterRef("case"), run__in=ImportRun.objects.of_files().to_repair().values("pk")
        )
        latest = missing.order_by("-run__started_at").values("run__started_at")[:1]
        return self.annotate(missing_since=models.Subquery(latest))

    def with_mail_choices(self) -> "CaseAccessQuerySet":
        """Annotate the mail choices for each case: its own, or else the account's."""
        return self.annotate(
            wanted_mails=wanted_mails(),
            shows_entry=Coalesce("mails_show_entry", choice_of_account("mails_show_entry")),
            is_reminded=Coalesce("reminders", choice_of_account("reminders")),
            reminded_before=Choose(
                When(reminder_days="", then=choice_of_account("reminder_days")), default=F("reminder_days")
            ),
        )

    def with_own_mail_choices(self) -> "CaseAccessQuerySet":
        """Those with a mail choice of their own that differs from the account's."""
        return self.exclude(**CHOICES_OF_ACCOUNT)

    def wanting_news_of(self, run) -> "CaseAccessQuerySet":
        """Those whose person wants mails about what this import changed in their case; `with_mail_choices`."""
        important = (
            ProgressEntry.objects.announced().important().filter(changed_in=run, case=OuterRef("case"))
        )
        return self.wanting_news(Exists(important))

    def wanting_news(self, is_important) -> "CaseAccessQuerySet":
        """Those whose person wants to be mailed about news, where `is_important` is the condition that these are."""
        wanted = CaseAccess.MailPreference
        return (
            self.with_mail_choices()
            .exclude(wanted_mails=wanted.NONE)
            .filter(~Q(wanted_mails=wanted.IMPORTANT) | is_important)
        )

    def of_case(self, public_id) -> "CaseAccessQuerySet":
        """Those to the case with this public id, or to the case into which it was merged."""
        merged = MergedCase.objects.filter(public_id=public_id).values("case")
        return self.filter(Q(case__public_id=public_id) | Q(case__in=merged))


def recent_entries_of_cases(*, explained: bool = False) -> models.Prefetch:
    """Return what `prefetch_related` of accesses needs, so that each case has its `latest_entries`.

    What their kinds mean is read only if they are to be `explained`: it is much longer than all the rest.
    """
    return models.Prefetch("case__entries", queryset=_recent_entries(explained), to_attr="recent_entries")


def attach_recent_entries_to(accesses: Iterable["CaseAccess"]) -> None:
    """Give the case of each access the same; of a page of cases this takes half the time of the prefetch."""
    cases = {access.case_id: access.case for access in accesses}
    for case in cases.values():
        case.recent_entries = []
    for entry in _recent_entries(explained=False).filter(case__in=cases):
        cases[entry.case_id].recent_entries.append(entry)


def _recent_entries(explained: bool) -> "ProgressEntryQuerySet":
    recent = ProgressEntry.objects.recent().select_related("kind")
    return recent if explained else recent.defer(*(f"kind__{name}" for name in PARTS))


def _is_something_new() -> Exists:
    seen = Coalesce(OuterRef("last_seen_at"), OuterRef("granted_at"))
    news = ProgressEntry.objects.announced().filter(
        Q(first_seen_at__gt=seen) | Q(corrected_at__gt=seen) | Q(withdrawn_at__gt=seen),
        case=OuterRef("case"),
    )
    return Exists(news)


def wanted_mails(prefix: str = "") -> Choose:
    """Return the expression for the mail preference of an access: its own, or else the account's."""
    of_account = When(
        **{f"{prefix}mail_preference": AS_ACCOUNT}, then=choice_of_account("mail_preference", prefix)
    )
    return Choose(of_account, default=F(f"{prefix}mail_preference"))


class CaseAccess(models.Model):
    """The right of one account to see one case, from an approved application."""

    class EndReason(models.TextChoices):
        MANDATE_ENDED = "mandate_ended", _("the mandate or the role in the case ended")
        WRONG_PERSON = "wrong_person", _("opened to the wrong person")
        ASKED_COURT = "asked_court", _("the person asked the court to end it")
        REVOKED = "revoked", _("ended by the court for another reason")
        LEFT = "left", _("given up by the person")
        ACCOUNT_CLOSED = "account_closed", _("account closed")
        NEVER_ACTIVATED = "never_activated", _("account never activated")
        MERGED = "merged", _("joined with the person's other access when cases were merged")

    # Why a court revokes: what a clerk may choose from.
    REVOKED_BECAUSE = [
        EndReason.MANDATE_ENDED,
        EndReason.WRONG_PERSON,
        EndReason.ASKED_COURT,
        EndReason.REVOKED,
    ]

    MailPreference = MailPreference

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="accesses",
        verbose_name=pgettext_lazy("account", "account"),
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="accesses", verbose_name=_("case"))
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="accesses", verbose_name=_("application")
    )
    granted_at = models.DateTimeField(_("granted"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )
    end_reason = models.CharField(_("why it ended"), max_length=20, choices=EndReason.choices, blank=True)
    # AS_ACCOUNT follows the account's choice, also when that changes later.
    mail_preference = models.CharField(
        _("emails about news"),
        max_length=10,
        choices=[(AS_ACCOUNT, _("as for all my cases")), *MailPreference.choices],
        default=AS_ACCOUNT,
    )
    mails_show_entry = models.BooleanField(
        _("emails show the entry"),
        null=True,
        blank=True,
        help_text=_("Otherwise an email only says which case has news."),
    )
    reminders = models.BooleanField(
        _("reminders"),
        null=True,
        blank=True,
        help_text=_("Before a hearing, and before the last day you can view the case."),
    )
    reminder_days = models.CharField(
        _("when to be reminded of a hearing"), max_length=20, choices=reminder_days.choices, blank=True
    )
    mails_chosen_at = models.DateTimeField(
        _("emails last chosen"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the person last chose which emails to get, for this case."),
    )
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    # Private to the account: on no screen of the office.
    own_name = models.CharField(_("own short name"), max_length=40, blank=True)
    note = models.TextField(_("own note"), max_length=2000, blank=True)

    has_news: bool  # with_has_news
    missing_since: dt.datetime | None  # with_missing_since
    wanted_mails: str  # with_mail_choices
    shows_entry: bool
    is_reminded: bool
    reminded_before: str

    objects = CaseAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "case"],
                condition=Q(ended_at=None),
                name="one_live_access_per_account_and_case",
            ),
            models.CheckConstraint(
                # `ended_by` is empty where the clock did it.
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="access_ended_at_and_why",
            ),
        ]
        indexes = [
            # Who is told of news in these cases: the right-hand side of the import's query.
            models.Index(
                fields=["case", "account"], condition=Q(ended_at=None), name="live_accesses_of_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.account}"

    def is_news(self, entry: ProgressEntry) -> bool:
        """Whether `entry` was added or corrected since the person last opened the case or, before that, got access."""
        return (entry.corrected_at or entry.first_seen_at) > (self.last_seen_at or self.granted_at)

    @property
    def is_in_force(self) -> bool:
        """Whether it is among those `in_force`."""
        last_day = self.case.last_query_day
        return self.ended_at is None and (last_day is None or last_day >= timezone.localdate())

    @property
    def address_for_court(self) -> str:
        """The address that the court may see: the account's while the access is in force, afterwards the application's."""
        return self.account.email if self.is_in_force else self.application.email

    @property
    def mails_chosen(self) -> str:
        """The mail preference for this case: its own, or else the account's."""
        is_own = self.mail_preference != AS_ACCOUNT
        return self.mail_preference if is_own else litigant_of(self.account).mail_preference

    @property
    def reminder_days_chosen(self) -> list[int]:
        """How many days before a hearing of this case its person wants to be reminded."""
        return reminder_days.read(self.reminder_days or litigant_of(self.account).reminder_days)

    @property
    def mail_choices_in_words(self) -> list[str]:
        """The mail choices of this case that differ from the account's, in words."""
        words = []
        if self.mail_preference != AS_ACCOUNT:
            words.append(
                gettext("emails about news: %(when)s") % {"when": self.get_mail_preference_display()}
            )
        if self.mails_show_entry is not None:
            words.append(
                gettext("emails show the entry")
                if self.mails_show_entry
                else gettext("emails hide the entry")
            )
        if self.reminders is not None:
            words.append(gettext("with reminders") if self.reminders else gettext("no reminders"))
        if self.reminder_days:
            days = reminder_days.in_words(self.reminder_days)
            words.append(gettext("reminders of hearings: %(days)s") % {"days": days})
        return words

    @property
    def next_hearing(self) -> "Hearing | None":
        """The next hearing of the case, which came with its `hearings`."""
        return self.case.hearings.next

    @property
    def shown_entries(self) -> list[tuple[ProgressEntry, bool]]:
        """The latest entries, each with whether it is news; the access came `with_latest_entries`."""
        return [(entry, self.is_news(entry)) for entry in self.case.latest_entries]

    @property
    def new_entries(self) -> list[ProgressEntry]:
        return [entry for entry, is_news in self.shown_entries if is_news]
