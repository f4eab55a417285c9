"""/check/ says of a code and the address that got it whether the mail was ours, and of everything else one and the same."""

import datetime as dt
import logging

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cpor_cases.actions import bounces
from cpor_cases.actions.retention import purge
from cpor_cases.mail import check_codes, delivery, notifications
from cpor_cases.models import Litigant, OutgoingMail
from cpor_core import conf
from tests import factories
from tests.support import every_mail
from tests.support.smtp_sink import sink  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db

OURS = {
    "/check/": "本服務曾將附有此查證碼的電子郵件寄到這個地址。",
    "/en/check/": "We sent an email with this code to this address.",
}
NOT_OURS = {"/check/": "就本服務所知，這不是我們寄的信。", "/en/check/": "Not from us, as far as we can see."}
SENT_AT = dt.datetime(2026, 9, 24, 1, 30, tzinfo=dt.UTC)


def ask(code, address, *, path="/en/check/", client=None):
    return (client or Client()).post(path, {"code": code, "address": address})


def answer(response) -> str:
    """What a reader sees of an answer, without the form that has what was typed."""
    page = BeautifulSoup(response.content, "html.parser").select_one("main")
    page.select_one("form").decompose()
    return " ".join(page.text.split())


@pytest.fixture
def mail(litigant):
    return OutgoingMail.objects.create(
        kind="hearing_reminder", account=litigant, address=litigant.email, state="sent", ended_at=SENT_AT
    )


@pytest.mark.parametrize("path", OURS)
def test_a_mail_of_ours_is_told_with_its_day_and_kind(mail, path):
    said = answer(ask(check_codes.code_of(mail), mail.address, path=path))

    assert OURS[path] in said
    for words in {
        "/check/": ["115 年 9 月 24 日", "2026-09-24", "09:30", "庭期提醒"],
        "/en/check/": ["24 September 2026", "115/09/24", "09:30", "reminder of a hearing"],
    }[path]:
        assert words in said


@pytest.fixture
def everything_else(mail, other_litigant, settings):
    """What is not a code and the address that got it: name, and what is typed."""
    code = check_codes.code_of(mail)
    purged = OutgoingMail.objects.create(kind="welcome", account=mail.account, state="sent", ended_at=SENT_AT)
    unknown = check_codes.code_of(OutgoingMail(pk=mail.pk + 1000))
    former, settings.SECRET_KEY = settings.SECRET_KEY, "a-key-that-was-given-up"
    voided = check_codes.code_of(mail)
    settings.SECRET_KEY = former
    return {
        "an unknown code": (unknown, mail.address),
        "another's address": (code, other_litigant.email),
        "nobody's address": (code, "nobody@example.org"),
        "no code": ("hello", mail.address),
        "no address": (code, "hello"),
        "a mail whose address was deleted": (check_codes.code_of(purged), mail.address),
        "a code by a key of before": (voided, mail.address),
        "signs that no database takes": ("\x00" * 10, "\x00@\ud800"),
        "far too much": ("7" * 100_000, "a" * 100_000),
    }


@pytest.mark.parametrize("path", NOT_OURS)
def test_everything_else_is_one_and_the_same_answer(everything_else, path):
    answers, statuses, queries, headers = set(), set(), set(), set()

    for code, address in everything_else.values():
        with CaptureQueriesContext(connection) as captured:
            response = ask(code, address.encode("utf-8", "replace").decode(), path=path)
        answers.add(answer(response))
        statuses.add(response.status_code)
        queries.add(len([each for each in captured if "outgoingmail" in each["sql"]]))
        headers.add(tuple(sorted(set(response.headers) - {"X-Request-ID", "Content-Length"})))

    [said] = answers
    assert NOT_OURS[path] in said
    assert "12" in said  # for how many months we can tell
    assert (statuses, queries, len(headers)) == ({200}, {1}, 1)


def test_a_mail_of_ours_costs_the_same_query(mail):
    with CaptureQueriesContext(connection) as captured:
        ask(check_codes.code_of(mail), mail.address)

    assert len([each for each in captured if "outgoingmail" in each["sql"]]) == 1


def test_neither_case_nor_person_is_named(litigant, case):
    every_mail.post("case_added", litigant, case)
    mail = OutgoingMail.objects.get()

    said = answer(ask(check_codes.code_of(mail), mail.address))

    assert OURS["/en/check/"] in said
    for secret in (litigant.username, case.full_number, str(case.court), "王大明"):
        assert str(secret) not in said


