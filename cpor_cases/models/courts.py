"""The courts, the words their cases are filed under, and the clerks who serve at them."""

import datetime as dt
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_cases import plausible_dates
from cpor_cases.case_numbers import fold_word

from .bilingual import in_reader_language


class Category(models.TextChoices):
    """類別: the branch of law a case belongs to."""

    CIVIL = "civil", _("Civil")
    FAMILY = "family", _("Family")
    CRIMINAL = "criminal", _("Criminal")
    ADMINISTRATIVE = "administrative", _("Administrative")


class CourtTier(models.TextChoices):
    """審級: what kind of court it is."""

    SUPREME = "supreme", _("Supreme Court")
    SUPREME_ADMINISTRATIVE = "supreme_administrative", _("Supreme Administrative Court")
    HIGH = "high", _("High court")
    HIGH_BRANCH = "high_branch", _("Branch of a high court")
    HIGH_ADMINISTRATIVE = "high_administrative", _("High administrative court, high division")
    HIGH_ADMINISTRATIVE_DISTRICT_DIVISION = (
        "high_administrative_district_division",
        _("High administrative court, district division"),
    )
    IP_COMMERCIAL = "ip_commercial", _("Intellectual property and commercial court")
    DISTRICT = "district", _("District court")
    JUVENILE_FAMILY = "juvenile_family", _("Juvenile and family court")


class WordTier(models.TextChoices):
    """The bench that uses a case word. One court has several."""

    SUMMARY_DIVISION = "summary_division", _("Summary division of a district court")
    DISTRICT = "district", _("District court")
    DISTRICT_SECOND_INSTANCE = "district_second_instance", _("District court, second instance")
    HIGH = "high", _("High court and branches")
    IP_COMMERCIAL = "ip_commercial", _("Intellectual property and commercial court")
    HIGH_ADMINISTRATIVE_DISTRICT_DIVISION = (
        "high_administrative_district_division",
        _("High administrative court, district division"),
    )
    HIGH_ADMINISTRATIVE = "high_administrative", _("High administrative court, high division")
    SUPREME = "supreme", _("Supreme Court")
    SUPREME_ADMINISTRATIVE = "supreme_administrative", _("Supreme Administrative Court")


BENCHES = {
    CourtTier.SUPREME: [WordTier.SUPREME],
    CourtTier.SUPREME_ADMINISTRATIVE: [WordTier.SUPREME_ADMINISTRATIVE],
    CourtTier.HIGH: [WordTier.HIGH],
    CourtTier.HIGH_BRANCH: [WordTier.HIGH],
    CourtTier.HIGH_ADMINISTRATIVE: [WordTier.HIGH_ADMINISTRATIVE],
    CourtTier.HIGH_ADMINISTRATIVE_DISTRICT_DIVISION: [WordTier.HIGH_ADMINISTRATIVE_DISTRICT_DIVISION],
    CourtTier.IP_COMMERCIAL: [WordTier.IP_COMMERCIAL],
    CourtTier.DISTRICT: [WordTier.DISTRICT, WordTier.DISTRICT_SECOND_INSTANCE, WordTier.SUMMARY_DIVISION],
    CourtTier.JUVENILE_FAMILY: [WordTier.DISTRICT],
}


OVERSIGHT_PERMISSION = "cpor_cases.oversee_courts"


def holds_no_post(user) -> bool:
    """Whether this account is a service manager's: it sees the figures of all courts, and so the rows of none.

    A superuser has every permission without being a service manager.
    """
    return user.has_perm(OVERSIGHT_PERMISSION) and not user.is_superuser


