"""What one person is told at the same moment is one mail, which names all of it."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.utils import timezone

from cpor_cases.accounts.data_export import _cases_told_of
from cpor_cases.actions import access, applications, mails, reminders
from cpor_cases.mail import delivery, rendering
from cpor_cases.models import Case, CaseAccess, Occasion, OutgoingMail
from cpor_cases.office.mails.views import case_numbers_of, preview_of
from tests import factories

pytestmark = pytest.mark.django_db
State = OutgoingMail.State


@pytest.fixture(params=["zh-hant", "en"])
def person(request, db):
    return factories.make_user(language=request.param)


def in_days(days: int) -> dt.datetime:
    return timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0) + dt.timedelta(days=days)


def add_hearing(person, court, days=7):
    right = factories.make_access(person, factories.make_case(court))
    factories.make_entry(right.case, hearing_at=in_days(days))
    return right


def sent() -> list:
    mail.outbox.clear()
    delivery.deliver.call_local()
    return mail.outbox


def body_of(message) -> str:
    return message.body.partition("\n--\n")[0]


def test_five_hearings_of_one_day_are_one_mail_that_lists_them(person, court):
    rights = [add_hearing(person, court) for _ in range(5)]
    reminders.remind()

    [message] = sent()

    heading, intro = {
        "zh-hant": ("您的案件庭期將至", "7 天後，下列案件有庭期："),
        "en": ("Hearings in your cases are near", "In 7 days there are hearings in:"),
    }[person.litigant.language]
    assert message.subject == heading
    assert body_of(message).startswith(f"{heading}\n\n{intro}\n\n* ")
    assert body_of(message).count("* ") == 5
    for right in rights:
        assert str(right.case.full_number) in message.body
        assert f"/cases/{right.case.public_id}/" in message.body
        assert f"/cases/{right.case.public_id}/" in message.alternatives[0].content


def test_what_is_near_on_several_days_is_one_mail_by_day(person, court):
    add_hearing(person, court, days=7)
    add_hearing(person, court, days=1)
    reminders.remind()

    [message] = sent()

    tomorrow, in_a_week = {
        "zh-hant": ("明天，下列案件有庭期：", "7 天後，下列案件有庭期："),
        "en": ("Tomorrow there is a hearing in:", "In 7 days there is a hearing in:"),
    }[person.litigant.language]
    assert message.body.index(tomorrow) < message.body.index(in_a_week)


def test_a_hearing_in_a_case_that_the_person_has_left_is_left_out(person, court, mailoutbox):
    stays, goes = add_hearing(person, court), add_hearing(person, court)
    reminders.remind()
    access.revoke(access=goes, by=factories.make_clerk(court))

    [message] = sent()

    assert str(stays.case.full_number) in message.body
    assert str(goes.case.full_number) not in message.body


def test_the_mail_about_one_case_stops_that_and_the_joint_one_all(person, court):
    first = add_hearing(person, court)
    reminders.remind()
    [alone] = sent()
    add_hearing(person, court, days=1)
    add_hearing(person, court, days=1)
    reminders.remind()
    [joint] = sent()

    stop_one = {"zh-hant": "停止這個案件的通知信", "en": "Stop the emails about this case"}
    stop_all = {"zh-hant": "停止所有案件的通知信", "en": "Stop the emails about all my cases"}
    assert stop_one[person.litigant.language] in alone.body
    assert stop_all[person.litigant.language] in joint.body
    assert str(first.case.public_id) in alone.body


def test_last_days_of_several_cases_are_one_mail(person, court):
    day = timezone.localdate() + dt.timedelta(days=10)
    closed_on = next(
        each
        for each in (day - dt.timedelta(days=days) for days in range(70, 50, -1))
        if Case(closed_on=each).last_query_day == day
    )
    cases = [factories.make_case(court, closed_on=closed_on) for _ in range(2)]
    for case in cases:
        factories.make_access(person, case)
    reminders.remind()

    [message] = sent()

    language = person.litigant.language
    roc = f"{day.year - 1911}"
    last_day = {
        "zh-hant": f"最後查詢日：民國 {roc} 年 {day.month} 月 {day.day} 日（{day.isoformat()}）",
        "en": f"Last day you can view the case: {day.day} ",
    }[language]
    assert (
        message.subject
        == {
            "zh-hant": "數件案件的線上查詢期限將屆",
            "en": "Cases can soon no longer be viewed online",
        }[language]
    )
    left = {"zh-hant": "還有 10 天", "en": "10 days left"}[language]
    assert message.body.count(left) == message.body.count(last_day) == 2
    assert message.alternatives[0].content.count(left) == 2


def test_a_second_worker_at_the_same_moment_adds_nothing(person, court):
    add_hearing(person, court)
    reminders.remind()
    due = Occasion.objects.get()

    Occasion.objects.all().delete()
    reminders.remind()
    reminders.remind()

    assert Occasion.objects.get().what == due.what
    assert len(sent()) == 1


def test_hearings_of_two_courts_are_one_mail_that_no_court_reads(person, court, other_court):
    add_hearing(person, court)
    add_hearing(person, other_court)
    reminders.remind()

    posted = OutgoingMail.objects.get()

    assert posted.court is None
    assert not OutgoingMail.objects.for_clerk(factories.make_clerk(court)).exists()


def test_the_office_names_the_cases_of_its_own_joint_mail(person, court):
    rights = [add_hearing(person, court) for _ in range(3)]
    reminders.remind()

    posted = OutgoingMail.objects.for_clerk(factories.make_clerk(court)).get()

    with_more = case_numbers_of(posted)
    assert str(rights[0].case.full_number) in with_more
    assert "2" in with_more.removeprefix(str(rights[0].case.full_number))
    assert str(rights[2].case.full_number) in preview_of(posted)["text"]
    assert OutgoingMail.objects.about_case(rights[1].case).get() == posted


def test_own_mails_and_the_download_name_the_cases_of_a_joint_mail(client, person, court):
    rights = [add_hearing(person, court) for _ in range(2)]
    reminders.remind()
    client.force_login(person)

    page = client.get("/cases/mails/").content.decode()
    numbers = {right.case_id: str(right.case) for right in rights}
    told = _cases_told_of(person, numbers)

    assert all(str(right.case.public_id) in page for right in rights)
    assert sorted(told["mail", OutgoingMail.objects.get().pk]) == sorted(numbers.values())


def test_a_merged_case_is_not_recalled_twice_in_one_mail(person, court):
    right, other = add_hearing(person, court), add_hearing(person, court)
    reminders.remind()
    CaseAccess.objects.filter(pk=other.pk).update(ended_at=timezone.now(), end_reason="merged")
    Occasion.objects.filter(access=other).delete()

    message = rendering.render(OutgoingMail.objects.get())

    assert str(right.case.full_number) in message.body
    assert body_of(message).count("* ") == 1


def approve(court, clerk=None):
    paper = factories.make_application(court, by=clerk or factories.make_clerk(court))
    return applications.approve(application=paper, by=paper.recorded_by)


@pytest.fixture
def active(person):
    """Somebody who follows no case yet, with an account under the name on the papers."""
    person.email = "wang@example.com"
    person.save()
    return person


def add_case(court):
    paper = factories.make_application(court, email="wang@example.com")
    return applications.approve(application=paper, by=paper.recorded_by, same_person=True)


def test_approvals_of_one_court_are_one_mail_that_lists_them(active, court):
    rights = [add_case(court) for _ in range(3)]

    [message] = sent()

    subject, intro = {
        "zh-hant": ("已新增數件可線上查詢的案件", f"{court}已核准您查詢下列案件進度的聲請："),
        "en": ("More cases can be followed online", "has approved your applications to follow these cases:"),
    }[active.litigant.language]
    assert message.subject == subject
    assert intro in message.body
    for right in rights:
        assert str(right.case.full_number) in message.body
        assert f"/cases/{right.case.public_id}/" in message.body
        assert f"/cases/{right.case.public_id}/" in message.alternatives[0].content


def test_the_first_of_a_day_leaves_at_once_and_the_others_together_in_the_evening(active, court):
    first = add_case(court)
    [message] = sent()
    assert str(first.case.full_number) in message.body

    later = [add_case(court) for _ in range(2)]
    assert sent() == []

    waiting = OutgoingMail.objects.get(state=State.WAITING)
    assert timezone.localtime(waiting.not_before).hour == 18
    OutgoingMail.objects.filter(pk=waiting.pk).update(next_attempt_at=timezone.now())
    [message] = sent()
    assert str(first.case.full_number) not in message.body
    assert all(str(right.case.full_number) in message.body for right in later)


def test_a_mail_that_a_worker_has_taken_is_not_added_to(active, court):
    add_case(court)
    OutgoingMail.objects.update(lease=uuid.uuid4(), leased_until=timezone.now() + dt.timedelta(minutes=1))

    add_case(court)

    assert [mail.occasions.count() for mail in OutgoingMail.objects.order_by("pk")] == [1, 1]


def test_each_court_mails_its_own_approvals(active, court, other_court):
    add_case(court)
    add_case(other_court)

    assert len(sent()) == 2


def test_a_case_whose_applicant_has_another_address_since_is_not_told_to_the_former(active, court):
    stays, goes = add_case(court), add_case(court)
    other = factories.make_user()
    CaseAccess.objects.filter(pk=goes.pk).update(account=other)

    [message] = sent()

    assert str(stays.case.full_number) in message.body
    assert str(goes.case.full_number) not in message.body


def test_sent_again_it_lists_them_all(active, court, clerk):
    rights = [add_case(court) for _ in range(2)]
    sent()

    mails.send_again(mail=OutgoingMail.objects.get(), by=clerk)

    [message] = sent()
    assert all(str(right.case.full_number) in message.body for right in rights)
    for right in rights:
        assert OutgoingMail.objects.about_case(right.case).count() == 2


def activation_mails():
    return OutgoingMail.objects.filter(kind="activation").order_by("pk")


def test_approvals_of_one_court_and_day_are_one_activation_mail(court):
    approve(court)
    assert len(sent()) == 1

    approve(court)
    approve(court)

    assert sent() == []
    assert activation_mails().count() == 1


def test_an_approval_of_another_day_brings_the_link_again(court):
    granted = approve(court)
    sent()
    activation_mails().update(created_at=timezone.now() - dt.timedelta(hours=25))
    before = granted.account.activation.link_expires_at

    approve(court)

    granted.account.activation.refresh_from_db()
    assert activation_mails().count() == 2
    assert granted.account.activation.link_expires_at > before


@pytest.mark.parametrize("state", [State.FAILED, State.STOPPED, State.DROPPED])
def test_a_mail_that_did_not_arrive_does_not_count(court, state):
    approve(court)
    sent()
    ended = None if state == State.STOPPED else timezone.now()
    activation_mails().update(state=state, ended_at=ended)

    approve(court)

    assert activation_mails().count() == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hant", "{first}、{second}已核准填寫此電子郵件信箱的案件進度線上查詢聲請。"),
        (
            "en",
            "These courts have approved applications to follow cases online that gave this email address: "
            "{first}, {second}.",
        ),
    ],
)
def test_the_mail_of_another_court_names_both_and_neither_case_nor_person(
    court, other_court, language, words
):
    granted = approve(court)
    sent()
    granted.account.litigant.language = language
    granted.account.litigant.save()

    second = approve(other_court)
    [message] = sent()

    names = [other_court.name, court.name]
    if language == "en":
        names = [other_court.name_texts["en"], court.name_texts["en"]]
    assert words.format(first=names[0], second=names[1]) in message.body
    for content in (message.subject, message.body, message.alternatives[0].content):
        assert "王大明" not in content
        assert str(granted.case.full_number) not in content
        assert str(second.case.full_number) not in content


def test_a_clerk_reads_in_it_only_of_the_own_court(court, other_court):
    approve(court)
    approve(other_court)

    second = activation_mails().last()
    text = preview_of(second)["text"]

    assert other_court.name in text
    assert court.name not in text
