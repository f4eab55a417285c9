"""How the service keeps its promises: figures, known faults and planned works, for everybody."""

import datetime as dt

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from cpor_core import signals
from cpor_core.formfields import BothCalendarsDateField
from cpor_core.last_copies import keep_copy
from cpor_pages.blocks import BODY, SHORT_FEATURES

from .base import BodyPage

KEPT_FOR = dt.timedelta(days=366)  # what is past is shown for a year


class DayBlock(blocks.DateBlock):
    """A day, typed in either calendar."""

    @cached_property
    def field(self):
        return BothCalendarsDateField(required=self.field_options["required"])


class FaultBlock(blocks.StructBlock):
    """A fault that is known, and what people can do until it is repaired."""

    title = blocks.CharBlock(max_length=80, label=pgettext_lazy("block", "Title"))
    text = blocks.RichTextBlock(features=SHORT_FEATURES, label=pgettext_lazy("block", "Text"))
    first_day = DayBlock(label=pgettext_lazy("fault", "Since"))
    last_day = DayBlock(required=False, label=_("Repaired on"))

    class Meta:
        icon = "warning"
        label = _("Known fault")
        description = _("What does not work as it should, since when, and what people can do meanwhile.")
        preview_value = {
            "title": "部分信件延遲",
            "text": "<p>請直接登入查看。</p>",
            "first_day": "2026-11-02",
        }


class WorkBlock(blocks.StructBlock):
    """Works for which the service is closed, or slower."""

    title = blocks.CharBlock(max_length=80, label=pgettext_lazy("block", "Title"))
    text = blocks.RichTextBlock(features=SHORT_FEATURES, label=pgettext_lazy("block", "Text"))
    first_day = DayBlock(label=_("First day"))
    last_day = DayBlock(required=False, label=_("Last day, if another"))
    hours = blocks.CharBlock(required=False, max_length=40, label=_("Hours, such as 22:00–24:00"))

    class Meta:
        icon = "cog"
        label = _("Planned works")
        description = _("When the service will be closed or slower, and why.")
        preview_value = {"title": "系統更新", "text": "<p>暫停服務。</p>", "first_day": "2026-12-05"}


class RecordPage(BodyPage):
    """The record of the service, with the editors' texts around the figures, which come from `cpor_cases`."""

    template = "cpor_pages/record_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    faults = StreamField(
        [("fault", FaultBlock())],
        blank=True,
        verbose_name=_("known faults"),
        help_text=_("The newest first. One that is repaired stays for a year, under “past”."),
    )
    works = StreamField(
        [("work", WorkBlock())],
        blank=True,
        verbose_name=_("planned works"),
        help_text=_("The next first. After their last day they move to “past” by themselves."),
    )
    closing = StreamField(BODY, blank=True, verbose_name=_("text below the figures"))

    content_panels = [
        *BodyPage.content_panels,
        FieldPanel("faults"),
        FieldPanel("works"),
        FieldPanel("closing"),
    ]

    class Meta:
        verbose_name = _("record of the service")

    @property
    def search_words(self) -> list[str]:
        words = super().search_words
        for stream in (self.faults, self.works, self.closing):
            words += stream.stream_block.get_searchable_content(stream)
        return words

    def get_context(self, request, *args, **kwargs):
        today = timezone.localdate()
        told = [found for _receiver, found in signals.record_asked.send(RecordPage) if found]
        return super().get_context(request, *args, **kwargs) | {
            "record": told[0] if told else None,
            "faults": [each.value for each in self.faults if not _is_repaired(each.value, today)],
            "works": [each.value for each in self.works if last_day_of(each.value) >= today],
            "past": self._past(today),
        }

    def _past(self, today: dt.date) -> list[blocks.StructValue]:
        """Return the faults that are repaired and the works that are over, of the last year, the latest first."""
        past = [each.value for each in self.faults if _is_repaired(each.value, today)]
        past += [each.value for each in self.works if last_day_of(each.value) < today]
        recent = (value for value in past if last_day_of(value) >= today - KEPT_FOR)
        return sorted(recent, key=last_day_of, reverse=True)

    def serve(self, request, *args, **kwargs):
        return keep_copy(super().serve(request, *args, **kwargs))


def last_day_of(value: blocks.StructValue) -> dt.date:
    return value["last_day"] or value["first_day"]


def _is_repaired(value: blocks.StructValue, today: dt.date) -> bool:
    return value["last_day"] is not None and value["last_day"] <= today
