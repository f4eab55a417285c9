"""Log-in and password reset do the same work whether an account exists or not."""

import datetime as dt
from contextlib import contextmanager

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cpor_cases.actions import password_resets
from cpor_cases.mail import delivery
from cpor_cases.models import OutgoingMail, PasswordResetRequest
from tests import factories

pytestmark = pytest.mark.django_db

WRONG = "not the password"
TYPED = [
    "litigant",
    "LITIGANT",
    "litigant@example.com",
    "Litigant@Example.com",
    "ｌｉｔｉｇａｎｔ@example.com",
    "second@example.com",
    "inactive",
    "inactive@example.com",
    "unusable",
    "unusable@example.com",
    "clerk@example.com",
    "nobody-at-all",
    "nobody@example.com",
    "nobody@資訊.台灣",
]


@pytest.fixture
def people(litigant, clerk):
    EmailAddress.objects.create(user=litigant, email=litigant.email, verified=True, primary=True)
    EmailAddress.objects.create(user=litigant, email="second@example.com", verified=True)
    factories.make_user("inactive", is_active=False)
    factories.make_user("unusable", password=None)


@contextmanager
def counted_hashes(monkeypatch):
    """Count how often a password is hashed, to store it or to compare it."""
    hashes = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *args: hashes.append(1) or encode(self, *args)
    )
    yield hashes
    monkeypatch.undo()


def log_in(client, typed, password=WRONG):
    return client.post("/accounts/login/", {"login": typed, "password": password})


def work_of(action) -> list[str]:
    """Return the statements of a request, by their first words: what is read and what is written."""
    with CaptureQueriesContext(connection) as queries:
        action()
    return [
        " ".join(query["sql"].split()[:3])
        for query in queries
        if "SAVEPOINT" not in query["sql"]  # of the test's own transaction, and each has a name of its own
    ]


@pytest.mark.parametrize("typed", TYPED)
def test_a_wrong_password_is_hashed_once_whatever_was_typed(client, people, typed, monkeypatch):
    with counted_hashes(monkeypatch) as hashes:
        log_in(client, typed)

    assert len(hashes) == 1


@pytest.mark.parametrize("typed", ["litigant", "litigant@example.com", "second@example.com", "inactive"])
def test_the_right_password_is_hashed_once(client, people, typed, monkeypatch):
    with counted_hashes(monkeypatch) as hashes:
        log_in(client, typed, factories.PASSWORD)

    assert len(hashes) == 1


def test_a_wrong_password_reads_and_writes_the_same_whatever_was_typed(people):
    log_in(Client(), "warms-the-caches")
    work = {}
    for number, typed in enumerate(TYPED):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        work[typed] = tuple(work_of(lambda: log_in(client, typed)))  # noqa: B023

    assert len(set(work.values())) == 1
    writes = [line for line in work["litigant"] if line.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == ['INSERT INTO "cpor_cases_courtlogentry"']  # for members of staff and for nobody alike


@pytest.mark.parametrize(
    "typed", ["litigant@資訊.台灣", "litigant@xn--9z2ax7c.xn--kpry57d", "LITIGANT@資訊。台灣"]
)
def test_an_internationalised_address_logs_in_in_either_spelling(client, typed):
    factories.make_user("litigant", email="litigant@資訊.台灣")

    assert log_in(client, typed, factories.PASSWORD).headers["Location"] == "/cases/"


def test_an_address_that_is_anothers_name_lets_its_owner_in(client, litigant):
    other = factories.make_user("other", password="another long passphrase")
    get_user_model().objects.filter(pk=other.pk).update(username="litigant@example.com")

    assert log_in(client, "litigant@example.com", factories.PASSWORD).headers["Location"] == "/cases/"
    assert client.session["_auth_user_id"] == str(litigant.pk)


# Wrong passwords


def test_wrong_passwords_by_name_and_by_address_come_from_one_budget(client, people):
    for typed in [
        "litigant",
        "litigant@example.com",
        "LITIGANT",
        "second@example.com",
        "litigant@EXAMPLE.com",
    ]:
        log_in(client, typed)

    for typed in ["litigant", "litigant@example.com", "second@example.com"]:
        assert "15 分鐘" in log_in(client, typed, factories.PASSWORD).content.decode()


def test_what_is_no_account_s_rests_alike_in_every_spelling(client, people):
    for typed in ["nobody@example.com", "NOBODY@example.com", "ｎｏｂｏｄｙ@example.com"] * 2:
        log_in(client, typed)

    assert "15 分鐘" in log_in(client, "nobody\u200b@example.com").content.decode()
    assert "15 分鐘" not in log_in(client, "another-nobody@example.com").content.decode()


def test_too_long_a_name_is_told_so(client):
    assert "254" in log_in(client, "x" * 300).content.decode()
    assert "254" in ask_for_reset(client, "x" * 300).content.decode()


# Forgotten passwords


def ask_for_reset(client, typed):
    return client.post("/accounts/password/reset/", {"email": typed})


def resets() -> int:
    return OutgoingMail.objects.filter(kind="password_reset").count()


def test_a_request_does_and_answers_the_same_whatever_was_typed(people, django_capture_on_commit_callbacks):
    ask_for_reset(Client(), "warms-the-caches")
    seen = set()
    for number, typed in enumerate(TYPED):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        with django_capture_on_commit_callbacks() as callbacks:
            work = work_of(lambda: seen.add(ask_for_reset(client, typed).headers["Location"]))  # noqa: B023
        seen.add((tuple(work), tuple(callback.__qualname__ for callback in callbacks)))

    assert len(seen) == 2  # where it leads to, and what was done
    assert [line for line in work if line.startswith(("INSERT", "UPDATE", "DELETE"))] == [
        'INSERT INTO "cpor_cases_passwordresetrequest"'
    ]
    assert not OutgoingMail.objects.exists()


def test_the_worker_mails_a_link_to_each_account_there_is_and_forgets_what_was_typed(people):
    for typed in TYPED:
        password_resets.ask(typed=typed)

    assert password_resets.answer.call_local() == len(TYPED)

    mails = OutgoingMail.objects.filter(kind="password_reset").values_list("account__username", flat=True)
    assert sorted(mails) == ["clerk", "litigant", "litigant", "litigant", "unusable", "unusable"]
    assert not PasswordResetRequest.objects.exists()


def test_a_few_mails_an_hour_and_a_day_go_to_one_account(people):
    sent = []
    for _hour in range(5):
        for number in range(15):
            password_resets.ask(typed=["litigant", "litigant@example.com"][number % 2])
        password_resets.answer.call_local()
        sent.append(resets())
        OutgoingMail.objects.update(created_at=F("created_at") - dt.timedelta(hours=1))

    assert sent == [3, 6, 8, 8, 8]
    OutgoingMail.objects.update(created_at=F("created_at") - dt.timedelta(hours=24))
    password_resets.ask(typed="litigant")
    password_resets.answer.call_local()
    assert resets() == 9


def test_beyond_the_limit_the_page_answers_as_always_and_the_owner_is_shut_out_of_nothing(client, people):
    answers = {
        ask_for_reset(Client(REMOTE_ADDR=f"203.0.113.{n}"), "litigant").headers["Location"] for n in range(10)
    }
    password_resets.answer.call_local()
    delivery.deliver.call_local()

    assert len(answers) == 1
    assert len(mail.outbox) == 3
    first = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get(first.removeprefix("http://testserver"), follow=True)
    assert 'name="password1"' in form.content.decode()
    assert log_in(client, "litigant", factories.PASSWORD).headers["Location"] == "/cases/"
