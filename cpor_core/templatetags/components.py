"""Tags and filters of the components that pages share."""

import json

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()


@register.inclusion_tag("cpor_core/components/select.html")
def select(name: str, label: str, options: list[tuple[str, str]], chosen: str = "") -> dict:
    """Render one choice of a row of filters."""
    return {"name": name, "label": label, "options": options, "chosen": chosen}


@register.filter
def json_ld(content: dict) -> str:
    """Return structured data as a block that search engines read and browsers do not run."""
    text = json.dumps({"@context": "https://schema.org"} | content, ensure_ascii=False)
    safe = text.translate({ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"})
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(safe))  # noqa: S308


@register.filter
def first_control_id(field) -> str:
    """Return the id of the control an error leads to; of a group, its first."""
    return field.id_for_label or (f"{field.auto_id}_0" if field.use_fieldset else field.auto_id)


@register.filter
def asks_for_several(form) -> bool:
    """Say whether a form asks for more than one thing, and for one that must be given."""
    fields = form.visible_fields()
    return len(fields) > 1 and any(field.field.required for field in fields)


@register.filter
def without_placeholder(field):
    """Return a field without its placeholder, which would vanish while typing; its label says what it is."""
    field.field.widget.attrs.pop("placeholder", None)
    return field