class CourtQuerySet(models.QuerySet):
    def for_clerk(self, user) -> "CourtQuerySet":
        """The courts at which a member of staff has a post: what they may see, find and change there is decided here.

        A superuser without a post sees no court. Whoever oversees all courts sees the rows of none of them, even if an
        old post was left when they were made service manager.
        """
        if not user.is_authenticated or not user.is_active or holds_no_post(user):
            return self.none()
        return self.filter(pk__in=ClerkPost.objects.filter(user=user).values("court"))

    def as_keys(self) -> list[int]:
        """Return the keys, read now. Told the courts in figures, the database reads a court's newest rows off an index;
        told them as a question, it reads all the court's rows and sorts them."""
        return list(self.values_list("pk", flat=True))

    def with_last_data(self) -> "CourtQuerySet":
        """Bring when each court last sent data, in `last_data_at`: a file or a call that was taken whole, of the court's
        own or of several courts with an entry of this one. What a clerk typed says nothing of the court's system."""
        from .imports import ImportRun
        from .progress import ProgressEntry

        taken = ImportRun.objects.of_files().filter(state=ImportRun.State.DONE)
        own = taken.filter(court=models.OuterRef("pk")).order_by("-ended_at").values("ended_at")[:1]
        among = taken.filter(
            models.Exists(
                ProgressEntry.objects.filter(
                    court=models.OuterRef(models.OuterRef("pk")), changed_in=models.OuterRef("pk")
                )
            ),
            court=None,
        )
        several = among.order_by("-ended_at").values("ended_at")[:1]
        long_ago = models.Value(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), output_field=models.DateTimeField())
        latest = Greatest(
            Coalesce(models.Subquery(own), long_ago), Coalesce(models.Subquery(several), long_ago)
        )
        return self.annotate(last_data_at=NullIf(latest, long_ago))


