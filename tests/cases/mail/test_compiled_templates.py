"""Compiled templates read as Django would render them, to the character."""

import datetime as dt

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from cpor_cases.mail import compiled_templates

DAY = dt.date(2026, 11, 22)
FACTS = [
    {"news": [{"case": {"court": "<法院> & Sohn", "full_number": "115年度訴字第1號"}, "entries": []}]},
    {"news": [{"case": {"court": "A", "full_number": "1"}, "entries": []}] * 3},
    {"news": [], "url": ""},
    {"news": [{"case": {"court": "\ue0000&\ue001", "full_number": "{{ url }}"}, "entries": []}]},
]


@pytest.mark.parametrize("language", ["zh-hant", "en"])
@pytest.mark.parametrize("ending", [".txt", ".html"])
@pytest.mark.parametrize("facts", FACTS)
def test_a_compiled_template_reads_as_django_renders_it(facts, ending, language):
    facts = {
        "subject": "<S> & T",
        "url": "http://x/?a=1&b=2",
        "settings_url": "http://x/'\"",
        "service_url": "http://x/",
    } | facts

    with translation.override(language):
        for _ in range(2):
            filled = compiled_templates.render(f"cpor_cases/mail/progress{ending}", facts)
            assert filled == render_to_string(f"cpor_cases/mail/progress{ending}", facts)


def test_a_template_is_rendered_once_for_all_mails_of_its_shape(monkeypatch):
    compiled_templates._compiled.cache_clear()
    rendered = []
    monkeypatch.setattr(
        compiled_templates, "render_to_string", lambda *a: rendered.append(a) or render_to_string(*a)
    )

    for number in range(5):
        facts = {"username": f"person {number}", "url": "u", "reset_url": "r", "service_url": "s"}
        facts["mail"] = {"created_at": timezone.make_aware(dt.datetime(2026, 11, 22, 9, 30))}
        assert f"person {number}" in compiled_templates.render("cpor_cases/mail/password_changed.txt", facts)

    assert len(rendered) == 1


def test_a_template_that_speaks_of_days_is_not_cached_overnight(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *a: DAY)
    facts = {"days": 1, "url": "u", "case": {"court": "c", "full_number": "n"}, "day": DAY}
    compiled_templates.render("cpor_cases/mail/hearing_reminder.txt", facts)
    before = compiled_templates._compiled.cache_info().misses

    monkeypatch.setattr(timezone, "localdate", lambda *a: DAY + dt.timedelta(days=1))
    compiled_templates.render("cpor_cases/mail/hearing_reminder.txt", facts)

    assert compiled_templates._compiled.cache_info().misses == before + 1


@pytest.mark.parametrize("fact", [mark_safe("<b>"), object(), translation.gettext_lazy("text"), {1, 2}])
def test_what_is_not_plain_is_rendered_anew(fact):
    with pytest.raises(compiled_templates.NoShape):
        compiled_templates._shape_of({"x": fact}, [])
