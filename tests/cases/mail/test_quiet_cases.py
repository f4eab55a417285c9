"""Where a court wishes it, people are told once that nothing has been recorded for long, and that this is usual."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from cpor_cases.actions import courts, mail_preferences, quiet_cases
from cpor_cases.mail import delivery
from cpor_cases.models import Case, CaseAccess, Litigant, Occasion, OutgoingMail
from cpor_cases.office.mails.views import preview_of
from cpor_core.models import Court, QuietPeriod
from tests import factories

pytestmark = pytest.mark.django_db
WEEKS = 8


@pytest.fixture
def court(court):
    Court.objects.filter(pk=court.pk).update(tells_when_quiet=True)
    QuietPeriod.objects.create(category="civil", weeks=WEEKS)
    return Court.objects.get(pk=court.pk)


def ago(**time) -> dt.datetime:
    return timezone.now() - dt.timedelta(**time)


@pytest.fixture
def quiet(court, litigant):
    """Return how to make a case in which so many days ago something was recorded for the last time."""

    def quiet(days=WEEKS * 7, *, person=litigant, kind="judgment", **over):
        case = factories.make_case(court, **over)
        moment = ago(days=days)
        factories.make_entry(case, kind, recorded_at=moment, first_seen_at=moment)
        return factories.make_access(person, case, granted_at=ago(days=400))

    return quiet


def told() -> list:
    quiet_cases.tell()
    mail.outbox.clear()
    delivery.deliver.call_local()
    return mail.outbox


WORDS = {
    "zh-hant": """您的案件一段時間沒有新的進行事項

* {case}
  已有 8 週沒有新的進行事項。

這在本階段屬常見情形，您仍可繼續查詢本案。
您無須因本信辦理任何事項。法院一有新的進行事項，本服務會依您的設定寄信通知。
""",
    "en": """Nothing has been recorded in your case for some time

* {case}
  Nothing has been recorded for 8 weeks.

That is usual at this stage; you still follow this case.
You do not need to do anything because of this email. As soon as the court records something, we email you as you have chosen.
""",
}


@pytest.mark.parametrize("language", WORDS)
def test_what_it_says_word_by_word(quiet, court, language):
    person = factories.make_user(language=language)
    right = quiet(person=person)

    [message] = told()

    name = court.name_texts[language]
    assert message.body.startswith(WORDS[language].format(case=f"{name} {right.case.full_number}"))
    assert message.subject == WORDS[language].splitlines()[0]
    html = " ".join(message.alternatives[0].content.split())
    for line in WORDS[language].splitlines()[3:]:
        assert line.strip() in html
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(("days", "mails"), [(WEEKS * 7 - 1, 0), (WEEKS * 7, 1), (WEEKS * 70, 1)])
def test_it_comes_after_so_many_weeks_and_once(quiet, days, mails):
    quiet(days)

    assert len(told()) == mails
    assert told() == []


def test_something_new_begins_another_quiet_time(quiet):
    right = quiet(WEEKS * 7 * 3)
    assert len(told()) == 1
    moment = ago(weeks=WEEKS)
    factories.make_entry(right.case, recorded_at=moment, first_seen_at=moment)

    assert len(told()) == 1
    assert Occasion.objects.count() == 2


@pytest.mark.parametrize("change", ["corrected_at", "withdrawn_at"])
def test_a_correction_or_a_withdrawal_is_news_too(quiet, change):
    right = quiet(WEEKS * 7 * 3)
    right.case.entries.update(**{change: ago(days=1)})

    assert told() == []


def test_who_got_access_lately_is_not_told_yet(quiet):
    quiet(WEEKS * 7 * 3)
    CaseAccess.objects.update(granted_at=ago(days=3))

    assert told() == []


def test_a_stage_has_its_own_time_and_the_others_that_of_the_category(quiet):
    QuietPeriod.objects.create(category="civil", stage="stay", weeks=26)
    factories.make_kind("stayed", stage="stay")
    quiet(kind="stayed")
    other = quiet()

    quiet_cases.tell()

    assert Occasion.objects.get().access == other


def test_a_category_without_a_time_is_not_told(quiet):
    quiet(category="criminal")

    assert told() == []


def test_off_unless_the_court_wishes_it(quiet, court):
    quiet()
    Court.objects.update(tells_when_quiet=False)

    assert told() == []
    assert Court().tells_when_quiet is False


def test_the_courts_manager_switches_it_on(court):
    Court.objects.update(tells_when_quiet=False)
    manager = factories.make_clerk(court, group="Court managers")

    assert courts.change_settings(court=court, by=manager, tells_when_quiet=True) == ["tells_when_quiet"]

    assert Court.objects.get(pk=court.pk).tells_when_quiet


@pytest.mark.parametrize("closed_days_ago", [3, 100])
def test_a_case_that_is_closed_or_ended_is_not_told_of(quiet, closed_days_ago):
    quiet(closed_on=timezone.localdate() - dt.timedelta(days=closed_days_ago))

    assert told() == []


def test_a_case_with_a_hearing_to_come_is_not_quiet(quiet):
    right = quiet()
    moment = ago(weeks=WEEKS + 1)
    at = timezone.now() + dt.timedelta(days=40)
    factories.make_entry(right.case, "hearing_set", hearing_at=at, recorded_at=moment, first_seen_at=moment)

    assert told() == []


@pytest.mark.parametrize("what", ["an entry", "the end", "the switch"])
def test_what_happens_before_the_mail_leaves_makes_it_void(quiet, what):
    right = quiet()
    quiet_cases.tell()
    if what == "an entry":
        factories.make_entry(right.case)
    elif what == "the end":
        Case.objects.update(closed_on=timezone.localdate())
    else:
        Court.objects.update(tells_when_quiet=False)

    delivery.deliver.call_local()

    assert mail.outbox == []
    assert OutgoingMail.objects.get().state == OutgoingMail.State.DROPPED


def test_several_quiet_cases_are_one_mail(quiet, django_assert_max_num_queries):
    rights = [quiet() for _ in range(4)]

    with django_assert_max_num_queries(20):
        quiet_cases.tell()
    [message] = told()

    assert message.subject == "您的數件案件一段時間沒有新的進行事項"
    assert all(str(right.case.full_number) in message.body for right in rights)


def test_many_are_gone_through_in_batches(quiet, monkeypatch):
    monkeypatch.setattr(quiet_cases, "ACCESSES_AT_ONCE", 2)
    for _ in range(5):
        quiet(person=factories.make_user())

    assert quiet_cases.tell() == 5
    assert quiet_cases.tell() == 0


def test_who_has_no_reminders_or_has_switched_it_off_gets_none(quiet, litigant, other_litigant):
    quiet()
    quiet(person=other_litigant)
    CaseAccess.objects.filter(account=litigant).update(reminders=False)
    Litigant.objects.store(other_litigant, switched_off=["quiet_case"])

    assert told() == []


def test_the_link_of_the_mail_stops_it(quiet):
    right = quiet()
    told()

    assert mail_preferences.stop_for_case(right)
    right.case.entries.update(corrected_at=ago(weeks=WEEKS))
    quiet_cases.tell()

    assert Occasion.objects.count() == 1


def test_a_clerk_can_read_it(quiet):
    right = quiet()
    quiet_cases.tell()

    assert str(right.case.full_number) in preview_of(OutgoingMail.objects.get())["text"]
