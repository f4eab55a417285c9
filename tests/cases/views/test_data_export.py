"""What a person does with their own data: take it along, leave one case, close the account."""

import datetime as dt
import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cpor_cases.accounts import data_export
from cpor_cases.actions import (
    access,
    account_activation,
    applications,
    calendar_feeds,
    digests,
    password_resets,
)
from cpor_cases.actions.imports import import_rows
from cpor_cases.intake.columns import CASE_TEXTS, ENTRY_VALUES
from cpor_cases.mail import bounces, delivery, notifications, outbox
from cpor_cases.mail.links import activation_path
from cpor_cases.models import (
    Application,
    CalendarFeed,
    CaseAccess,
    ImportRun,
    Litigant,
    OutgoingMail,
    PastPassword,
    litigant_of,
)
from tests import factories
from tests.support.made_petitions import make_petition

pytestmark = pytest.mark.django_db

DATA, CLOSE, CASES = reverse("account_data"), reverse("account_close"), reverse("cpor_cases:cases")


def leave_of(case):
    return reverse("cpor_cases:leave", args=[case.public_id])


def prove_anew(client):
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})


@pytest.fixture
def proven(client, litigant):
    """The client, logged in as the litigant, who has just typed the password once more."""
    client.force_login(litigant)
    prove_anew(client)
    return client


def files_of(response) -> dict:
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        assert archive.testzip() is None
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    return {name: json.loads(text) if name.endswith(".json") else text for name, text in texts.items()}


# Take it along


def test_the_download_holds_what_is_kept_about_the_person(proven, litigant, court):
    case = factories.make_case(court, cause="返還借款")
    factories.make_access(litigant, case, own_name="=房東", note="帶收據\n兩份")
    for kind in ("received", "assigned", "preparatory", "judgment"):
        factories.make_entry(case, kind=kind)
    EmailAddress.objects.create(user=litigant, email=litigant.email, verified=True, primary=True)
    proven.get(reverse("cpor_cases:case", args=[case.public_id]))

    response = proven.post(DATA)

    files = files_of(response)
    assert set(files) == {
        "README.txt",
        "account.json",
        "cases.json",
        "ended_cases.json",
        "mails.json",
        "petitions.json",
        "views.json",
    }
    assert files["account.json"]["addresses"][0]["email"] == litigant.email
    assert files["account.json"]["log_ins"]
    assert (
        files["account.json"].items()
        >= {
            "language_of_mails": "zh-hant",
            "mails_about_news": "at_once",
            "hour_of_the_daily_mail": 18,
            "mails_show_entry": False,
            "reminders": True,
            "reminder_days": "7,1",
            "mails_switched_off": [],
        }.items()
    )
    (told,) = files["cases.json"]
    assert (told["case"], told["cause"]) == (f"{court} 115年度訴字第{case.number}號", "返還借款")
    assert (told["own_name"], told["note"]) == ("=房東", "帶收據\n兩份")
    assert told["application"]["name"] == "王大明"
    assert len(told["entries"]) == 3
    assert told.keys() >= {column.key for column in CASE_TEXTS}
    assert all(entry.keys() >= {column.key for column in ENTRY_VALUES} for entry in told["entries"])
    assert {view["case"] for view in files["views.json"]} == {told["case"]}
    assert litigant.username in files["README.txt"]
    assert f'filename="case-progress-{timezone.localdate():%Y-%m-%d}.zip"' in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]


def test_it_holds_the_petitions_that_the_person_has_proved_and_nobody_else_s(proven, litigant, court):
    own = make_petition(court, address=litigant.email, applicant_name="王大明")
    make_petition(court, address=litigant.email, is_address_proved=False, applicant_name="somebody else")
    make_petition(court, address="other@example.com")

    [told] = files_of(proven.post(DATA))["petitions.json"]

    assert (told["petition_number"], told["name"]) == (own.grouped_number, "王大明")
    assert told["state"] == "法院尚未收到"
    assert told["kept_until"]


def test_a_petition_that_was_approved_is_told_of_with_its_case(proven, litigant, court, clerk):
    petition = make_petition(court, address=litigant.email)
    application = factories.make_application(court, by=clerk, email=litigant.email, petition=petition)
    applications.approve(application=application, by=clerk, same_person=True)

    assert files_of(proven.post(DATA))["petitions.json"] == []


