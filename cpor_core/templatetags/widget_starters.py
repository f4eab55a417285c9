"""How the overridden templates of Wagtail's admin have their widgets started."""

import json

from django import template

from cpor_core.office import widget_starters

register = template.Library()


@register.simple_tag
def start_widget(name: str, options_json: str) -> str:
    return widget_starters.start(name, json.loads(options_json))


@register.simple_tag
def start_date_widget(name: str, widget: dict) -> str:
    return widget_starters.start(name, widget["attrs"]["id"], json.loads(widget["config_json"]))
