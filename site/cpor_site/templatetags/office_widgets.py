"""How the overridden templates of Wagtail's admin have their widgets started."""

import json

from django import template

from cpor_site import office_widgets

register = template.Library()


@register.simple_tag
def start_widget(name: str, options_json: str) -> str:
    return office_widgets.start(name, json.loads(options_json))


@register.simple_tag
def start_date_widget(name: str, widget: dict) -> str:
    return office_widgets.start(name, widget["attrs"]["id"], json.loads(widget["config_json"]))
