"""The list of a person's mails: which mail, about which case, and what became of it; and the banner when mail comes back."""

import datetime as dt

import pytest
from django.core import mail as sent_mails
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import access, bounces, digests
from cpor_cases.mail.bounces import mark
from cpor_cases.models import BouncedAddress, CaseAccess, OutgoingMail
from tests import factories
from tests.support.imports import take

pytestmark = pytest.mark.django_db

MAILS = reverse("cpor_cases:mails")
State = OutgoingMail.State


def mails_of(client, **asked):
    """What the page lists: each mail with its sentence and the cases it names."""
    mails = client.get(MAILS, asked).context["mails"]
    return [(mail, mail.in_words, [right.case for right in mail.accesses]) for mail in mails]


def write(account, state, *, answer="", **over):
    ended = None if state in {State.WAITING, State.HELD, State.STOPPED} else timezone.now()
    facts = {"kind": "case_added", "address": account.email, "state": state, "ended_at": ended}
    return OutgoingMail.objects.create(account=account, last_answer=answer, **facts | over)


def test_a_mail_about_news_names_the_cases_it_told_of_and_keeps_doing_so(client, litigant, case):
    other = factories.make_case(case.court)
    for each in (case, other):
        factories.make_access(litigant, each)
    row = factories.row(case)
    take(row)
    take(factories.row(other))
    take(row | {"detail": "更正後"})
    client.force_login(litigant)

    assert [cases for _mail, _words, cases in mails_of(client)] == [[case], [other], [case]]
    assert len(mails_of(client, case=other.public_id)) == 1
    assert len(mails_of(client, case=case.public_id)) == 2


def test_a_digest_names_its_cases_and_before_it_is_sent_the_page_says_what_waits(client, litigant, case):
    factories.make_access(litigant, case, mail_preference=CaseAccess.MailPreference.DIGEST)
    take(factories.row(case))
    client.force_login(litigant)
    assert client.get(MAILS).context["awaiting_digest"] == 1

    digests.post_due(timezone.now() + dt.timedelta(days=2))

    [(mail, _words, cases)] = mails_of(client, case=case.public_id)
    assert (mail.kind, cases) == ("digest", [case])
    assert client.get(MAILS).context["awaiting_digest"] == 0


def test_each_state_is_said_in_plain_words(client, litigant):
    client.force_login(litigant)
    write(litigant, State.SENT, answer="250")
    write(litigant, State.FAILED, answer="550 5.1.1 no such user")
    next_attempt_at = timezone.localtime().replace(hour=14, minute=20)
    write(litigant, State.WAITING, answer="451 4.3.0 later", attempts=2, next_attempt_at=next_attempt_at)

    page = client.get("/en" + MAILS.removeprefix("/en"))
    words = [mail.in_words for mail in page.context["mails"]]

    assert words[2] == "Delivered to your mail server."
    assert words[1] == "Not delivered: this address does not exist."
    assert words[0].startswith("Not yet accepted: their mail server asks to try later.")
    assert "14:20" in words[0]
    assert "550 5.1.1 no such user" in page.content.decode()


def test_nobody_sees_a_mail_of_another(client, litigant, other_litigant, case):
    factories.make_access(other_litigant, case)
    write(other_litigant, State.SENT)
    client.force_login(litigant)

    assert mails_of(client) == []
    assert client.get(MAILS, {"case": case.public_id}).status_code == 404
    assert client.get(MAILS, {"case": "not-an-id"}).status_code == 404
    client.logout()
    assert client.get(MAILS).status_code == 302


def test_a_case_that_may_no_longer_be_seen_is_not_named(client, litigant, clerk, case):
    right = factories.make_access(litigant, case)
    take(factories.row(case))
    client.force_login(litigant)
    assert str(case.full_number) in client.get(MAILS).content.decode()

    access.revoke(access=right, by=clerk)
    page = client.get(MAILS)

    assert str(case.full_number) not in page.content.decode()
    assert [mail.told_of_others for mail in page.context["mails"]] == [True]
    assert client.get(MAILS, {"case": case.public_id}).status_code == 404


def test_the_address_of_somebody_else_is_not_shown(client, litigant):
    """An address that a clerk once mistyped may be another person's."""
    write(
        litigant, State.FAILED, address="somebody-else@example.com", answer="550 <somebody-else@example.com>"
    )
    client.force_login(litigant)

    assert "somebody-else" not in client.get(MAILS).content.decode()


def test_what_was_of_no_more_use_and_not_sent_is_no_mail(client, litigant):
    write(litigant, State.DROPPED)
    client.force_login(litigant)

    assert mails_of(client) == []


def test_a_page_holds_twenty(client, litigant):
    for _each in range(21):
        write(litigant, State.SENT)
    client.force_login(litigant)

    assert len(mails_of(client)) == 20
    assert len(mails_of(client, page=2)) == 1
    assert len(mails_of(client, page=999)) == 1
    assert len(mails_of(client, page="rubbish")) == 20


def test_a_banner_says_that_mail_comes_back_until_it_is_corrected(client, litigant):
    client.force_login(litigant)
    banner = "notice-banner--error"
    assert banner not in client.get("/cases/").content.decode()

    bounces_ = BouncedAddress.Hardness.HARD
    mark(litigant.email.upper(), answer="550 5.1.1 no such user", hardness=bounces_)
    for path in ("/cases/", MAILS, "/accounts/"):
        page = client.get(path).content.decode()
        assert banner in page
        assert reverse("account_email") in page

    bounces.clear(litigant.email)
    assert banner not in client.get("/cases/").content.decode()


def test_who_says_that_the_address_is_right_gets_what_was_kept_back(client, litigant, other_litigant):
    for person in (litigant, other_litigant):
        write(person, State.WAITING)
        mark(person.email, answer="550 5.1.1", hardness=BouncedAddress.Hardness.HARD)
    client.force_login(litigant)

    client.post(reverse("cpor_cases:try_again"))

    assert not BouncedAddress.objects.does_bounce(litigant.email)
    assert BouncedAddress.objects.does_bounce(other_litigant.email)
    assert OutgoingMail.objects.get(account=litigant).state != State.STOPPED
    assert OutgoingMail.objects.get(account=other_litigant).state == State.STOPPED
    assert sent_mails.outbox == []
