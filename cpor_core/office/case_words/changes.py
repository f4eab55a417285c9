"""The report on changes of case words, with who made them: for those responsible for the list."""

import django_filters
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.permissions import ModelPermissionPolicy

from cpor_core.case_numbers import spellings_of_word
from cpor_core.case_word_history import TOLD, what_happened
from cpor_core.model_fields import field_of
from cpor_core.models import CaseWord, CaseWordRecord, Category, WordTier
from cpor_core.office.columns import MomentColumn, ShortColumn
from cpor_core.office.reports import DownloadableReport
from cpor_core.punctuation import in_a_row
from cpor_core.translated.fields import TranslatedField


class WordChangesFilterSet(WagtailFilterSet):
    word = django_filters.CharFilter(label=gettext_lazy("case word"), method="of_word")
    category = django_filters.ChoiceFilter(label=gettext_lazy("category"), choices=Category.choices)
    court_tier = django_filters.ChoiceFilter(label=gettext_lazy("bench"), choices=WordTier.choices)

    class Meta:
        model = CaseWordRecord
        fields: list[str] = []

    def of_word(self, records, _name, word):
        return records.filter(word__in=spellings_of_word(word))


class WordChangesReport(DownloadableReport):
    """Who opened 勞專調, and when: the public history of the case words with the names it leaves out."""

    model = CaseWordRecord
    page_title = gettext_lazy("Changes of case words")
    index_url_name = "word_changes_report"
    index_results_url_name = "word_changes_report_results"
    permission_policy = ModelPermissionPolicy(CaseWord)
    any_permission_required = ["add", "change", "publish"]
    header_icon = "history"
    filterset_class = WordChangesFilterSet
    columns = [
        MomentColumn("recorded_at", label=gettext_lazy("When")),
        ShortColumn("word", label=gettext_lazy("Case word")),
        ShortColumn("category", label=gettext_lazy("Category"), accessor="get_category_display"),
        Column("bench", label=gettext_lazy("Bench")),
        Column("what", label=gettext_lazy("What changed")),
        Column(
            "recorded_by", label=gettext_lazy("By whom"), accessor=lambda record: _name_of(record.recorded_by)
        ),
    ]

    def get_queryset(self):
        return CaseWordRecord.objects.select_related("recorded_by")

    def paginate_queryset(self, queryset, page_size):
        paginator, page, records, is_paginated = super().paginate_queryset(queryset, page_size)
        return paginator, page, told(records), is_paginated

    def as_spreadsheet(self, queryset, spreadsheet_format):
        return super().as_spreadsheet(told(queryset), spreadsheet_format)


def _name_of(user) -> str:
    """Return the name of who made the change; a dash for a management command."""
    return (user.get_full_name() or user.get_username()) if user else "–"


def told(records) -> list[CaseWordRecord]:
    """Return the records, each with a list of its changes in `what`."""
    records = list(records)
    ids = {record.word_id_then for record in records}
    earlier = CaseWordRecord.objects.filter(word_id_then__in=ids).order_by("recorded_at", "pk")
    before: dict[int, CaseWordRecord | None] = {}
    last: dict[int, CaseWordRecord] = {}
    for record in earlier:
        before[record.pk] = last.get(record.word_id_then)
        last[record.word_id_then] = record
    for record in records:
        record.what = _all_that_changed(record, before.get(record.pk))
    return records


def _all_that_changed(record: CaseWordRecord, before: CaseWordRecord | None) -> str:
    if before is None or record.event == CaseWordRecord.Event.REMOVED:
        return what_happened(record, before)
    changes = [
        _("%(field)s: %(before)s → %(after)s")
        % {
            "field": label,
            "before": was or "–",
            "after": now or "–",
        }
        for name in TOLD
        for (label, was), (_label, now) in zip(_shown(before, name), _shown(record, name), strict=True)
        if was != now
    ]
    return in_a_row(changes)


def _shown(record: CaseWordRecord, name: str) -> list[tuple[str, str]]:
    """Return a field as people read it, labelled: one line, or one for each language."""
    field = field_of(record, name)
    if isinstance(field, TranslatedField):
        return field.labelled(record)
    words = getattr(record, f"get_{name}_display", lambda: getattr(record, name))()
    return [(str(field.verbose_name), str(words or ""))]
