"""The handbook for clerks and court managers: one text in Markdown a language, linked in the help menu."""

import re

from django.core.exceptions import PermissionDenied
from django.template.loader import select_template
from django.urls import path, reverse_lazy
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from markdown_it import MarkdownIt
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cpor_cases.permissions import is_clerk
from cpor_core.office.viewsets import menu_item_where

ORIGINAL = "en"  # the fallback for a language without a text of its own
NAME = "office_handbook"
# A browser shows a line break of the source as a blank, but Chinese has no blanks.
_BREAK_IN_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])")


class HandbookView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "cpor_cases/office/handbook/page.html"
    page_title = _("Handbook for clerks and court managers")
    header_icon = "help"

    def dispatch(self, request, *args, **kwargs):
        if not is_clerk(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(text=text(get_language() or ORIGINAL), **kwargs)


def text(language: str) -> str:
    """Return the handbook in a language as HTML. It is trusted: the text comes with the code."""
    names = [f"cpor_cases/office/handbook/{code}.md" for code in (language, ORIGINAL)]
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("th_open", lambda self, tokens, index, options, env: '<th scope="col">')
    html = markdown.render(select_template(names).render())
    return mark_safe(_BREAK_IN_CHINESE.sub("", html))  # noqa: S308 (no reader writes in it)


def urls() -> list:
    return [path("handbook/", HandbookView.as_view(), name=NAME)]


def menu_item():
    item = menu_item_where(is_clerk)
    return item(
        _("Handbook for clerks and court managers"),
        reverse_lazy(NAME),
        name=NAME,
        icon_name="help",
        order=100,
    )
