"""The forms (書狀) people hand in to a court: each with its versions, the newest in use."""

from django import forms
from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PublishingPanel
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index
from wagtail.search.queryset import SearchableQuerySetMixin

from cpor_core.cjk import grams_of_query, grams_of_text
from cpor_core.models import Category
from cpor_core.translated.fields import TranslatedField, texts
from cpor_pages.scheduled_forms import ScheduledModelForm
from cpor_pages.search import MOST_HITS

from .form_versions import FormVersion
from .role_groups import RoleGroup


class CourtFormQuerySet(SearchableQuerySetMixin, models.QuerySet):
    def offered(self) -> "CourtFormQuerySet":
        """The published forms that have at least one version to download, with their versions and files."""
        versions = FormVersion.objects.select_related("odt", "docx", "pdf__first_page")
        offered = self.filter(live=True, versions__isnull=False).distinct()
        return offered.prefetch_related(models.Prefetch("versions", versions))

    def in_category(self, category: str) -> "CourtFormQuerySet":
        """The forms of one category, and those of all."""
        return self.filter(category__in=[category, CourtForm.EVERY_CATEGORY])

    def used_by_group(self, slug: str, *, category: str = "") -> "CourtFormQuerySet":
        """Return the forms that a group of roles uses, in one category if given. A form without groups is for everybody."""
        groups = RoleGroup.objects.filter(slug=slug)
        if category:
            groups = groups.filter(roles__category=category)
        named = CourtForm.used_by.through.objects.filter(rolegroup__in=groups).values("courtform")
        return self.filter(Q(used_by=None) | Q(pk__in=named)) if groups.exists() else self.none()

    def matching(self, query: str) -> list["CourtForm"]:
        """Return the published forms that hold every word of `query`, in their titles, uses or files, the best first."""
        grams = grams_of_query(query)
        return list(self.filter(live=True).search(grams, operator="and")[:MOST_HITS]) if grams else []


class CourtForm(
    index.Indexed, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, ClusterableModel
):
    """One form: what it is for and who uses it. The paper itself is Chinese, whatever the reader's language.

    Handed in for approval it is locked to its editor, as a page is: what is read is what is approved.
    """

    class Purpose(models.TextChoices):
        PROGRESS_APPLICATION = "progress_application", _("Follow a case that is already in court")
        COMPLAINT = "complaint", _("Start a case")
        PETITION = "petition", _("Ask the court for something in a pending case")

    EVERY_CATEGORY = "all"

    slug = models.SlugField(_("short name in addresses"), max_length=60)
    title = TranslatedField(pgettext_lazy("court form", "title"), max_length=150)
    category = models.CharField(
        _("category"),
        max_length=20,
        choices=[(EVERY_CATEGORY, _("All categories")), *Category.choices],
        default=EVERY_CATEGORY,
    )
    purpose = models.CharField(_("purpose"), max_length=30, choices=Purpose.choices)
    what_for = TranslatedField(
        pgettext_lazy("court form", "what it is for"), max_length=500, is_multiline=True
    )
    who = TranslatedField(
        pgettext_lazy("court form", "who uses it"), max_length=500, blank=True, is_multiline=True
    )
    used_by = ParentalManyToManyField(
        RoleGroup,
        related_name="+",
        blank=True,
        verbose_name=_("used by"),
        help_text=_("Visitors narrow the forms down by this. None ticked: the form is for everybody."),
    )
    sort_order = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    objects = CourtFormQuerySet.as_manager()

    base_form_class = ScheduledModelForm
    panels = [
        MultiFieldPanel(
            [
                FieldPanel(
                    "title",
                    help_text=_(
                        "As printed on the form, and what it is called for readers of other languages; the paper stays Chinese."
                    ),
                ),
                FieldPanel(
                    "slug",
                    help_text=_("Small letters and hyphens. Links to the form end in it: leave it as it is."),
                ),
            ],
            heading=pgettext_lazy("court form", "Title"),
        ),
        FieldRowPanel(
            [
                FieldPanel(
                    "category",
                    help_text=_("“All categories”: it is shown whichever category a visitor chooses."),
                ),
                FieldPanel(
                    "purpose", help_text=_("What a visitor wants to do with it; forms are grouped by this.")
                ),
            ]
        ),
        MultiFieldPanel(
            [
                FieldPanel(
                    "what_for", help_text=_("One or two sentences in plain words, shown below the title.")
                ),
                FieldPanel("who", help_text=_("Who hands it in, in words. Leave empty if anybody may.")),
                FieldPanel("used_by", widget=forms.CheckboxSelectMultiple),
            ],
            heading=_("What it is for"),
        ),
        InlinePanel(
            "versions",
            heading=_("Versions"),
            label=pgettext_lazy("court form", "version"),
            help_text=_(
                "The newest date is on offer, older ones stay under “Older versions”. Without a version the form is not shown."
            ),
        ),
        FieldPanel("sort_order", help_text=_("Smaller numbers stand first within a group.")),
        PublishingPanel(),
    ]
    search_fields = [
        index.SearchField("search_grams"),
        index.AutocompleteField("title"),
        index.FilterField("category"),
        index.FilterField("purpose"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ["sort_order", "pk"]
        constraints = [models.UniqueConstraint(fields=["slug"], name="unique_court_form_slug")]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def current_version(self) -> "FormVersion | None":
        return max(self.versions.all(), key=lambda each: each.version_date, default=None)

    @property
    def older_versions(self) -> list["FormVersion"]:
        older = [each for each in self.versions.all() if each != self.current_version]
        return sorted(older, key=lambda each: each.version_date, reverse=True)

    def save(self, *args, **kwargs):
        """Save the form and its versions as one, so that the search is told of it when both can be read."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    def search_grams(self) -> str:
        words = [text for name in ("title", "what_for", "who") for text in texts(self, name).values()]
        files = [file.title for version in self.versions.all() for _kind, file in version.files]
        return grams_of_text(" ".join(words + files))