class Court(models.Model):
    """法院: one that takes part in the service."""

    code = models.CharField(
        _("code"), max_length=5, help_text=_("Three letters, as in the numbers of judgments: TPD.")
    )
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=120)
    tier = models.CharField(_("kind of court"), max_length=40, choices=CourtTier.choices)
    city = models.CharField(_("city or county"), max_length=20, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    hours_zh = models.CharField(_("opening hours in Chinese"), max_length=200, blank=True)
    hours_en = models.CharField(_("opening hours in English"), max_length=200, blank=True)
    website = models.URLField(_("website"), blank=True)
    source = models.CharField(_("source of code and name"), max_length=200, blank=True)

    objects = CourtQuerySet.as_manager()

    class Meta:
        verbose_name = _("court")
        verbose_name_plural = _("courts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="unique_court_code"),
            models.UniqueConstraint(fields=["name_zh"], name="unique_court_name"),
        ]
        permissions = [
            ("manage_court", "Can set the telephone and opening hours of a court"),
            ("report_court", "Can read the reports of a court"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_reader_language(self.name_zh, self.name_en)

    @property
    def hours(self) -> str:
        return in_reader_language(self.hours_zh, self.hours_en)

    @property
    def phone_link(self) -> str:
        """The telephone number as a link dials it (RFC 3966), with its extension."""
        number, *extension = re.split(r"#|轉|分機|ext\.?", self.phone, flags=re.IGNORECASE)
        link = "tel:" + re.sub(r"[^\d+]", "", number)
        return f"{link};ext={extension[0].strip()}" if extension else link

    @property
    def benches(self) -> list[str]:
        return BENCHES[CourtTier(self.tier)]


class ClerkPost(models.Model):
    """A member of staff serves at a court: the horizon of what they see and change."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="posts",
        verbose_name=_("member of staff"),
    )
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="posts", verbose_name=_("court"))

    class Meta:
        verbose_name = _("clerk's post")
        verbose_name_plural = _("clerks' posts")
        constraints = [models.UniqueConstraint(fields=["user", "court"], name="unique_post")]
        permissions = [("oversee_courts", "Can see the reports and posts of all courts")]

    def __str__(self) -> str:
        return f"{self.user} · {self.court}"


class CaseWordQuerySet(models.QuerySet):
    def of_court(self, court: Court, category: str | None = None) -> "CaseWordQuerySet":
        """The words in use at a court. A juvenile and family court uses the family words of a district court."""
        words = self.filter(court_tier__in=court.benches)
        if court.tier == CourtTier.JUVENILE_FAMILY:
            words = words.filter(category=Category.FAMILY)
        return words.filter(category=category) if category else words

    def open_on(self, day: dt.date | None = None) -> "CaseWordQuerySet":
        """The words whose cases may be followed on `day` (today, if none is given)."""
        day = day or timezone.localdate()
        return self.filter(
            Q(open_from=None) | Q(open_from__lte=day),
            Q(open_until=None) | Q(open_until__gte=day),
            openness=CaseWord.Openness.OPEN,
        )


class CaseWord(models.Model):
    """字別: a word cases are filed under, in one category at one bench. Editors open and close it."""

    class Openness(models.TextChoices):
        OPEN = "yes", _("open")
        CLOSED = "no", _("not open")
        UNCLEAR = "unclear", _("not settled")

    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    court_tier = models.CharField(_("bench"), max_length=40, choices=WordTier.choices)
    word = models.CharField(_("case word"), max_length=20)
    procedure_zh = models.CharField(_("procedure in Chinese"), max_length=40, blank=True)
    procedure_en = models.CharField(_("procedure in English"), max_length=80, blank=True)
    meaning_zh = models.CharField(_("meaning in Chinese"), max_length=200, blank=True)
    meaning_en = models.CharField(_("meaning in English"), max_length=200, blank=True)
    openness = models.CharField(
        _("open to queries"),
        max_length=10,
        choices=Openness.choices,
        default=Openness.UNCLEAR,
        help_text=_("A word that is not settled counts as not open."),
    )
    open_from = models.DateField(_("open from"), null=True, blank=True)
    open_until = models.DateField(
        _("open until"), null=True, blank=True, help_text=_("The last day it is open.")
    )
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = CaseWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("case word")
        verbose_name_plural = _("case words")
        ordering = ["category", "court_tier", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "court_tier", "word"],
                name="unique_case_word",
                violation_error_message=_("This word is already listed in this category at this bench."),
            ),
            models.CheckConstraint(
                condition=Q(open_from=None) | Q(open_until=None) | Q(open_until__gte=models.F("open_from")),
                name="case_word_opens_before_it_closes",
                violation_error_message=_("The last open day must not be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.word

    def clean(self):
        """Spell the word as it is looked up, and refuse a day that is a slip: a word would be closed for ever."""
        self.word = fold_word(self.word)
        first, last = plausible_dates.of_open_word()
        sentence = _("%(day)s cannot be right: this date lies between %(first)s and %(last)s.")
        days = {name: getattr(self, name) for name in ("open_from", "open_until") if getattr(self, name)}
        slips = {
            name: ValidationError(sentence, params={"day": day, "first": first, "last": last})
            for name, day in days.items()
            if not first <= day <= last
        }
        if slips:
            raise ValidationError(slips)

    @property
    def bench(self) -> str:
        """The words for its bench. A list of hundreds: Django's own display compares all choices each time."""
        return str(WordTier(self.court_tier).label)

    @property
    def procedure(self) -> str:
        return in_reader_language(self.procedure_zh, self.procedure_en)

    @property
    def meaning(self) -> str:
        return in_reader_language(self.meaning_zh, self.meaning_en)

    def is_used_at(self, court: Court) -> bool:
        """Whether the word is one `of_court`."""
        is_family = self.category == Category.FAMILY
        return self.court_tier in court.benches and (is_family or court.tier != CourtTier.JUVENILE_FAMILY)

    def is_open(self, day: dt.date | None = None) -> bool:
        day = day or timezone.localdate()
        return (
            self.openness == self.Openness.OPEN
            and (self.open_from is None or self.open_from <= day)
            and (self.open_until is None or day <= self.open_until)
        )