def test_each_mail_names_the_cases_it_told_of(proven, litigant, court):
    factories.make_word("訴")
    factories.make_kind("judgment")
    at_once, also, daily = (factories.make_access(litigant, factories.make_case(court)) for _each in range(3))
    CaseAccess.objects.filter(pk=daily.pk).update(mail_preference="digest")
    rows = [factories.row(right.case) for right in (at_once, also, daily)]
    import_rows(enumerate(rows, start=2), source=ImportRun.Source.COMMAND)
    digests.post_due(timezone.now() + dt.timedelta(days=2))

    mails = files_of(proven.post(DATA))["mails.json"]

    told = [mail["cases"] for mail in mails[:2]]
    assert told == [
        [f"{court} {right.case.full_number}" for right in rights] for rights in ([at_once, also], [daily])
    ]


def test_each_notice_about_the_account_says_what_it_told(proven, litigant):
    for notice in ("password_changed", "new_login", "calendar_address_made"):
        notifications.account_notice(litigant, notice)

    mails = files_of(proven.post(DATA))["mails.json"]

    told = [mail["kind"] for mail in mails[:3]]
    assert told == ["您的密碼已變更", "您的帳號從新的瀏覽器登入", "已產生行事曆網址"]


def test_it_says_since_when_mail_comes_back(proven, litigant):
    bounces.mark(litigant.email, answer="550 5.1.1", hardness="hard")

    account = files_of(proven.post(DATA))["account.json"]

    assert account["mail_comes_back_since"].startswith(f"{timezone.localdate():%Y-%m-%d}")


def test_no_secret_is_in_it(proven, litigant):
    calendar_feeds.make_address(account=litigant, title="hearing")
    RecoveryCodes.activate(litigant)
    litigant.refresh_from_db()

    text = str(files_of(proven.post(DATA)))

    for secret in (
        litigant.password,
        CalendarFeed.objects.get().key_hash,
        proven.session.session_key,
        "seed",
    ):
        assert secret not in text


def test_the_readme_is_in_the_persons_language(proven, litigant):
    Litigant.objects.store(litigant, language="en")

    assert "Taipei" in files_of(proven.post(DATA))["README.txt"]


def test_a_mail_tells_of_the_download(proven, litigant):
    proven.post(DATA).getvalue()
    delivery.deliver.call_local()

    assert [message.to for message in mail.outbox] == [[litigant.email]]


@pytest.mark.parametrize("url", [DATA, CLOSE])
def test_who_has_not_proven_it_anew_is_asked_to(client, litigant, url):
    assert client.get(url).headers["Location"].startswith("/accounts/login/")
    client.force_login(litigant)

    assert client.get(url).headers["Location"].startswith("/accounts/reauthenticate/")
    assert client.post(url, {"is_sure": "on"}).headers["Location"] == url
    litigant.refresh_from_db()
    assert litigant.is_active

    prove_anew(client)
    assert client.get(url).status_code == 200


