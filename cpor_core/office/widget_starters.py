"""Wagtail's widgets, started without inline script, so that the policy of the office can forbid it.

Wagtail 8.0 writes a <script> behind each date field, chooser and inline panel, and knows no nonces. Here an empty
<template> stands in its place and names what is to be started; `cpor/js/office-widgets.js` starts it. The templates
concerned are overridden in `templates/opt_in/office/wagtailadmin/`; choosers write their script in Python, so their method is replaced.
A test notices when a new version of Wagtail changes what is overridden, or adds inline script elsewhere.
"""

import json
import re
from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser

_CALL = re.compile(r"(?:new )?(\w+)\((.*)\);", re.DOTALL)


def start(name: str, *arguments) -> SafeString:
    """Return the element by which the browser calls `name`, a function or class of Wagtail's scripts, with `arguments`."""
    return format_html(
        '<template data-controller="office-widget" data-office-widget-name-value="{}"'
        ' data-office-widget-arguments-value="{}"></template>',
        name,
        json.dumps(arguments),
    )


def start_as_written(script: str) -> SafeString:
    """Return the same element for a call given as text: `new PageChooser("id", {…});`. Its arguments are JSON."""
    call = _CALL.fullmatch(script.strip())
    if call is None:
        raise ValueError(f"Wagtail starts a widget in a way that is not known here: {script!r}")
    name, arguments = call.groups()
    return start(name, *json.loads(f"[{arguments}]"))


def _render_chooser(
    self: BaseChooser, name: str, value, attrs: Mapping[str, str], renderer=None
) -> SafeString:
    """Return what BaseChooser.render returns, with its script replaced. `attrs` has the id, as forms and blocks give it."""
    value_data = self.get_value_data(value)
    html = self.render_html(name, value_data, attrs)
    return html + start_as_written(self.render_js_init(attrs["id"], name, value_data))


def replace_inline_script() -> None:
    """Make Wagtail's choosers start without a script in the page, which the policy forbids. Called once, at the start."""
    BaseChooser.render = _render_chooser
