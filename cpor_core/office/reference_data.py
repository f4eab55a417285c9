"""The reference data in the admin: case words, kinds of progress, party roles, courts."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cpor_core.model_fields import field_of
from cpor_core.models import Court, HearingAdvice, PartyRole, ProgressKind, QuietPeriod
from cpor_core.models.hearing_advice import ADVICE
from cpor_core.models.progress_kinds import PARTS

from .case_words.viewset import CaseWordViewSet
from .columns import OtherLanguagesColumn, yes_no
from .explanations import EXPLANATION_PANEL, ExplanationColumn, ProgressKindFilterSet
from .reference_lists import ProgressKindIndexView, ReferenceIndexView

# Other apps put their own reference data into the same menu: they set `menu_hook` to it.
SUBMENU_HOOK = "register_reference_data_menu_item"


class ProgressKindViewSet(SnippetViewSet):
    """The kinds of progress entries, with their explanations."""

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
    index_view_class = ProgressKindIndexView
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


class HearingAdviceViewSet(SnippetViewSet):
    """What people are told before a hearing, for each court and kind of entry."""

    model = HearingAdvice
    icon = "info-circle"
    menu_label = _("Advice before hearings")
    list_display = [
        Column("__str__", label=_("Holds for"), accessor=str),
        *(Column(name, label=field_of(HearingAdvice, name).verbose_name) for name in ADVICE[1:4]),
    ]
    list_filter = ["court", "kind"]
    search_fields = [f"{name}__every" for name in ADVICE]
    index_view_class = ReferenceIndexView
    copy_view_enabled = False
    panels = [
        FieldRowPanel([FieldPanel("court"), FieldPanel("kind")]),
        MultiFieldPanel(
            [FieldPanel(name) for name in ADVICE],
            heading=_("What people read before a hearing"),
            help_text=_(
                "In the reminders of hearings. A part that is empty is taken from what holds more widely: from the kind "
                "for all courts, then from the court for all kinds, then from what holds for all. The court's address, "
                "the way there and its telephone are added by themselves."
            ),
        ),
    ]


class QuietPeriodViewSet(SnippetViewSet):
    """After how many weeks without an entry people are told that this is usual, for each category and stage."""

    model = QuietPeriod
    icon = "time"
    menu_label = _("Quiet periods")
    list_display = [
        Column("__str__", label=_("Holds for"), accessor=str),
        Column("weeks", label=pgettext_lazy("quiet period", "Weeks")),
    ]
    list_filter = ["category", "stage"]
    index_view_class = ReferenceIndexView
    copy_view_enabled = False
    panels = [
        FieldPanel("category"),
        FieldPanel("stage"),
        FieldPanel("weeks"),
    ]


class PartyRoleViewSet(SnippetViewSet):
    """The roles in which somebody may apply, by category."""

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


class CourtViewSet(SnippetViewSet):
    """The courts, with how they are reached."""

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
        FieldPanel("address"),
        FieldPanel("map_url"),
        FieldPanel("hours"),
        FieldPanel("website"),
        FieldPanel("tells_when_quiet"),
        FieldPanel("source"),
    ]


class ReferenceDataGroup(SnippetViewSetGroup):
    items = [
        CaseWordViewSet,
        ProgressKindViewSet,
        HearingAdviceViewSet,
        QuietPeriodViewSet,
        PartyRoleViewSet,
        CourtViewSet,
    ]
    menu_icon = "list-ul"
    menu_label = _("Reference data")
    menu_name = "reference-data"
    menu_order = 260
    submenu_hook = SUBMENU_HOOK