def test_what_counts_is_where_the_mail_went_not_where_the_person_is_now(litigant):
    notifications.email_changed(litigant, former="before@example.com")
    mail = OutgoingMail.objects.get()
    litigant.email = "after@example.com"
    litigant.save()
    bounces.follow(litigant)

    assert OURS["/en/check/"] in answer(ask(check_codes.code_of(mail), "before@example.com"))
    assert NOT_OURS["/en/check/"] in answer(ask(check_codes.code_of(mail), "after@example.com"))


def test_a_mail_that_retention_has_reached_is_as_far_as_we_can_see_not_ours(mail, settings):
    code = check_codes.code_of(mail)
    later = SENT_AT + dt.timedelta(days=32 * conf.KEEP_MAIL_ADDRESS_MONTHS)

    purge.purge_expired(now=later)

    assert NOT_OURS["/en/check/"] in answer(ask(code, "litigant@example.com"))


def test_nothing_that_was_typed_gets_into_a_log_or_an_address(mail, caplog):
    caplog.set_level(logging.DEBUG)
    code = check_codes.code_of(mail)

    response = ask(code, mail.address)
    Client().post("/en/check/?x=1", {"code": code})

    assert response.status_code == 200  # no redirect, which would carry it
    for typed in (code, mail.address):
        assert typed not in "".join(
            record.getMessage() for record in caplog.records if record.name != "django.db.backends"
        )


def test_who_asks_too_often_is_put_off(mail, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"mail_check": "2/m/ip"}
    asked = [ask("7K4PT-9MXQ2", "a@example.com").status_code for _ in range(3)]

    assert asked == [200, 200, 429]


def test_an_empty_form_is_asked_for_again():
    response = Client().post("/en/check/", {"code": "", "address": " "})

    assert len(response.context["form"].errors) == 2
    assert NOT_OURS["/en/check/"] not in response.content.decode()


def test_the_form_may_be_found_by_search_engines_and_an_answer_not(mail):
    assert b"noindex" not in Client().get("/check/").content
    found = ask(check_codes.code_of(mail), mail.address)
    assert b'<meta name="robots" content="noindex">' in found.content
    assert "no-store" in found["Cache-Control"]


def test_a_page_of_another_site_may_not_read_it(mail):
    response = Client(enforce_csrf_checks=True).post("/check/", {"code": "x", "address": "y"})

    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response


FORGERIES = [
    "made up",
    "none",
    "somebody else's",
    "somebody else's",
    "somebody else's",
    "old",
    "old",
    "malformed",
    "made up",
    "none",
]


def reader_trusts(arrived, *, day) -> bool:
    """Whether a reader who does as /check/ says takes a mail for ours: the code in it with the address it came to, then
    the day of the answer against the day of the mail."""
    code = arrived["code"]
    said = answer(ask(code, arrived["address"], path="/check/"))
    return OURS["/check/"] in said and f"{day:%Y-%m-%d}" in said


def test_twenty_mails_of_which_half_are_forged_are_told_apart(sink, court):  # noqa: F811
    people = [factories.make_user() for _ in range(10)]
    for number, (person, name) in enumerate(zip(people, list(every_mail.EVERY_MAIL)[:10], strict=True)):
        Litigant.objects.store(person, language=["en", "zh-hant"][number % 2])
        if name in every_mail.NOTICES or name == "welcome":
            every_mail.post(name, person, factories.make_case(court))
        else:
            notifications.password_reset(person)
    assert delivery.deliver_all() == 10
    real = [
        {"code": code_in(each.text("plain")), "address": each.recipient, "is_real": True}
        for each in sink.arrived
    ]
    assert all(
        code_in(each.text("html")) == one["code"] for each, one in zip(sink.arrived, real, strict=True)
    )

    today = timezone.localdate()
    old = timezone.now() - dt.timedelta(days=90)
    old_mails = [
        OutgoingMail.objects.create(
            kind="welcome", account=person, address=person.email, state="sent", ended_at=old
        )
        for person in people[:2]
    ]
    forged = []
    for number, how in enumerate(FORGERIES):
        victim = people[number]
        code = {
            "made up": f"7K4PT-9MXQ{number}",
            "none": "nothing of the kind",
            "malformed": real[number]["code"][:-1],
            "somebody else's": real[(number + 1) % 10]["code"],
            "old": check_codes.code_of(old_mails[number % 2]),
        }[how]
        address = old_mails[number % 2].address if how == "old" else victim.email
        forged.append({"code": code, "address": address, "is_real": False})

    for one in real + forged:
        assert reader_trusts(one, day=today) == one["is_real"], one


def code_in(text: str) -> str:
    plain = " ".join(BeautifulSoup(text, "html.parser").text.split())
    for label in ("Check code: ", "查證碼：", "查證碼： "):
        if label in plain:
            return plain.partition(label)[2].split()[0]
    raise AssertionError("there is no check code in this mail")
