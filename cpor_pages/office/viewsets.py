"""The editors' lists of forms and reference data in the office."""

from urllib.parse import urlencode

from django.shortcuts import redirect
from django.template.defaultfilters import yesno
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column, UpdatedAtColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import (
    CreateView,
    DeleteView,
    EditView,
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
    WorkflowActionView,
)

from cpor_core.models import CaseWord, Court, PartyRole, ProgressKind
from cpor_core.models.progress_kinds import PARTS
from cpor_core.office.columns import OtherLanguagesColumn
from cpor_core.office.spelled_search import SpelledSearchMixin
from cpor_core.office.translated_order import TranslatedOrderMixin
from cpor_pages.case_words import history
from cpor_pages.models import CourtForm, RoleGroup

from . import edit_notices
from .explanations import EXPLANATION_PANEL, ExplanationColumn, ProgressKindFilterSet


class YesNoColumn(Column):
    """A fact that holds or does not, in the reader's words: Wagtail's own column says True and False."""

    def get_value(self, instance):
        return yesno(super().get_value(instance))


def yes_no(model, name: str) -> YesNoColumn:
    label = capfirst(model._meta.get_field(name).verbose_name)
    return YesNoColumn(name, label=label, sort_key=name)


class ReferenceIndexView(TranslatedOrderMixin, SpelledSearchMixin, IndexView):
    """A list of some hundred rows at most."""


class FormApprovalView(WorkflowActionView):
    """Approves no form with a file that cannot be offered: a draft may be older than the check, or its document changed.

    The form's own screen checks the files whenever it is saved. This view approves without it, from the list of what waits.
    """

    def dispatch(self, request, *args, **kwargs):
        form = self.object.get_latest_revision_as_object()
        if self.action_name != "approve" or not edit_notices.faulty_files(form):
            return super().dispatch(request, *args, **kwargs)
        messages.error(request, _("The form was not approved: its files have to be replaced first."))
        # There stands what is wrong with each file.
        url = reverse(self.redirect_url_name, args=[self.object.pk])
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return self.render_modal_json(request, {"step": "success", "redirect": url})
        return redirect(url)


class CourtFormViewSet(SnippetViewSet):
    model = CourtForm
    icon = "doc-full-inverse"
    menu_label = pgettext_lazy("court form", "Forms")
    menu_order = 250
    add_to_admin_menu = True
    list_display = ["title", "category", "purpose", yes_no(CourtForm, "live"), UpdatedAtColumn()]
    list_filter = ["category", "purpose", "used_by", "live"]
    search_fields = ["title__every", "what_for__every"]
    index_view_class = ReferenceIndexView
    workflow_action_view_class = FormApprovalView


class WordIndexView(ReferenceIndexView):
    """Leads to the exchange by CSV."""

    @cached_property
    def header_more_buttons(self):
        exchange = [
            Button(_("Import from CSV"), url=reverse("case_words_import"), icon_name="upload", priority=60),
            Button(
                _("Export all as CSV"), url=reverse("case_words_export"), icon_name="download", priority=70
            ),
            Button(
                _("Changes of case words"),
                url=reverse("word_changes_report"),
                icon_name="history",
                priority=80,
            ),
        ]
        may_change = self.request.user.has_perm("cpor_core.change_caseword")
        return super().header_more_buttons + (exchange if may_change else [])


class WordCreateView(CreateView):
    """Records the new word in the public history."""

    def save_instance(self):
        word = super().save_instance()
        history.note(word, by=self.request.user)
        return word


class WordEditView(EditView):
    """Records the change in the public history, and leads to what became of the word so far."""

    @cached_property
    def header_more_buttons(self):
        address = f"{reverse('word_changes_report')}?{urlencode({'word': self.object.word})}"
        changes = Button(_("Changes of this word"), url=address, icon_name="history", priority=60)
        return [*super().header_more_buttons, changes]

    def save_instance(self):
        word = super().save_instance()
        history.note(word, by=self.request.user)
        return word


class WordDeleteView(DeleteView):
    """Records the removal in the public history."""

    def delete_action(self):
        history.note_removal(self.object, by=self.request.user)
        return super().delete_action()


