"""A new address is proven before it counts, the old one is told and can undo it, and nobody learns whose it is."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cpor_cases.address_register import find_by_address
from cpor_cases.mail import delivery
from cpor_cases.mail.links import blanked
from cpor_cases.models import CalendarFeed, OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db

OLD, NEW, TAKEN = "litigant@example.com", "new@example.com", "other@example.com"
PAGE = "/en/accounts/email/"


def prove(client, account):
    client.force_login(account)
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})


@pytest.fixture
def active(client, litigant):
    EmailAddress.objects.create(user=litigant, email=litigant.email, verified=True, primary=True)
    prove(client, litigant)
    return litigant


@pytest.fixture
def other(db):
    return factories.make_user("other", email=TAKEN, language="en")


def ask_for(client, address):
    return client.post(PAGE, {"email": address, "action_add": ""})


def mails_to(address) -> list:
    mail.outbox.clear()
    delivery.deliver.call_local()
    return [message for message in mail.outbox if message.to == [address]]


def link_in(message, part: str) -> str:
    return next(word for word in message.body.split() if part in word).removeprefix("http://testserver")


def confirm_link() -> str:
    return link_in(mails_to(NEW)[0], "confirm-email/")


def change(client, address=NEW) -> str:
    """Change the address and return the link that the old address got."""
    ask_for(client, address)
    client.post(link_in(mails_to(address)[0], "confirm-email/"))
    delivery.deliver.call_local()
    return link_in(mail.outbox[-1], "/email/undo/")


@pytest.mark.parametrize("is_logged_in", [True, False])
def test_a_new_address_counts_once_its_link_is_used_and_the_old_one_is_told(client, active, is_logged_in):
    ask_for(client, "Ｎew\u200b@Example.com")
    path = confirm_link()
    active.refresh_from_db()
    assert active.email == OLD

    (client if is_logged_in else Client()).post(path)

    active.refresh_from_db()
    assert active.email == NEW
    assert [a.email for a in EmailAddress.objects.filter(user=active, primary=True, verified=True)] == [NEW]
    assert [message.to for message in mails_to(OLD)] == [[OLD]]
    assert len(mail.outbox) == 1
    assert find_by_address("NEW@example.com") == active
    assert find_by_address(OLD) is None


def test_an_address_that_became_another_account_s_meanwhile_stays_there(client, active):
    ask_for(client, NEW)
    path = confirm_link()
    factories.make_user("other", email="NEW@example.com")

    client.post(path)

    active.refresh_from_db()
    assert active.email == OLD


def test_a_second_factor_does_not_stand_in_the_way(client, active):
    TOTP.activate(active, "JBSWY3DPEHPK3PXP")

    assert ask_for(client, NEW).status_code == 302


def test_one_s_own_address_is_told_so(client, active):
    assert "already" in ask_for(client, "LITIGANT@example.com").content.decode()


# Whether another person has it


def seen_and_done(client, address):
    """Return the answer, every page that shows it, and the statements of the request, without the address itself."""
    with CaptureQueriesContext(connection) as queries:
        answer = ask_for(client, address)
        statements = [
            " ".join(query["sql"].split()[:3]) for query in queries if "SAVEPOINT" not in query["sql"]
        ]
    delivery.deliver.call_local()
    pages = [client.get(path) for path in (PAGE, "/en/cases/mails/", "/en/accounts/")]
    pages = [
        page.content.decode().split("<main")[1].split("</main>")[0].replace(address, "…") for page in pages
    ]
    return answer.status_code, answer.headers["Location"], _without_tokens(pages), statements


def _without_tokens(pages: list[str]) -> list[str]:
    return ["\n".join(line for line in page.splitlines() if "csrf" not in line) for page in pages]


@pytest.mark.parametrize("whose", ["active", "inactive", "staff", "proven second one"])
def test_page_mails_and_work_are_alike_whether_another_has_the_address_or_not(active, clerk, other, whose):
    taken = {"active": TAKEN, "inactive": "inactive@example.com", "staff": clerk.email}.get(
        whose, "second@example.com"
    )
    factories.make_user("inactive", is_active=False)
    EmailAddress.objects.create(user=other, email="second@example.com", verified=True)
    results = []
    for address in ("warm@example.com", "free@example.com", taken):
        client = Client()
        prove(client, active)
        results.append(seen_and_done(client, address))
        OutgoingMail.objects.all().delete()

    assert results[1] == results[2]


def test_the_owner_is_told_in_their_language_without_a_name_and_gets_no_link_that_confirms(
    client, active, other
):
    ask_for(client, "Other@Example.com")

    [message] = mails_to(TAKEN)
    said = message.subject + message.body + message.alternatives[0].content
    assert message.subject == "Somebody asked to use your email address"
    assert message.extra_headers["Content-Language"] == "en"
    for secret in ("litigant", "王大明", "confirm-email"):
        assert secret not in said
    assert find_by_address(TAKEN) == other


def test_only_a_few_mails_go_to_one_address_whoever_asks(active):
    said = []
    for number in range(5):
        person = factories.make_user(f"asker-{number}")
        client = Client()
        prove(client, person)
        page = client.post(PAGE, {"email": TAKEN, "action_add": ""}, follow=True)
        said.append("Several emails have gone to this address" in page.content.decode())

    assert said == [False, False, False, True, True]
    assert OutgoingMail.objects.filter(kind="email_confirmation", address=TAKEN).count() == 3


def test_one_account_asks_for_a_few_addresses_an_hour(client, active):
    for number in range(7):
        page = client.post(PAGE, {"email": f"person-{number}@example.com", "action_add": ""}, follow=True)

    assert "wait an hour" in page.content.decode()
    assert OutgoingMail.objects.filter(kind="email_confirmation").count() == 5


def test_the_mail_can_be_sent_again_a_few_times_and_the_wish_be_given_up(client, active):
    ask_for(client, NEW)
    for _ in range(4):
        client.post(PAGE, {"action_send": ""})
    assert OutgoingMail.objects.filter(kind="email_confirmation").count() == 3

    client.post(PAGE, {"action_remove": ""})

    assert not EmailAddress.objects.filter(email=NEW).exists()
    assert "account/email" not in str([m.about for m in OutgoingMail.objects.all()])
    active.refresh_from_db()
    assert active.email == OLD


@pytest.mark.parametrize("action", ["action_primary", "action_remove", "action_send"])
def test_no_way_leads_around_the_proof(client, litigant, other, action):
    """An account without a proven row, such as one made in the office: allauth would make any address its own."""
    prove(client, litigant)
    ask_for(client, NEW)
    for address in (NEW, TAKEN, OLD):
        client.post(PAGE, {"email": address, action: ""})

    litigant.refresh_from_db()
    assert litigant.email == OLD
    assert find_by_address(TAKEN) == other


# Undoing it


def test_the_old_address_undoes_the_change_and_shuts_out_who_made_it(client, active):
    thief = Client()
    prove(thief, active)
    link = change(thief)
    TOTP.activate(active, "JBSWY3DPEHPK3PXP")
    active.authenticator_set.update(created_at=timezone.now() - dt.timedelta(days=1))
    CalendarFeed.objects.create(account=active)
    owner = Client()

    page = owner.get(link)
    assert OLD in page.content.decode()
    active.refresh_from_db()
    assert active.email == NEW  # a program that opens links undoes nothing
    owner.post(link)

    active.refresh_from_db()
    assert (active.email, active.has_usable_password()) == (OLD, False)
    assert [(a.email, a.verified, a.primary) for a in active.emailaddress_set.all()] == [(OLD, True, True)]
    assert thief.get("/cases/").status_code == 302
    assert not CalendarFeed.objects.filter(account=active).exists()
    assert active.authenticator_set.count() == 1  # the owner's own, from before
    [reset] = mails_to(OLD)
    assert "/password/reset/key/" in reset.body
    assert [message.subject for message in mail.outbox if message.to == [NEW]] == ["電子郵件信箱的變更已取消"]
    assert owner.get(link).status_code == owner.post(link).status_code == 410


def test_a_second_factor_added_since_goes_with_the_change(client, active):
    link = change(client)
    TOTP.activate(active, "JBSWY3DPEHPK3PXP")

    Client().post(link)

    assert not active.authenticator_set.exists()


def test_who_took_an_account_by_two_changes_does_not_get_it_back_by_the_second_link(client, active):
    first = change(client)
    second = change(client, "third@example.com")

    Client().post(first)

    assert Client().post(second).status_code == 410
    active.refresh_from_db()
    assert active.email == OLD


def test_waiting_mails_do_not_go_to_the_address_that_is_given_up(client, active):
    link = change(client)
    for kind in ("password_reset", "account_notice"):
        OutgoingMail.objects.create(
            kind=kind, account=active, address=NEW, about={"notice": "password_changed"}
        )

    Client().post(link)

    waiting = OutgoingMail.objects.waiting().filter(account=active)
    assert set(waiting.values_list("kind", "address")) == {
        ("password_reset", OLD),
        ("account_notice", OLD),
        ("account_notice", NEW),  # what says that it was given up
    }
    assert OutgoingMail.objects.filter(kind="password_reset", address=NEW, state="dropped").exists()


@pytest.mark.parametrize("invalid", ["after seven days", "taken", "closed", "forged"])
def test_a_link_that_is_too_old_or_whose_address_is_another_s_undoes_nothing(client, active, invalid):
    link = change(client)
    if invalid == "after seven days":
        OutgoingMail.objects.update(created_at=timezone.now() - dt.timedelta(days=7))
    elif invalid == "taken":
        factories.make_user("quick", email=OLD)
    elif invalid == "closed":
        type(active).objects.filter(pk=active.pk).update(is_active=False)
    else:
        link = link[:-3] + "xx/"

    answers = [Client().get(link), Client().post(link)]

    assert [answer.status_code for answer in answers] == [410, 410]
    active.refresh_from_db()
    assert active.email == NEW


def test_the_mail_to_the_old_address_gives_the_telephone_of_the_court_and_stores_no_secret(
    client, active, court
):
    court.phone = "02-2314-6871"
    court.save()
    factories.make_access(active, factories.make_case(court))
    link = change(client)

    said = mail.outbox[-1].body
    assert "臺灣臺北地方法院：02-2314-6871" in said
    assert "/password/reset/" not in said  # it would lead to whoever has the new address
    assert link.rstrip("/").rsplit(":", 1)[-1] not in str([*OutgoingMail.objects.values()])
    assert blanked(link) == reverse("account_undo_email", args=["…"]).replace("%E2%80%A6", "…")
