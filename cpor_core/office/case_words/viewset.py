"""The list of case words in the admin. Each change is noted in the public history."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import CreateView, DeleteView, EditView, SnippetViewSet

from cpor_core import case_word_history
from cpor_core.models import CaseWord
from cpor_core.office.reference_lists import ReferenceIndexView


class WordIndexView(ReferenceIndexView):
    """The list, with links to the CSV export and import."""

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
        case_word_history.note(word, by=self.request.user)
        return word


class WordEditView(EditView):
    """Records the change in the public history, and links to the history of the word."""

    @cached_property
    def header_more_buttons(self):
        address = f"{reverse('word_changes_report')}?{urlencode({'word': self.object.word})}"
        changes = Button(_("Changes of this word"), url=address, icon_name="history", priority=60)
        return [*super().header_more_buttons, changes]

    def save_instance(self):
        word = super().save_instance()
        case_word_history.note(word, by=self.request.user)
        return word


class WordDeleteView(DeleteView):
    """Records the removal in the public history."""

    def delete_action(self):
        case_word_history.note_removal(self.object, by=self.request.user)
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
