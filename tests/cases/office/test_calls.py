"""“I got no mail”: the page answers, and offers the actions that help."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import access as accesses
from cpor_cases.actions import account_activation, application_addresses, applications, mails
from cpor_cases.mail import outbox
from cpor_cases.models import Activation, CaseAccess, OutgoingMail
from cpor_cases.office.applications.email_suggestions import likely_address
from tests.factories import make_access, make_application, make_case, make_clerk, make_reason, make_user

pytestmark = pytest.mark.django_db


def ask(client, text="王大明"):
    return client.get(reverse("office_calls:index"), {"q": text}, follow=True).context["advice"]


@pytest.fixture
def approved(court, clerk):
    application = make_application(court, by=clerk)
    applications.approve(application=application, by=clerk)
    application.refresh_from_db()
    return application


def urls(answer):
    return {step.url for step in answer.steps}


def test_empty_search_answers_nothing(office):
    assert ask(office, "") == []


def test_pending_application_leads_to_the_decision(office, court):
    application = make_application(court)

    (answer,) = ask(office)

    assert urls(answer) == {reverse("office_applications:inspect", args=[application.pk])}


def test_refused_application_is_explained_and_nothing_offered(office, court, clerk):
    applications.refuse(application=make_application(court), by=clerk, reason=make_reason("no_standing"))

    (answer,) = ask(office)

    assert "no_standing" in answer.sentences[0]
    assert not answer.steps


def test_link_that_was_sent_can_be_renewed_or_readdressed(office, approved):
    OutgoingMail.objects.update(state="sent", ended_at=timezone.now(), attempts=1, last_answer="250")

    (answer,) = ask(office, "wang@example.com")

    assert any("wang@example.com" in sentence for sentence in answer.once_sure)
    activation = Activation.objects.get()
    assert urls(answer) == {
        reverse("office_activations:unlock", args=[activation.pk]),
        reverse("office_applications:readdress", args=[approved.pk]),
    }


def test_lock_is_explained_without_the_name_that_is_the_key(office, approved):
    Activation.objects.update(locked_at=timezone.now(), wrong_names=5)

    (answer,) = ask(office)

    assert "5" in answer.sentences[0]
    assert not any("王大明" in sentence for sentence in answer.sentences)


def test_clerk_is_told_to_check_who_is_calling_before_the_page_names_account_or_address(office, court):
    account = make_user("daming")
    make_access(account, make_case(court))
    OutgoingMail.objects.create(
        kind="case_added",
        account=account,
        court=court,
        address=account.email,
        state="sent",
        ended_at=timezone.now(),
    )

    page = office.post(reverse("office_calls:index"), {"q": "王大明"}, follow=True)

    (answer,) = page.context["advice"]
    assert not any(word in sentence for word in ("daming", "@") for sentence in answer.sentences)
    said = page.content.decode()
    check = said.index("請先確認來電者")
    assert all(check < said.index(word) for word in (account.email, "daming"))


def test_right_address_is_the_first_thing_offered_when_the_mail_failed(office, approved):
    OutgoingMail.objects.update(state="failed", ended_at=timezone.now(), last_answer="550 5.1.1 unknown")

    (answer,) = ask(office)

    assert answer.steps[0].url == reverse("office_applications:readdress", args=[approved.pk])


def test_person_whose_account_is_active_is_told_the_account_name(office, court):
    account = make_user("daming")
    make_access(account, make_case(court))

    (answer,) = ask(office)

    assert "daming" in answer.once_sure[0]


def test_mails_switched_off_are_noticed(office, court):
    make_access(make_user(), make_case(court), mail_preference=CaseAccess.MailPreference.NONE)

    (answer,) = ask(office)

    assert len(answer.sentences) >= 3


def test_ended_access_and_ended_query_are_told(office, court, clerk):
    revoked = make_access(make_user(), make_case(court))
    accesses.revoke(access=revoked, by=clerk)
    make_access(make_user(), make_case(court, closed_on=dt.date(2020, 1, 1)))

    assert all(answer.sentences and not answer.steps for answer in ask(office))


def test_answers_take_a_bounded_number_of_queries(office, court, django_assert_max_num_queries):
    for _each in range(12):
        make_access(make_user(), make_case(court))

    with django_assert_max_num_queries(120):
        assert len(ask(office)) == 10


def test_readdressing_moves_the_access_and_voids_the_old_link(office, approved):
    before = approved.account
    old_round = before.activation.round
    typed = {"email": "Daming@example.com", "email_again": "daming@example.com"}

    office.post(reverse("office_applications:readdress", args=[approved.pk]), typed)

    approved.refresh_from_db()
    access = CaseAccess.objects.live().get()
    assert approved.email == "daming@example.com"
    assert access.account == approved.account != before
    assert Activation.objects.get(account=before).round == old_round + 1
    assert OutgoingMail.objects.get(account=before).state == OutgoingMail.State.DROPPED
    assert OutgoingMail.objects.get(account=access.account).kind == OutgoingMail.Kind.ACTIVATION
    assert not Activation.objects.get(account=before).accepts_name("王大明")


def test_readdressing_is_refused_once_the_account_is_active(office, court, clerk):
    access = make_access(make_user("daming"), make_case(court))
    typed = {"email": "new@example.com", "email_again": "new@example.com"}

    answer = office.post(reverse("office_applications:readdress", args=[access.application.pk]), typed)

    assert answer.context["form"].non_field_errors()
    with pytest.raises(application_addresses.AlreadyActive):
        application_addresses.correct(application=access.application, email="new@example.com", by=clerk)


def test_readdressing_to_an_account_under_another_name_needs_the_clerks_word(office, approved, court):
    other = make_access(make_user(email="li@example.com"), make_case(court)).application
    other.applicant_name = "李小華"
    other.save()
    typed = {"email": "li@example.com", "email_again": "li@example.com"}
    url = reverse("office_applications:readdress", args=[approved.pk])

    assert office.post(url, typed).context["form"].errors["same_person"]

    office.post(url, typed | {"same_person": "on"})
    approved.refresh_from_db()
    assert approved.email == "li@example.com"


def test_readdressing_is_the_courts_own_business(approved, clerk_elsewhere):
    with pytest.raises(PermissionDenied):
        application_addresses.correct(application=approved, email="x@example.com", by=clerk_elsewhere)


def test_failed_mail_is_taken_up_again_under_a_new_message_id(office, court):
    access = make_access(make_user(), make_case(court))
    mail = outbox.post(OutgoingMail.Kind.CASE_ADDED, account=access.account, court=court, access=access)
    before = mail.message_id
    OutgoingMail.objects.update(state="failed", ended_at=timezone.now(), last_answer="550 no", attempts=3)

    office.post(reverse("office_mails:send_again", args=[mail.pk]))

    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.ended_at) == (OutgoingMail.State.WAITING, 0, None)
    assert mail.message_id != before


def test_mail_that_arrived_is_written_once_more(court, clerk):
    access = make_access(make_user(), make_case(court))
    mail = outbox.post(OutgoingMail.Kind.CASE_ADDED, account=access.account, court=court, access=access)
    OutgoingMail.objects.update(state="sent", ended_at=timezone.now(), last_answer="250")
    mail.refresh_from_db()

    mails.send_again(mail=mail, by=clerk)

    assert OutgoingMail.objects.count() == 2


def test_activation_is_sent_again_with_a_fresh_link(approved, clerk):
    OutgoingMail.objects.update(state="failed", ended_at=timezone.now(), last_answer="550 no")

    mails.send_again(mail=OutgoingMail.objects.get(), by=clerk)

    assert Activation.objects.get().round == 2
    assert OutgoingMail.objects.waiting().count() == 1


def test_mail_on_its_way_is_not_sent_again(office, approved):
    mail = OutgoingMail.objects.get()

    office.post(reverse("office_mails:send_again", args=[mail.pk]), follow=True)

    assert OutgoingMail.objects.count() == 1
    with pytest.raises(mails.NotAgain):
        mails.send_again(mail=mail, by=make_clerk(mail.court))


def test_preview_shows_the_mail_without_its_secret(office, approved):
    mail = OutgoingMail.objects.get()

    preview = office.get(reverse("office_mails:inspect", args=[mail.pk])).context["preview"]

    assert "/activate/…" in preview["text"]
    assert approved.account.activation.public_id.hex not in preview["text"]


def test_failed_mail_leaves_the_first_page_when_a_later_one_went_out(office, approved):
    OutgoingMail.objects.update(state="failed", ended_at=timezone.now(), last_answer="550 no")
    home = reverse("wagtailadmin_home")

    def failed():
        return next(
            p for p in office.get(home).context["panels"] if getattr(p, "name", "") == "mails"
        ).get_rows()

    assert failed().count() == 1
    office.post(reverse("office_activations:unlock", args=[Activation.objects.get().pk]))
    assert failed().count() == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a@gmial.com", "a@gmail.com"),
        ("a@gmail.con", "a@gmail.com"),
        ("a@GMAI.com", "a@gmail.com"),
        ("a@yaho.com.tw", "a@yahoo.com.tw"),
        ("a@hotmial.com", "a@hotmail.com"),
        ("a@gmail.com", None),
        ("a@ymail.com", None),
        ("a@ms12.hinet.net", None),
        ("a@judicial.gov.tw", None),
        ("a@ntu.edu.tw", None),
        ("", None),
    ],
)
def test_slips_in_an_address_are_noticed(typed, meant):
    assert likely_address(typed) == meant


def test_slip_is_shown_before_the_decision(office, court):
    application = make_application(court, email="wang@gmial.com")

    page = office.get(reverse("office_applications:inspect", args=[application.pk])).content.decode()

    assert "wang@gmail.com" in page
    assert account_activation.find_by_address("wang@gmail.com") is None
