"""What the public sees of how the service keeps its promises: figures by month, court and quarter; small numbers are hidden."""

import csv
import datetime as dt
import io

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone, translation

from cpor_cases.models import ClarityCounter, CourtDelay, SendingDay, ServiceSpan, TimeToKnow
from cpor_cases.models.times_to_know import LIMITS
from cpor_cases.views import record, record_figures
from cpor_core import signals
from tests import factories

pytestmark = pytest.mark.django_db

MONTH = relativedelta(months=1)


@pytest.fixture
def this_month():
    return timezone.localdate().replace(day=1)


def knew(court, month, *, within: dict, kind="progress") -> None:
    """Store how many people knew within each limit; "never": of who has not been told."""
    groups = [within.get(limit, 0) for limit in (*LIMITS, "never")]
    TimeToKnow.objects.create(month=month, kind=kind, court=court, counts=groups)


def figures(language="zh-hant") -> str:
    with translation.override(language):
        return record.tell_record(None)["figures"]


def test_all_kinds_of_mail_and_all_courts_are_added_up(court, other_court, this_month):
    knew(court, this_month - MONTH, within={0.1: 97})
    knew(other_court, this_month - MONTH, within={7: 2})
    knew(None, this_month - MONTH, within={"never": 1}, kind="password_reset")

    month = record_figures.read().months[0]

    assert month.promise.share_in_words == "99.0%"
    assert month.promise.half_in_words == "0.1 秒"
    assert month.promise.nearly_all_in_words == "7 秒"


def test_nearly_all_are_not_all(court, this_month):
    knew(court, this_month, within={0.1: 9999, 60: 1})

    assert record_figures.read().months[0].promise.share_in_words == "99.9%"


def test_what_99_of_100_never_were_told_is_said(court, this_month):
    knew(court, this_month, within={0.1: 90, "never": 10})

    assert "未全數通知" in figures()
    assert "not all were told" in figures("en")


@pytest.mark.parametrize(("count", "is_shown"), [(9, False), (10, True)])
def test_few_mails_of_a_court_or_month_show_no_share(court, this_month, count, is_shown):
    knew(court, this_month - MONTH, within={0.1: count})

    found = record_figures.read()

    assert found.months[0].promise.is_shown is found.courts[0].promise.is_shown is is_shown
    assert ("100.0%" in figures()) is is_shown
    assert ("信件太少" in figures()) is not is_shown


def test_twelve_months_and_the_present_one_are_shown_the_newest_first(court, this_month):
    for number in range(15):
        knew(court, this_month - number * MONTH, within={0.1: 10})

    months = record_figures.read().months

    assert [month.day for month in months] == [this_month - number * MONTH for number in range(13)]
    assert [month.is_over for month in months] == [False, *[True] * 12]


def test_closed_minutes_are_those_between_two_spans(this_month):
    first = timezone.make_aware(dt.datetime.combine(this_month - MONTH, dt.time(9)))
    minutes = [(0, 60), (90, 100)]
    for began, ended in minutes:
        ServiceSpan.objects.create(
            began_at=first + dt.timedelta(minutes=began), ended_at=first + dt.timedelta(minutes=ended)
        )

    months = record_figures.read().months

    assert {month.day: month.closed_minutes for month in months} == {this_month: 0, this_month - MONTH: 30}
    assert "30 minutes" in figures("en")


def test_courts_data_on_time_is_added_up_and_few_sendings_are_hidden(court, other_court, this_month):
    last = this_month - MONTH
    for number in range(10):
        day = last + dt.timedelta(days=number)
        SendingDay.objects.create(court=court, day=day, expected=2, on_time=1 if number == 0 else 2)
    SendingDay.objects.create(court=other_court, day=last, expected=5, on_time=5)
    knew(court, last, within={0.1: 10})

    found = record_figures.read()

    assert found.months[0].on_time == (25, 24)
    assert {each.court: each.on_time.in_words for each in found.courts} == {court: "95.0%", other_court: "–"}
    assert "96.0%" in figures()


def test_what_readers_answered_stands_beside_it(this_month):
    kind = factories.make_kind()
    quarter = (this_month - 3 * MONTH).replace(month=((this_month - 3 * MONTH).month - 1) // 3 * 3 + 1)
    facts = {"quarter": quarter, "kind": kind, "language": "zh-hant", "place": "mail"}
    ClarityCounter.objects.create(question="happened", yes=9, no=1, **facts)

    assert "是 90%" in figures()


def test_a_new_service_says_when_its_figures_come():
    assert "明天起可在此看到數字" in figures()
    assert "stand here tomorrow" in figures("en")


def test_the_queries_do_not_grow_with_months_courts_and_closings(
    court, other_court, this_month, django_assert_num_queries
):
    for number in range(12):
        for each in (court, other_court):
            knew(each, this_month - number * MONTH, within={0.1: 10})
        now = timezone.now() - dt.timedelta(days=number)
        ServiceSpan.objects.create(began_at=now - dt.timedelta(hours=1), ended_at=now)

    with django_assert_num_queries(8):
        record_figures.read()


def read_file(client, path="/record/figures.csv"):
    answer = client.get(path)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_the_figures_and_hides_the_same(client, court, other_court, this_month):
    knew(court, this_month - MONTH, within={0.1: 97, 10: 1, "never": 2})
    knew(other_court, this_month - MONTH, within={0.1: 9})

    rows = read_file(client, "/en/record/figures.csv")

    values = {(row[1], row[2]): row[3] for row in rows[1:]}
    months = {
        name: value for (of, name), value in values.items() if of.startswith(f"{this_month - MONTH:%B}")
    }
    assert months["99 of 100 told within (seconds)"] == ""
    courts = {of: value for (of, name), value in values.items() if "Court" in of and name.startswith("Told")}
    assert sorted(courts.values()) == ["", "98.0"]


def test_no_name_in_the_file_is_a_formula(client, this_month):
    knew(factories.make_court("XXX", name_zh="=1+1", name_en="=1+1"), this_month - MONTH, within={0.1: 10})

    assert not [cell for row in read_file(client) for cell in row if cell.startswith("=")]


def test_without_public_statistics_there_is_neither(client, settings):
    settings.CPOR = settings.CPOR | {"HAS_PUBLIC_STATISTICS": False}

    assert client.get("/record/figures.csv").status_code == 404
    assert record.tell_record(None) is None


def test_the_public_page_asks_by_a_signal(court, this_month):
    knew(court, this_month, within={0.1: 10})

    told = [found for _receiver, found in signals.record_asked.send(None)]

    assert [found["url"] for found in told] == ["/record/figures.csv"]


def test_a_court_whose_data_is_late_now_is_said_to_be_until_it_comes(court, other_court, this_month):
    delay = factories.make_delay(court)
    knew(other_court, this_month - MONTH, within={0.1: 10})

    late = {each.court: each.late_since for each in record_figures.read().courts}

    assert late == {court: delay.usual_at, other_court: None}
    assert figures("en").count("has not come yet") == 1
    CourtDelay.objects.update(ended_at=timezone.now(), end="data")
    assert "has not come yet" not in figures("en")


def test_on_the_first_day_a_late_court_is_shown_without_a_month(court):
    factories.make_delay(court)

    assert "Taiwan Taipei District Court" in figures("en")


def test_a_late_court_is_in_the_file_too(client, court):
    factories.make_delay(court)

    rows = list(csv.reader(io.StringIO(client.get("/en/record/figures.csv").content.decode("utf-8-sig"))))

    assert [row[1] for row in rows if "late" in row[0]] == [str(court)]
