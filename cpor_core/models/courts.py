"""The courts, and the benches that each kind of court has."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.translated.fields import TranslatedField
from cpor_core.translated.lookups import FirstLanguage


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


OVERSIGHT_PERMISSION = "cpor_core.oversee_courts"


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
        return self.filter(pk__in=user.posts.values("court"))

    def as_keys(self) -> list[int]:
        """Return the primary keys, evaluated now.

        Given literal keys, the database reads a court's newest rows from an index; given a subquery, it reads all rows of the
        court and sorts them.
        """
        return list(self.values_list("pk", flat=True))

    def keys_for_clerk(self, user) -> list[int]:
        """Return the keys of the courts `for_clerk`: of somebody whose posts were prefetched without another query."""
        posts = getattr(user, "_prefetched_objects_cache", {}).get("posts")
        if posts is None or holds_no_post(user) or not user.is_active:
            return self.for_clerk(user).as_keys()
        return sorted({post.court_id for post in posts})


class Court(models.Model):
    """法院: one that takes part in the service."""

    code = models.CharField(
        _("code"), max_length=5, help_text=_("Three letters, as in the numbers of judgments: TPD.")
    )
    name = TranslatedField(pgettext_lazy("court", "name"), max_length=120)
    tier = models.CharField(_("kind of court"), max_length=40, choices=CourtTier.choices)
    city = models.CharField(_("city or county"), max_length=20, blank=True)
    address = TranslatedField(_("address of the court"), max_length=200, blank=True, is_whole=True)
    map_url = models.URLField(_("page or map that shows the way"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    hours = TranslatedField(_("opening hours"), max_length=200, blank=True, is_whole=True)
    website = models.URLField(_("website"), blank=True)
    source = models.CharField(_("source of code and name"), max_length=200, blank=True)
    tells_waiting_times = models.BooleanField(
        _("says how long the next entry takes"),
        default=True,
        help_text=_(
            "On the page of a case, where enough like it are on record: for half of them, and for 8 of 10."
        ),
    )
    tells_when_quiet = models.BooleanField(
        _("emails when nothing has been recorded for long"),
        default=False,
        help_text=_("That this is usual at this stage, once for each quiet period."),
    )

    objects = CourtQuerySet.as_manager()

    class Meta:
        verbose_name = _("court")
        verbose_name_plural = _("courts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="unique_court_code"),
            models.UniqueConstraint(
                FirstLanguage("name"),
                name="unique_court_name",
                violation_error_message=_("There is already a court with this name."),
            ),
        ]
        permissions = [
            ("manage_court", "Can change the settings of a court"),
            ("report_court", "Can read the reports of a court"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_link(self) -> str:
        """The telephone number as a link dials it (RFC 3966), with its extension."""
        number, *extension = re.split(r"#|轉|分機|ext\.?", self.phone, flags=re.IGNORECASE)
        link = "tel:" + re.sub(r"[^\d+]", "", number)
        return f"{link};ext={extension[0].strip()}" if extension else link

    @property
    def benches(self) -> list[WordTier]:
        return BENCHES[CourtTier(self.tier)]
