"""The contents of a long page, taken from its headings."""

import re
from typing import NamedTuple

from django import template
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

HEADING = re.compile(r"<h2(?P<attributes>[^>]*)>(?P<title>.*?)</h2>", re.DOTALL)


class Headed(NamedTuple):
    """A body whose headings can be linked to, and these, each as its id and its text."""

    html: SafeString
    headings: list[tuple[str, SafeString]]


@register.simple_tag
def with_contents(body) -> Headed:
    """Return the value of a StreamField as HTML with an id in each heading of the second level, and the list of these."""
    html = render_to_string("cpor_pages/components/body.html", {"body": body})
    titles = [mark_safe(strip_tags(found["title"])) for found in HEADING.finditer(html)]  # noqa: S308 (escaped in the HTML)
    numbers = iter(range(1, len(titles) + 1))

    def with_id(found: re.Match) -> str:
        return f'<h2 id="section-{next(numbers)}"{found["attributes"]}>{found["title"]}</h2>'

    with_ids = mark_safe(HEADING.sub(with_id, html))  # noqa: S308 (as rendered)
    return Headed(with_ids, [(f"section-{number}", title) for number, title in enumerate(titles, start=1)])
