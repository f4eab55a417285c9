"""The forms (書狀) people hand in to a court: each with its versions, the newest in use."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PublishingPanel
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index
from wagtail.search.queryset import SearchableQuerySetMixin

from cpor_core.cjk import grams_of_text
from cpor_core.models import Category
from cpor_core.translated.fields import TranslatedField, texts
from cpor_pages.documents import file_kinds
from cpor_pages.scheduled_forms import ScheduledModelForm

from .base import SitePage
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
        """The forms a group of roles uses, in one category if one is given; a form that names no group is everybody's."""
        groups = RoleGroup.objects.filter(slug=slug)
        if category:
            groups = groups.filter(roles__category=category)
        named = CourtForm.used_by.through.objects.filter(rolegroup__in=groups).values("courtform")
        return self.filter(Q(used_by=None) | Q(pk__in=named)) if groups.exists() else self.none()


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


def version_file(label: str, **kwargs) -> models.ForeignKey:
    """A file of a version: it cannot be deleted while the version offers it."""
    return models.ForeignKey(
        "wagtaildocs.Document", on_delete=models.PROTECT, related_name="+", verbose_name=label, **kwargs
    )


class FormVersion(models.Model):
    """One edition of a form, in an open format to fill in and as PDF to print."""

    form = ParentalKey(CourtForm, on_delete=models.CASCADE, related_name="versions", verbose_name=_("form"))
    version_date = models.DateField(_("version of"))
    odt = version_file(_("ODT file"))
    pdf = version_file(_("PDF file"))
    docx = version_file(_("DOCX file"), null=True, blank=True)
    panels = [
        FieldPanel("version_date", help_text=_("The date printed on the form.")),
        FieldPanel("odt", help_text=_("To be filled in: an open format, which public bodies must offer.")),
        FieldPanel("pdf", help_text=_("To be printed. Its first page becomes the picture beside the form.")),
        FieldPanel("docx", help_text=_("An extra for those who use Word; never alone.")),
    ]

    class Meta:
        verbose_name = _("version of a form")
        verbose_name_plural = _("versions of forms")
        ordering = ["-version_date"]
        constraints = [models.UniqueConstraint(fields=["form", "version_date"], name="unique_form_version")]

    def __str__(self) -> str:
        return f"{self.form} {self.version_date}"

    def clean(self):
        """Each file must hold what its field says, and the PDF must open: it is printed, and its first page is drawn."""
        wrong = {}
        for kind in ("odt", "pdf", "docx"):
            if getattr(self, f"{kind}_id") is None:
                continue
            try:
                file_kinds.require_document(getattr(self, kind), kind)
            except ValidationError as error:
                wrong[kind] = error
        if wrong:
            raise ValidationError(wrong)

    @property
    def first_page(self) -> "FirstPage | None":
        """The picture of the PDF's first page, if one could be made."""
        return getattr(self.pdf, "first_page", None)

    @property
    def files(self) -> list[tuple[str, object]]:
        """The files with the names of their formats, the open ones first."""
        named = [("ODT", self.odt), ("PDF", self.pdf), ("DOCX", self.docx)]
        return [(name, file) for name, file in named if file]


class FirstPage(models.Model):
    """The picture of a PDF's first page, made from it."""

    document = models.OneToOneField(
        "wagtaildocs.Document",
        on_delete=models.CASCADE,
        related_name="first_page",
        verbose_name=pgettext_lazy("website", "file"),
    )
    image = models.ImageField(
        _("picture"), upload_to="images/first-pages", width_field="width", height_field="height"
    )
    width = models.PositiveSmallIntegerField(pgettext_lazy("picture", "width"), editable=False)
    height = models.PositiveSmallIntegerField(pgettext_lazy("picture", "height"), editable=False)

    class Meta:
        verbose_name = _("picture of a first page")
        verbose_name_plural = _("pictures of first pages")

    def __str__(self) -> str:
        return str(self.document)


class FormsPage(SitePage):
    """書狀下載: all forms, to be narrowed down by category, by what one wants to do and by who one is."""

    template = "cpor_pages/forms_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("forms page")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        roles = [(group.slug, group.name) for group in RoleGroup.objects.all()]
        choices = {"category": Category.choices, "purpose": CourtForm.Purpose.choices, "who": roles}
        chosen = {name: _one_of(options, request.GET.get(name, "")) for name, options in choices.items()}
        forms = list(self._chosen(**chosen))
        groups = [(each, [form for form in forms if form.purpose == each]) for each in CourtForm.Purpose]
        return context | {
            "groups": [(group, found) for group, found in groups if found],
            "count": len(forms),
            "choices": choices,
            "chosen": chosen,
        }

    def _chosen(self, *, category: str, purpose: str, who: str) -> CourtFormQuerySet:
        forms = CourtForm.objects.offered()
        if category:
            forms = forms.in_category(category)
        if purpose:
            forms = forms.filter(purpose=purpose)
        return forms.used_by_group(who, category=category) if who else forms


def _one_of(options: list[tuple[str, str]], wanted: str) -> str:
    """Return what was chosen; an address with anything else shows all."""
    return wanted if wanted in dict(options) else ""
