"""A handbook of the office: one text in Markdown a language, a page that is linked in the help menu.

The text is a template, so that `{% static %}` names its pictures, which `make pictures` takes.
"""

import re

from django.core.exceptions import PermissionDenied
from django.template.loader import select_template
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.generic import TemplateView
from markdown_it import MarkdownIt
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

ORIGINAL = "en"  # the fallback for a language without a text of its own
_PICTURE = '<img src="{src}" alt="{alt}" width="1120" height="700" loading="lazy">'  # as tools/take_pictures takes them
# A browser shows a line break of the source as a blank, but Chinese has no blanks.
_BREAK_IN_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])")


class HandbookView(WagtailAdminTemplateMixin, TemplateView):
    """A page with the text of `folder`; a subclass says in `is_for` whose it is."""

    template_name = "cpor_core/office/handbook.html"
    header_icon = "help"
    folder: str

    @staticmethod
    def is_for(user) -> bool:
        raise NotImplementedError

    def dispatch(self, request, *args, **kwargs):
        if not self.is_for(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(text=text(self.folder, get_language() or ORIGINAL), **kwargs)


def text(folder: str, language: str) -> str:
    """Return the handbook in a language as HTML. It is trusted: the text comes with the code."""
    names = [f"{folder}/{code}.md" for code in (language, ORIGINAL)]
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("th_open", lambda self, tokens, index, options, env: '<th scope="col">')
    markdown.add_render_rule("image", _picture)
    html = markdown.render(select_template(names).render())
    return mark_safe(_BREAK_IN_CHINESE.sub("", html))  # noqa: S308 (no reader writes in it)


def _picture(self, tokens, index, options, env) -> str:
    token = tokens[index]
    alt = self.renderInlineAsText(token.children, options, env)
    return _PICTURE.format(src=escape(token.attrGet("src")), alt=escape(alt))
