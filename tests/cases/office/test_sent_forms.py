"""A form sent twice is one entry, whatever made it come twice. (At the same moment: tests/journeys.)"""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.http import HttpResponseRedirect
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import applications, retention
from cpor_cases.models import Application, IncomingFile, OutgoingMail, ProgressEntry
from cpor_core.models import SentForm
from cpor_core.sent_forms import SentFormsMiddleware
from tests.factories import PASSWORD, make_application, make_case, make_clerk, make_kind, make_word
from tests.support import template_files

pytestmark = pytest.mark.django_db

TOKEN = {"form_token": "a-token-of-a-form"}
# Forms that may be sent any number of times: they change a state to what the form says, prove who somebody is, or are
# bounded apart; and those whose answer is what they make (a secret, a file), which no second page could show again.
MAY_COME_TWICE = {
    "account/email_confirm", "account/login", "account/logout", "account/password_change",
    "account/password_reset_from_key", "account/reauthenticate", "cpor_cases/components/bounce_banner", "cpor_cases/account/close",
    "cpor_cases/account/download", "cpor_cases/activation/expired", "cpor_cases/activation/form",
    "cpor_cases/address_undo/form", "cpor_cases/enrolment/set_up", "cpor_cases/office/caller_help/index", "cpor_cases/office/home/shortcuts",
    "cpor_cases/office/list", "cpor_cases/calendar", "cpor_cases/case", "cpor_cases/parts/calendar_end",
    "cpor_cases/parts/mark_seen", "cpor_cases/settings",
    "cpor_cases/parts/clarity", "cpor_core/office/case_words/import", "cpor_pages/office/page_reviews_table", "mfa/authenticate", "mfa/reauthenticate",
    "mfa/recovery_codes/generate", "mfa/totp/activate_form", "mfa/totp/deactivate_form", "mfa/webauthn/add_form",
    "mfa/webauthn/authenticator_confirm_delete", "mfa/webauthn/edit_form", "mfa/webauthn/reauthenticate",
    "usersessions/usersession_list",
    # Steps of a petition: each stores what was typed in the same draft again.
    "cpor_cases/parts/next_court", "cpor_cases/petitions/check", "cpor_cases/petitions/code",
    "cpor_cases/petitions/delete", "cpor_cases/petitions/email", "cpor_cases/petitions/finished",
    "cpor_cases/petitions/not_covered", "cpor_cases/petitions/number", "cpor_cases/petitions/start",
    "cpor_cases/petitions/status", "cpor_cases/petitions/step",
}  # fmt: skip


def token_in(page):
    start = page.index('name="form_token" value="') + len('name="form_token" value="')
    return {"form_token": page[start : page.index('"', start)]}


def twice(client, path, form):
    """Send a form twice, with the token of the page it stands on; return both answers."""
    form = form | token_in(client.get(path).content.decode())
    return client.post(path, form), client.post(path, form)


def test_an_application_recorded_twice_is_one_and_both_answers_lead_to_it(office, paper):
    first, second = twice(office, reverse("office_applications:add"), paper)

    application = Application.objects.get()
    assert first.url == second.url == reverse("office_applications:inspect", args=[application.pk])
    assert any("不會重複處理" in str(message) for message in get_messages(second.wsgi_request))


def test_an_entry_typed_twice_is_one(office, court):
    make_word("訴")
    case = make_case(court)
    typed = {"recorded_at": timezone.localdate().isoformat(), "kind": make_kind("judgment").code}

    first, second = twice(office, reverse("office_cases:record_entry", args=[case.pk]), typed)

    assert first.status_code == second.status_code == 302
    assert ProgressEntry.objects.count() == 1


def test_a_file_handed_in_twice_is_one(office, court):
    path = reverse("office_imports:upload")
    token = token_in(office.get(path).content.decode())

    first, second = (
        office.post(path, {"court": court.pk, "file": ContentFile(b"court,x", name="x.csv")} | token)
        for _time in range(2)
    )

    assert IncomingFile.objects.count() == 1
    assert first.url == second.url


def test_an_approval_sent_twice_is_told_as_done_and_not_as_a_quarrel(office, clerk, court, paper):
    application = make_application(court, by=clerk)
    page = reverse("office_applications:inspect", args=[application.pk])
    approve = reverse("office_applications:approve", args=[application.pk])
    token = token_in(office.get(page).content.decode())

    answers = [office.post(approve, token) for _time in range(2)]

    assert [answer.url for answer in answers] == [page, page]
    assert OutgoingMail.objects.count() == 1


def test_a_new_address_asked_for_twice_is_one_mail(client, litigant):
    client.force_login(litigant)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    first, second = twice(client, "/accounts/email/", {"email": "new@mail.example", "action_add": ""})

    assert first.status_code == second.status_code == 302
    assert OutgoingMail.objects.filter(address="new@mail.example").count() == 1


def test_another_content_on_a_page_gone_back_to_is_another_entry(office, paper):
    office.post(record_path(), paper | TOKEN)
    office.post(record_path(), paper | TOKEN | {"case_number": "115年度訴字第124號"})

    assert Application.objects.count() == 2


def record_path():
    return reverse("office_applications:add")


def test_what_was_not_taken_may_be_sent_again(office, paper):
    malformed = paper | TOKEN | {"email_again": "another@example.com"}

    answers = [office.post(record_path(), malformed) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert not SentForm.objects.exists()


def test_what_was_aborted_left_nothing_and_may_be_sent_again(clerk, paper, monkeypatch):
    office = Client(raise_request_exception=False)
    office.force_login(clerk)
    record = applications.record

    def broken(**facts):
        record(**facts)
        raise RuntimeError

    monkeypatch.setattr(applications, "record", broken)
    assert office.post(record_path(), paper | TOKEN).status_code == 500
    assert not Application.objects.exists()
    monkeypatch.undo()

    assert office.post(record_path(), paper | TOKEN).status_code == 302

    assert Application.objects.count() == 1


def test_a_token_is_its_sender_s_own(office, court, paper):
    office.post(record_path(), paper | TOKEN)
    other = Client()
    other.force_login(make_clerk(court, "another-clerk"))

    other.post(record_path(), paper | TOKEN)

    assert Application.objects.count() == 2


def test_a_form_with_another_file_among_several_is_another_form(rf, litigant):
    def answer_to(first):
        files = [ContentFile(content, "page.txt") for content in (first, b"the same")]
        request = rf.post("/", TOKEN | {"pages": files})
        request.user = litigant
        return SentFormsMiddleware(lambda request: HttpResponseRedirect("/taken/"))(request)

    for first in (b"one", b"another"):
        answer_to(first)

    assert SentForm.objects.count() == 2


def test_marks_go_after_a_day(office, paper):
    office.post(record_path(), paper | TOKEN)

    retention.purge_sessions(timezone.now() + dt.timedelta(hours=23))
    assert SentForm.objects.count() == 1
    retention.purge_sessions(timezone.now() + dt.timedelta(hours=25))

    assert SentForm.objects.count() == 0


def test_no_two_forms_have_the_same_token():
    template = Template("{% load sent_forms %}{% form_token %}")

    assert template.render(Context()) != template.render(Context())


def test_every_form_has_a_token_or_may_come_twice():
    forms = {
        template_files.name_of(path).rpartition(".")[0]: text.count("{% csrf_token %}")
        - text.count("{% form_token %}")
        for path in template_files.FOLDER.rglob("*.html")
        if "{% csrf_token %}" in (text := path.read_text(encoding="utf-8"))
    }

    assert {name for name, lacking in forms.items() if lacking} == MAY_COME_TWICE