class CaseWordViewSet(SnippetViewSet):
    model = CaseWord
    icon = "tag"
    menu_label = _("Case words")
    list_display = ["word", "category", "court_tier", "procedure", "openness", "open_from", "open_until"]
    list_filter = ["category", "court_tier", "openness"]
    search_fields = ["word", "procedure__every", "meaning__every"]
    copy_view_enabled = False
    index_view_class = WordIndexView
    add_view_class = WordCreateView
    edit_view_class = WordEditView
    delete_view_class = WordDeleteView
    panels = [
        FieldRowPanel(
            [
                FieldPanel("category"),
                FieldPanel(
                    "court_tier",
                    help_text=_(
                        "The bench that uses the word. The same word at another bench is an entry of its own."
                    ),
                ),
                FieldPanel(
                    "word",
                    help_text=_(
                        "As it stands between the year and the number: 勞專調. Brackets are left out."
                    ),
                ),
            ]
        ),
        MultiFieldPanel([FieldPanel("procedure"), FieldPanel("meaning")], heading=_("Meaning")),
        MultiFieldPanel(
            [
                FieldPanel("openness"),
                FieldRowPanel(
                    [
                        FieldPanel(
                            "open_from",
                            help_text=_("The first day it is open. Leave empty if it always was."),
                        ),
                        FieldPanel("open_until"),
                    ]
                ),
            ],
            heading=_("Open to queries"),
        ),
        FieldPanel(
            "source",
            help_text=_("Where the word is known from, for those who check the list. Not shown to visitors."),
        ),
    ]


class ProgressKindViewSet(SnippetViewSet):
    model = ProgressKind
    icon = "tasks"
    menu_label = _("Kinds of progress")
    list_display = [
        "name",
        OtherLanguagesColumn("name"),
        "stage",
        Column("hearing_effect", label=_("Hearings"), accessor="get_hearing_effect_display"),
        yes_no(ProgressKind, "ends_query"),
        yes_no(ProgressKind, "resumes_query"),
        ExplanationColumn("missing_parts", label=_("Explanation")),
    ]
    filterset_class = ProgressKindFilterSet
    search_fields = ["code", "name__every", *(f"{name}__every" for name in PARTS)]
    index_view_class = ReferenceIndexView
    copy_view_enabled = False
    panels = [
        FieldPanel("code", help_text=_("The courts' systems send it; once in use, leave it as it is.")),
        FieldPanel("name"),
        FieldPanel(
            "stage", help_text=_("In which part of the procedure it comes: filing, hearing, decision …")
        ),
        EXPLANATION_PANEL,
        FieldPanel(
            "hearing_effect",
            help_text=_(
                "The hearings on people's pages, in their calendars and in reminders follow from it. An entry of "
                "whatever kind that carries a hearing's date shows it."
            ),
        ),
        FieldRowPanel(
            [
                FieldPanel("ends_query"),
                FieldPanel("resumes_query"),
            ]
        ),
        FieldPanel("source"),
        FieldPanel(
            "legal_basis",
            help_text=_(
                "The articles from which time limits and the like are taken, for those who check them. Not shown to visitors."
            ),
        ),
    ]


class PartyRoleViewSet(SnippetViewSet):
    model = PartyRole
    icon = "group"
    menu_label = pgettext_lazy("party", "Roles")
    list_display = ["name", OtherLanguagesColumn("name"), "category", yes_no(PartyRole, "is_entitled")]
    list_filter = ["category", "is_entitled"]
    search_fields = ["name__every"]
    index_view_class = ReferenceIndexView
    copy_view_enabled = False
    panels = [
        FieldPanel("category"),
        FieldPanel("name"),
        FieldPanel("is_entitled", help_text=_("Applications of other roles cannot be approved.")),
        FieldPanel("source"),
    ]


class RoleGroupViewSet(SnippetViewSet):
    model = RoleGroup
    icon = "group"
    menu_label = _("Groups of roles")
    list_display = ["name", OtherLanguagesColumn("name"), "slug", "sort_order"]
    copy_view_enabled = False


class CourtViewSet(SnippetViewSet):
    model = Court
    icon = "home"
    menu_label = _("Courts")
    list_display = ["name", "code", "tier", "city", "phone"]
    list_filter = ["tier", "city"]
    search_fields = ["code", "name__every", "city"]
    index_view_class = ReferenceIndexView
    copy_view_enabled = False
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("tier")]),
        FieldPanel("name"),
        FieldRowPanel(
            [
                FieldPanel("city"),
                FieldPanel(
                    "phone",
                    help_text=_("As it is dialled, with an extension if there is one: 02-2314-6871 #123"),
                ),
            ]
        ),
        FieldPanel("hours"),
        FieldPanel("website"),
        FieldPanel("source"),
    ]


class ReferenceDataGroup(SnippetViewSetGroup):
    items = [CaseWordViewSet, ProgressKindViewSet, PartyRoleViewSet, RoleGroupViewSet, CourtViewSet]
    menu_icon = "list-ul"
    menu_label = _("Reference data")
    menu_name = "reference-data"
    menu_order = 260
