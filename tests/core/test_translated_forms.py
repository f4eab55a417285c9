"""The form field of a text in several languages: a group of labelled inputs, each with its language and its own errors."""

import pytest
from bs4 import BeautifulSoup
from django import forms

from cpor_core.translated.forms import TranslatedFormField

LANGUAGES = [("zh-hant", "繁體中文"), ("en", "English")]


class NameForm(forms.Form):
    name = TranslatedFormField(label="名稱", help_text="各語言的名稱。", max_length=10)


@pytest.fixture(autouse=True)
def two_languages(settings):
    settings.LANGUAGES = LANGUAGES


def group_of(form):
    return BeautifulSoup(str(form["name"]), "html.parser").find("fieldset")


def inputs_of(form):
    return {each["lang"]: each for each in group_of(form).find_all("input")}


def test_the_inputs_are_a_group_with_the_name_of_the_field():
    assert group_of(NameForm()).legend.get_text(strip=True) == "名稱"


def test_each_input_has_a_label_a_language_and_the_help_of_the_field():
    group = group_of(NameForm())

    for code, language in (("zh-Hant", "繁體中文"), ("en", "English")):
        one = group.find("input", lang=code)
        assert group.find("label", attrs={"for": one["id"]}).get_text(strip=True) == language
        assert one["aria-label"] == f"名稱 ({language})"
        assert one["aria-describedby"] == "id_name_helptext"


def test_only_the_language_with_the_error_is_marked_invalid():
    form = NameForm({"name_zh-hant": "最高法院", "name_en": ""})

    inputs = inputs_of(form)

    assert "English" in form.errors["name"][0]
    assert inputs["en"]["aria-invalid"] == "true"
    assert "aria-invalid" not in inputs["zh-Hant"].attrs


def test_a_language_that_may_be_left_out_says_so(settings):
    settings.LANGUAGES = [*LANGUAGES, ("vi", "Tiếng Việt")]

    group = group_of(NameForm())

    optional = [
        label.get_text(" ", strip=True) for label in group.find_all("label") if "選填" in label.get_text()
    ]
    assert len(optional) == 1
    assert optional[0].startswith("Tiếng Việt")
    assert not group.find("input", lang="vi").has_attr("required")


def test_a_site_with_one_language_has_one_input_without_a_group(settings):
    settings.LANGUAGES = LANGUAGES[:1]
    settings.CPOR = settings.CPOR | {"REQUIRED_LANGUAGES": ["zh-hant"]}

    assert "<fieldset" not in str(NameForm()["name"])
