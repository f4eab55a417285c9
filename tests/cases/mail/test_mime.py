"""The bytes of a mail are those that Django would make."""

import datetime as dt
import re

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import BadHeaderError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cpor_cases.actions import applications, reminders
from cpor_cases.mail import notifications, outbox, rendering
from cpor_cases.mail.mime import MailMessage
from cpor_cases.models import Litigant, OutgoingMail
from tests import factories


def of_django(written):
    """The same message, made by Django alone, with the boundary that ours has."""
    plain = EmailMultiAlternatives(
        subject=written.subject, body=written.body, to=written.to, headers=written.extra_headers
    )
    plain.attach_alternative(written.html, "text/html")
    made = plain.message().as_bytes(linesep="\r\n")
    return re.sub(rb"={15}\d+==", b"BOUNDARY", made)


def without_boundary(made: bytes) -> bytes:
    return re.sub(rb"={15}\d+==", b"BOUNDARY", made)


def make_message(**over):
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
    return MailMessage(**facts | over)


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
    written = make_message(**over)

    assert without_boundary(written.as_bytes()) == of_django(written)


@given(body=st.text(max_size=300), html=st.text(max_size=300))
def test_the_bytes_are_those_django_makes_whatever_is_written(body, html):
    for text in (body, html):
        try:
            text.encode()
        except UnicodeEncodeError:
            return
    written = make_message(body=body, html=html)

    assert without_boundary(written.as_bytes()) == of_django(written)


@given(st.integers(0, 1200), st.text(alphabet="<>:/.,;-_=abc9", max_size=8))
def test_a_long_line_is_folded_as_django_folds_it(length, odd):
    written = make_message(
        headers={"Date": "-", "Message-ID": "-", "List-Unsubscribe": f"<{'x' * length}{odd}>"}
    )

    assert without_boundary(written.as_bytes()) == of_django(written)


def test_a_header_cannot_be_smuggled_in():
    with pytest.raises(BadHeaderError):
        make_message(to=["a@b.example\nBcc: c@d.example"]).as_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_every_mail_is_what_django_makes(litigant, clerk, court, language, make_mails_leave):
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
        written = rendering.render(row)
        kinds.add(row.kind)
        assert without_boundary(written.as_bytes()) == of_django(written)
    assert kinds >= {"activation", "case_added", "progress", "hearing_reminder", "password_reset"}
