"""What a clerk looks up: mails in plain words, imports with their rejected rows, activation links."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from cpor_cases.actions import account_activation, applications
from cpor_cases.mail.wording import reason_in_words, state_in_words
from cpor_cases.models import Activation, OutgoingMail, RejectedRow
from tests.factories import make_application, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def activation(court, clerk):
    applications.approve(application=make_application(court, by=clerk), by=clerk)
    return Activation.objects.get()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("550 5.1.1 <x@y>: Recipient address rejected: User unknown", "this address does not exist."),
        ("550 5.1.2 bad host", "there is no mail service at this domain."),
        ("452 4.2.2 mailbox full", "the mailbox is full."),
        ("554 5.7.1 Blocked by policy", "their mail server refuses email of this kind."),
        ("451 greylisted", "their mail server asks to try later."),
        ("550 no", "their mail server refuses it."),
        (
            "554 5.7.1 Relay access denied",
            "the mail server of this service does not send it on. Its operator has been told.",
        ),
        ("ConnectionRefusedError: [Errno 111]", "their mail server does not answer."),
    ],
)
def test_answers_of_servers_are_put_into_words(answer, words):
    with translation.override("en"):
        assert reason_in_words(answer) == words


def test_mail_that_is_tried_again_names_the_next_time(activation):
    mail = OutgoingMail.objects.get()
    mail.attempts, mail.last_answer = 2, "TimeoutError"
    mail.next_attempt_at = timezone.make_aware(dt.datetime(2026, 11, 22, 14, 20))

    assert "2026-11-22 14:20" in state_in_words(mail)


def test_mails_are_found_by_address_and_state(office, activation):
    found = office.get(reverse("office_mails:index"), {"q": "wang", "state": "waiting"}, follow=True).context[
        "object_list"
    ]

    assert [mail.address for mail in found] == ["wang@example.com"]


def test_mail_page_says_how_it_fared(office, activation):
    mail = OutgoingMail.objects.get()

    page = office.get(reverse("office_mails:inspect", args=[mail.pk])).content.decode()

    assert mail.message_id in page


def test_import_shows_its_rejected_rows(office, court):
    run = make_run(court=court, rows_read=1, rows_rejected=1)
    RejectedRow.objects.create(run=run, line=7, reason="no such word", row={"word": "無"})

    page = office.get(reverse("office_imports:inspect", args=[run.pk])).content.decode()

    assert "no such word" in page
    assert "無" in page


def test_on_a_card_each_figure_of_an_import_says_what_it_counts(office, court):
    make_run(court=court, rows_read=3, rows_created=1, rows_rejected=2)

    page = office.get(reverse("office_imports:index")).content.decode()

    assert "office-stack" in page
    assert re.findall(r'office-named">([^<]+)</span> (\d+)', page) == [
        ("讀取", "3"),
        ("建立", "1"),
        ("變更", "0"),
        ("撤銷", "0"),
        ("已有較新資料", "0"),
        ("退件", "2"),
    ]


def test_imports_are_filtered_by_rejected_rows(office, court):
    make_run(court=court)
    wanted = make_run(court=court, rows_read=1, rows_rejected=1)

    assert list(office.get(reverse("office_imports:index"), {"rejected": "some"}).context["object_list"]) == [
        wanted
    ]


def test_unlocking_sends_a_new_link(office, activation):
    Activation.objects.update(locked_at=timezone.now(), wrong_names=5)

    office.post(reverse("office_activations:unlock", args=[activation.pk]))

    activation.refresh_from_db()
    assert (activation.is_locked, activation.wrong_names, activation.round) == (False, 0, 2)


def test_nothing_is_sent_where_nothing_is_left_to_activate(office, activation, clerk):
    access = activation.account.accesses.get()
    office.post(reverse("office_cases:revoke_access", args=[access.pk]), {"reason": "wrong_person"})
    round_before = activation.round

    answer = office.post(reverse("office_activations:unlock", args=[activation.pk]))

    activation.refresh_from_db()
    assert activation.round == round_before
    assert answer.status_code == 404  # it left the court's horizon with the access


@pytest.mark.parametrize("state", ["locked", "unused", "open", "done"])
def test_activations_are_filtered_by_state(office, activation, state):
    changes = {
        "locked": {"locked_at": timezone.now()},
        "unused": {"link_expires_at": timezone.now() + dt.timedelta(days=1)},
        "open": {},
        "done": {"activated_at": timezone.now()},
    }
    Activation.objects.update(wrong_names=0, **changes[state])

    for other in changes:
        found = office.get(reverse("office_activations:index"), {"state": other}).context["object_list"]
        assert len(found) == (other == state)


def test_name_is_found_among_activations(office, activation):
    assert account_activation.find_by_address("wang@example.com") == activation.account
    assert (
        len(
            office.get(reverse("office_activations:index"), {"q": "王大"}, follow=True).context["object_list"]
        )
        == 1
    )


@pytest.mark.parametrize("name", ["mails", "imports", "activations", "posts", "cases"])
def test_lists_take_a_constant_number_of_queries(client, court, manager, name, django_assert_max_num_queries):
    client.force_login(manager)

    def fill(times, start):
        for each in range(start, start + times):
            application = make_application(court, by=manager, email=f"p{each}@example.com")
            applications.approve(application=application, by=manager)
            make_run(court=court)

    fill(2, 0)
    url = reverse(f"office_{name}:index")
    client.get(url)
    with django_assert_max_num_queries(100) as few:
        client.get(url)
    fill(8, 100)

    with django_assert_max_num_queries(len(few) + 1):  # that other rows were viewed goes on record
        client.get(url)


def test_mail_leads_to_the_paper_where_its_address_is_corrected(
    office, activation, other_court, clerk_elsewhere
):
    elsewhere = make_application(other_court, by=clerk_elsewhere, email=activation.account.email)
    applications.approve(application=elsewhere, by=clerk_elsewhere)
    mail = OutgoingMail.objects.filter(account=activation.account).order_by("pk").first()

    found = office.get(reverse("office_mails:inspect", args=[mail.pk])).context["applications"]

    assert [paper.account for paper in found] == [activation.account]
    assert elsewhere not in found


def test_rejected_row_is_shown_under_the_headings_its_reader_knows(office, court, clerk):
    run = make_run(court=court, rows_read=1, rows_rejected=1)
    run.rejected_rows.create(line=2, reason="…", row={"kind": "無此種類", "detail": "", "extra": "x"})
    url = reverse("office_imports:inspect", args=[run.pk])

    assert "進行事項：無此種類；extra：x" in office.get(url).content.decode()
    UserProfile.objects.create(user=clerk, preferred_language="en")
    assert "kind: 無此種類; extra: x" in office.get(url).content.decode()