def test_downloads_are_limited(proven):
    answers = [proven.post(DATA) for _each in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    for answer in answers:
        answer.getvalue()  # whole, so that its file is closed


def test_the_number_of_queries_does_not_grow_with_the_data(litigant):
    data_export.archive_of(litigant).close()
    counts = []
    for _round in range(2):
        for _each in range(4):
            right = factories.make_access(litigant)
            factories.make_entry(right.case)
            outbox.post(OutgoingMail.Kind.CASE_ADDED, account=litigant, access=right, court=right.case.court)
        with CaptureQueriesContext(connection) as queries:
            data_export.archive_of(litigant).close()
        counts.append(len(queries))

    assert counts[0] == counts[1]


# Leave one case


def test_a_person_who_leaves_a_case_sees_it_no_more_and_a_mail_confirms_it(client, litigant, court):
    left = factories.make_access(litigant, factories.make_case(court), own_name="房東", note="帶收據")
    kept = factories.make_access(litigant)
    client.force_login(litigant)
    assert client.get(leave_of(left.case)).status_code == 200
    assert CaseAccess.objects.live().count() == 2

    page = client.post(leave_of(left.case), follow=True)
    delivery.deliver.call_local()

    left.refresh_from_db()
    assert (left.end_reason, left.ended_by, left.own_name, left.note) == ("left", litigant, "", "")
    assert list(CaseAccess.objects.visible_to(litigant)) == [kept]
    assert [access.pk for access in page.context["accesses"]] == [kept.pk]
    (message,) = mail.outbox
    assert str(left.case.full_number) in message.body
    assert str(left.case.full_number) not in message.subject


def test_the_court_sees_that_the_person_left(client, litigant, court, clerk):
    left = factories.make_access(litigant, factories.make_case(court))
    access.leave(access=left)
    client.force_login(clerk)

    page = client.get(reverse("office_applications:inspect", args=[left.application_id])).content.decode()

    assert "當事人選擇不再查詢" in page


def test_leaving_twice_says_it_once(litigant):
    left = factories.make_access(litigant)

    access.leave(access=left)
    access.leave(access=left)

    assert OutgoingMail.objects.count() == 1


def test_only_a_new_application_opens_a_left_case_again(litigant, court):
    left = factories.make_access(litigant, factories.make_case(court))
    access.leave(access=left)
    factories.make_word("訴")
    clerk = factories.make_clerk(court)
    again = factories.make_application(case=left.case, by=clerk, email=litigant.email)

    applications.approve(application=again, by=clerk)

    assert CaseAccess.objects.visible_to(litigant).get().application == again


# Close the account


@pytest.fixture
def closed(proven, litigant, court):
    """The account closed by its person; it had a case, words on it, a calendar, a second factor and log-ins."""
    factories.make_access(litigant, factories.make_case(court), own_name="房東")
    litigant.key = calendar_feeds.make_address(account=litigant, title="hearing")
    RecoveryCodes.activate(litigant)
    EmailAddress.objects.create(user=litigant, email=litigant.email, verified=True, primary=True)
    OutgoingMail.objects.all().delete()
    litigant.elsewhere = Client()
    litigant.elsewhere.force_login(litigant)
    litigant.elsewhere.get(CASES)
    litigant.response = proven.post(CLOSE, {"is_sure": "on"})
    litigant.refresh_from_db()
    return litigant


def test_a_closed_account_has_no_way_in_any_more(client, closed):
    assert closed.response.headers["Location"] == reverse("account_closed")
    assert not closed.is_active
    assert not closed.has_usable_password()
    for browser in (client, closed.elsewhere):
        assert browser.get(CASES).headers["Location"].startswith("/accounts/login/")
    assert client.get(reverse("cpor_cases:hearings"), {"key": closed.key}).status_code == 404
    for ways in (UserSession, EmailAddress):
        assert not ways.objects.filter(user=closed).exists()
    assert not closed.authenticator_set.exists()
    assert not PastPassword.objects.exists()
    client.post("/accounts/login/", {"login": closed.email, "password": factories.PASSWORD})
    assert client.get(CASES).status_code == 302


def test_all_its_accesses_end_and_the_court_sees_why(client, closed, clerk):
    right = CaseAccess.objects.get()

    assert (right.end_reason, right.ended_by, right.own_name) == ("account_closed", closed, "")
    client.force_login(clerk)
    page = client.get(reverse("office_applications:inspect", args=[right.application_id])).content.decode()
    assert "帳號已關閉" in page


def test_a_mail_confirms_the_closing(closed):
    delivery.deliver.call_local()

    assert [message.to for message in mail.outbox] == [[closed.email]]


def test_nothing_more_is_mailed_to_it(closed):
    delivery.deliver.call_local()
    mail.outbox.clear()
    client = Client()

    client.post("/accounts/password/reset/", {"email": closed.email})
    password_resets.answer.call_local()
    delivery.deliver.call_local()

    assert mail.outbox == []


def test_without_the_tick_nothing_is_closed(proven, litigant):
    page = proven.post(CLOSE)

    litigant.refresh_from_db()
    assert page.context["form"].errors
    assert litigant.is_active


def test_staff_do_not_close_their_account_themselves(client, clerk):
    client.force_login(clerk)
    prove_anew(client)

    assert client.post(CLOSE, {"is_sure": "on"}).status_code == 404
    assert CLOSE not in client.get(reverse("account_home")).content.decode()


def test_a_new_approval_activates_the_closed_account_and_makes_no_second_one(closed, court):
    """Rule 3: one address, one account."""
    factories.make_word("訴")
    clerk = factories.make_clerk(court)
    paper = factories.make_application(court, by=clerk, email=closed.email.upper())

    granted = applications.approve(application=paper, by=clerk)
    token = activation_path(granted.account.activation).rstrip("/").rsplit("/", 1)[-1]
    active = account_activation.activate(
        token=token, name="王大明", username="litigant", password=factories.PASSWORD, language="en"
    )

    assert active == closed
    assert active.is_active
    assert litigant_of(active).closed_at is None
    assert [right.case for right in CaseAccess.objects.visible_to(active)] == [paper.case]
    assert Application.objects.filter(account=active).count() == 2
