"""The office needs no inline script: what of Wagtail's writes it is overridden, and an upgrade that changes it is noticed."""

import hashlib
import html
import inspect
import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from wagtail.admin.widgets import (
    AdminDateInput,
    AdminDateTimeInput,
    AdminPageChooser,
    AdminTimeInput,
    BaseChooser,
)
from wagtail.admin.widgets.workflows import AdminTaskChooser

from cpor_core.office import widget_starters

OURS = settings.BASE_DIR / "templates" / "opt_in" / "office"
# Of Wagtail 8.0.1. When one differs, read what is new in it, correct ours, and note the new hash.
OVERRIDDEN = {
    "wagtailadmin/panels/inline_panel.html": "195bb0b199edb062dcf41a5a92ecabf5bae52a6eac06823eb3cd12b799be4f89",
    "wagtailadmin/panels/multiple_chooser_panel.html": "673bc9b26ca95c0385e7ac8a5c81d2449e6e59df841f74fe89d5003f877a653d",
    "wagtailadmin/widgets/date_input.html": "2557f7a4fd543d7cd6f192a97fdd0c12ebfad9a8d4ab2b7fe72a2f011cd049c8",
    "wagtailadmin/widgets/datetime_input.html": "479d8ddeaa73d2fdd33d584118d51b0c3ec4c2dc5b90a66b526874f9799d2676",
    "wagtailadmin/widgets/time_input.html": "536917c544a135631e8683866e8351bd491822a336c9a59639ab71338638e242",
}
CHOOSER_METHODS = {
    "render": "148ad85d97d633fcaddd298d581e18ce5c844c4cf4570d5025c798cb695c9995",
    "render_js_init": "a46323d06740fb7fa02239bdead18be92b779fd304b3e561010a771b91caacaf",
}
INLINE_SCRIPT = re.compile(
    r"<script(?![^>]*\b(?:src|type=.application/(?:ld\+)?json)\b)|\son[a-z]+\s*=\s*[\"']|javascript:", re.I
)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def wagtails(name: str) -> Path:
    """Return the path of Wagtail's own template."""
    folders = [
        Path(app.path) / "templates" for app in apps.get_app_configs() if app.name.startswith("wagtail.")
    ]
    [path] = [folder / name for folder in folders if (folder / name).exists()]
    return path


def templates_of_the_admin() -> list[tuple[str, Path]]:
    """Return name and path of each template of the libraries whose pages may be shown in the office."""
    roots = [
        Path(app.path) / "templates"
        for app in apps.get_app_configs()
        if app.name.startswith(("wagtail", "taggit"))
    ]
    return [(str(path.relative_to(root)), path) for root in roots for path in root.rglob("*.html")]


@pytest.mark.parametrize("name", OVERRIDDEN)
def test_what_is_overridden_is_as_it_was_when_it_was_overridden(name):
    assert sha256(wagtails(name).read_text()) == OVERRIDDEN[name]
    assert Path(get_template(name).origin.name) == OURS / name


@pytest.mark.parametrize("name", CHOOSER_METHODS)
def test_the_chooser_s_methods_are_as_they_were_when_one_was_replaced(name):
    source = (
        inspect.getsource(inspect.getmodule(BaseChooser))
        .partition(f"    def {name}(")[2]
        .partition("\n    @")[0]
    )

    assert sha256(source) == CHOOSER_METHODS[name]


def test_no_other_template_holds_inline_script():
    found = [
        name
        for name, path in templates_of_the_admin()
        if INLINE_SCRIPT.search(path.read_text()) and name not in OVERRIDDEN
    ]

    assert found == []


def test_none_of_our_templates_holds_inline_script_or_style():
    inline = re.compile(rf"{INLINE_SCRIPT.pattern}|<style|\sstyle\s*=", re.I)
    # Mails are read in programs that know no style sheets; the PDF is made of one file.
    elsewhere = ("cpor_cases/mail/", "cpor_pages/guide_pdf.html")
    names = [(path.relative_to(OURS).as_posix(), path) for path in OURS.rglob("*.html")]

    found = [
        name for name, path in names if inline.search(path.read_text()) and not name.startswith(elsewhere)
    ]

    assert found == []


def started_by(markup: str) -> tuple[str, list]:
    [name] = re.findall(r'data-office-widget-name-value="([^"]*)"', markup)
    [arguments] = re.findall(r'data-office-widget-arguments-value="([^"]*)"', markup)
    return html.unescape(name), json.loads(html.unescape(arguments))


@pytest.mark.parametrize(
    ("widget", "function"),
    [
        (AdminDateInput(), "initDateChooser"),
        (AdminDateTimeInput(), "initDateTimeChooser"),
        (AdminTimeInput(), "initTimeChooser"),
    ],
)
def test_date_fields_are_started_by_an_element(widget, function):
    markup = widget.render("day", None, {"id": "id_day"})

    assert "<script" not in markup
    assert started_by(markup) == (function, ["id_day", widget.get_config()])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("widget", "name"), [(AdminPageChooser(), "PageChooser"), (AdminTaskChooser(), "createTaskChooser")]
)
def test_choosers_are_started_by_an_element(widget, name):
    markup = widget.render("page", None, {"id": "id_page"})

    assert "<script" not in markup
    assert 'id="id_page-chooser"' in markup
    assert started_by(markup)[0] == name
    assert started_by(markup)[1][0] == "id_page"


def test_what_is_started_is_escaped():
    markup = widget_starters.start("InlinePanel", {"label": '"><script>alert(1)</script>'})

    assert "<script" not in markup
    assert started_by(markup) == ("InlinePanel", [{"label": '"><script>alert(1)</script>'}])


def test_a_chooser_that_starts_in_an_unknown_way_is_an_error_and_not_a_dead_field():
    with pytest.raises(ValueError, match="not known here"):
        widget_starters.start_as_written("window.chooser = new Chooser();")


def test_the_browser_starts_everything_that_pages_name_and_nothing_else():
    script = Path(finders.find("cpor/js/office-widgets.js")).read_text()
    [functions] = re.findall(r"FUNCTIONS = (\[.*\]);", script)
    [classes] = re.findall(r"CLASSES = /(.*)/;", script)
    named = set(
        re.findall(r'start(?:_date)?_widget "(\w+)"', "".join((OURS / n).read_text() for n in OVERRIDDEN))
    )
    named |= {"createTaskChooser", *(each.js_constructor for each in subclasses(BaseChooser))}

    startable = {name for name in named if name in json.loads(functions) or re.fullmatch(classes, name)}

    assert startable == named
    assert not re.fullmatch(classes, "Function")


def subclasses(base: type) -> set[type]:
    return {base, *(each for child in base.__subclasses__() for each in subclasses(child))}
