"""Letters filled in from forms read as Django would render them, to the byte."""

import datetime as dt
import re

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import BadHeaderError
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from cpor_cases.actions import applications, reminders
from cpor_cases.mail import compiled_templates, notifications, outbox, rendering
from cpor_cases.models import Litigant, OutgoingMail
from tests import factories

DAY = dt.date(2026, 11, 22)
FACTS = [
    {"news": [{"case": {"court": "<法院> & Sohn", "full_number": "115年度訴字第1號"}, "entries": []}]},
    {"news": [{"case": {"court": "A", "full_number": "1"}, "entries": []}] * 3},
    {"news": [], "url": ""},
    {"news": [{"case": {"court": "\ue0000&\ue001", "full_number": "{{ url }}"}, "entries": []}]},
]


@pytest.mark.parametrize("language", ["zh-hant", "en"])
@pytest.mark.parametrize("ending", ["_subject.txt", ".txt", ".html"])
@pytest.mark.parametrize("facts", FACTS)
def test_a_filled_form_reads_as_django_renders_it(facts, ending, language):
    facts = {"url": "http://x/?a=1&b=2", "settings_url": "http://x/'\"", "service_url": "http://x/"} | facts

    with translation.override(language):
        for _ in range(2):
            filled = compiled_templates.render(f"cpor_cases/mail/progress{ending}", facts)
            assert filled == render_to_string(f"cpor_cases/mail/progress{ending}", facts)


def test_a_form_is_rendered_once_for_all_letters_of_its_shape(monkeypatch):
    compiled_templates._form.cache_clear()
    rendered = []
    monkeypatch.setattr(
        compiled_templates, "render_to_string", lambda *a: rendered.append(a) or render_to_string(*a)
    )

    for number in range(5):
        facts = {"username": f"person {number}", "url": "u", "reset_url": "r", "service_url": "s"}
        facts["mail"] = {"created_at": timezone.make_aware(dt.datetime(2026, 11, 22, 9, 30))}
        assert f"person {number}" in compiled_templates.render("cpor_cases/mail/password_changed.txt", facts)

    assert len(rendered) == 1


def test_a_form_that_speaks_of_days_is_not_kept_overnight(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *a: DAY)
    facts = {"days": 1, "url": "u", "case": {"court": "c", "full_number": "n"}, "day": DAY}
    compiled_templates.render("cpor_cases/mail/hearing_reminder.txt", facts)
    before = compiled_templates._form.cache_info().misses

    monkeypatch.setattr(timezone, "localdate", lambda *a: DAY + dt.timedelta(days=1))
    compiled_templates.render("cpor_cases/mail/hearing_reminder.txt", facts)

    assert compiled_templates._form.cache_info().misses == before + 1


@pytest.mark.parametrize("fact", [mark_safe("<b>"), object(), translation.gettext_lazy("text"), {1, 2}])
def test_what_is_not_plain_is_rendered_anew(fact):
    with pytest.raises(compiled_templates.NoShape):
        compiled_templates._shape_of({"x": fact}, [])


def of_django(letter):
    """The same letter, made by Django alone, with the boundary that ours has."""
    plain = EmailMultiAlternatives(
        subject=letter.subject, body=letter.body, to=letter.to, headers=letter.extra_headers
    )
    plain.attach_alternative(letter.html, "text/html")
    made = plain.message().as_bytes(linesep="\r\n")
    return re.sub(rb"={15}\d+==", b"BOUNDARY", made)


def without_boundary(made: bytes) -> bytes:
    return re.sub(rb"={15}\d+==", b"BOUNDARY", made)


def make_letter(**over):
    facts = {
        "subject": "您的案件有新進度",
        "body": "文字\n\nFrom here\n.\n",
        "html": "<p>文字</p>\n",
        "to": ["person@example.com"],
        "headers": {
            "Message-ID": "<0123456789abcdef0123456789abcdef@court.example>",
            "Date": "Mon, 23 Nov 2026 03:58:59 +0800",
            "List-Unsubscribe": f"<https://court.example/cases/unsubscribe/{'x' * 60}/>",
        },
    }
    return compiled_templates.Letter(**facts | over)


@pytest.mark.parametrize(
    "over",
    [
        {},
        {"body": "plain", "html": "<p>plain</p>"},
        {"body": "plain"},
        {"html": ""},
        {"body": "a" * 2000},
        {"html": "文" * 400},
        {"body": "line\r\nline\rline"},
        {"subject": "There is news in your case"},
        {"subject": "很長的主旨" * 30},
        {"subject": "a long subject " * 12},
        {"to": ["王大明 <person@example.com>"]},
        {"to": ["person@法院.example"]},
        {"to": [f"{'p' * 60}@{'d' * 30}.example"]},
    ],
)
def test_the_bytes_are_those_django_makes(over, settings):
    settings.DEFAULT_FROM_EMAIL = "案件進度線上查詢服務 <no-reply@court.example>"
    letter = make_letter(**over)

    assert without_boundary(letter.as_bytes()) == of_django(letter)


@given(body=st.text(max_size=300), html=st.text(max_size=300))
def test_the_bytes_are_those_django_makes_whatever_is_written(body, html):
    for text in (body, html):
        try:
            text.encode()
        except UnicodeEncodeError:
            return
    letter = make_letter(body=body, html=html)

    assert without_boundary(letter.as_bytes()) == of_django(letter)


@given(st.integers(0, 1200), st.text(alphabet="<>:/.,;-_=abc9", max_size=8))
def test_a_long_line_is_folded_as_django_folds_it(length, odd):
    letter = make_letter(
        headers={"Date": "-", "Message-ID": "-", "List-Unsubscribe": f"<{'x' * length}{odd}>"}
    )

    assert without_boundary(letter.as_bytes()) == of_django(letter)


def test_a_header_cannot_be_smuggled_in():
    with pytest.raises(BadHeaderError):
        make_letter(to=["a@b.example\nBcc: c@d.example"]).as_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_every_letter_of_the_house_is_what_django_makes(litigant, clerk, court, language, make_mails_leave):
    Litigant.objects.store(litigant, language=language)
    right = factories.make_access(litigant, factories.make_case(court), mails_show_entry=True)
    other = factories.make_access(litigant, factories.make_case(court))
    run = factories.make_run()
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    factories.make_entry(right.case, changed_in=run, hearing_at=tomorrow.replace(hour=9), detail="<當庭>")
    factories.make_entry(other.case, changed_in=run)
    applications.approve(application=factories.make_application(court, by=clerk, language=language), by=clerk)
    notifications.case_added(right)
    notifications.progress(run, [right.case_id, other.case_id])
    outbox.release_progress_mails(run, timezone.now())
    notifications.password_reset(litigant)
    notifications.new_login(litigant, browser="Firefox <b>")
    reminders.remind()

    kinds = set()
    for row in OutgoingMail.objects.select_related("account", "court", "access__case__court"):
        letter = rendering.render(row)
        kinds.add(row.kind)
        assert without_boundary(letter.as_bytes()) == of_django(letter)
    assert kinds >= {"activation", "case_added", "progress", "hearing_reminder", "password_reset"}
