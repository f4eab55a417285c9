"""The list of a person with many cases: what is new, the next hearings, search, own names and notes."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import access
from cpor_cases.models import (
    Announcement,
    Case,
    CaseAccess,
    CourtLogEntry,
    OutgoingMail,
    ProgressEntry,
    SavedSearch,
)
from tests import factories

pytestmark = pytest.mark.django_db

CASES = reverse("cpor_cases:cases")


def page_of(case):
    return reverse("cpor_cases:case", args=[case.public_id])


def in_days(days: int) -> dt.datetime:
    return timezone.localtime().replace(hour=9, minute=30) + dt.timedelta(days=days)


@pytest.fixture
def own(litigant, court, client):
    """Make a case that the litigant may see."""
    client.force_login(litigant)

    def make(number=None, *, own_name="", note="", court=court, **over):
        case = factories.make_case(court, **over | ({"number": number} if number else {}))
        return factories.make_access(litigant, case, own_name=own_name, note=note)

    return make


def found(client, **asked):
    return [right.case.number for right in client.get(CASES, asked, follow=True).context["accesses"]]


def test_what_came_since_the_last_visit_stands_first_and_stays_until_it_is_opened(client, own):
    quiet, lively = own(11), own(22)
    factories.make_entry(lively.case)

    first = client.get(CASES)
    again = client.get(CASES)
    client.get(page_of(lively.case))
    opened = client.get(CASES)

    assert [[right.pk for right in page.context["news"]] for page in (first, again, opened)] == [
        [lively.pk],
        [lively.pk],
        [],
    ]
    assert quiet.pk not in [right.pk for right in first.context["news"]]


def test_a_corrected_and_a_withdrawn_entry_are_news_too(client, own):
    for change in ("corrected_at", "withdrawn_at"):
        right = own()
        before = timezone.now() - dt.timedelta(days=3)
        CaseAccess.objects.filter(pk=right.pk).update(granted_at=before, last_seen_at=before)
        old = before - dt.timedelta(days=1)
        factories.make_entry(right.case, first_seen_at=old, **{change: timezone.now()})

    assert len(client.get(CASES).context["news"]) == 2


def test_everything_is_marked_as_seen_but_not_what_came_after_the_page(client, own):
    seen, unseen = own(), own()
    factories.make_entry(seen.case)
    shown_at = timezone.now()
    factories.make_entry(unseen.case)

    client.post(reverse("cpor_cases:seen"), {"until": shown_at.isoformat()})

    assert [right.pk for right in client.get(CASES).context["news"]] == [unseen.pk]


@pytest.mark.parametrize("until", ["", "yesterday", "2026-13-01T00:00", "2026-11-01T00:00"])
def test_a_malformed_time_marks_nothing_as_seen(client, own, until):
    right = own()

    assert client.post(reverse("cpor_cases:seen"), {"until": until}).status_code == 302

    right.refresh_from_db()
    assert right.last_seen_at is None


def test_above_a_long_list_the_next_hearings_come_in_the_order_of_their_days(client, own):
    late, soon, none, latest, later = (own() for _each in range(5))
    for right, days in ((late, 20), (soon, 2), (none, -2), (latest, 40), (later, 30)):
        factories.make_entry(right.case, hearing_at=in_days(days))

    page = client.get(CASES)

    assert [right.pk for right in page.context["hearings"]] == [soon.pk, late.pk, later.pk]
    in_order = [soon, late, later, latest, none]
    assert found(client, order="hearing") == [right.case.number for right in in_order]
    assert client.get(CASES, {"order": "hearing"}).context["hearings"] == []


@pytest.mark.parametrize("cases", [4, 21])
@pytest.mark.parametrize("change", ["cancelled", "moved", "withdrawn", "unclear"])
def test_a_hearing_that_was_changed_comes_before_all_others(client, own, cases, change):
    rights = [own() for _each in range(cases)]
    factories.make_entry(rights[-1].case, hearing_at=in_days(1))
    right, day = rights[0], in_days(9)
    withdrawn = {"withdrawn_at": timezone.now()} if change == "withdrawn" else {}
    entry = {"recorded_at": in_days(-3), "first_seen_at": in_days(-3)}
    factories.make_entry(right.case, "hearing_set", hearing_at=day, **entry, **withdrawn)
    if change == "unclear":
        factories.make_entry(right.case, "hearing_set", hearing_at=in_days(12), **entry)
    if change in {"cancelled", "unclear"}:
        factories.make_entry(right.case, "hearing_cancelled")
    if change == "moved":
        factories.make_entry(right.case, "hearing_changed", hearing_at=in_days(14))

    page = client.get(CASES)

    assert [each.pk for each in page.context["hearings"]] == [right.pk, rights[-1].pk]
    line = BeautifulSoup(page.content, "html.parser").select_one(".case-first .hearing")
    assert line.text.startswith("改期" if change == "moved" else "取消庭期")
    assert f"{day:%Y-%m-%d}" in (line if change == "unclear" else line.select_one("del")).text


@pytest.mark.parametrize("cases", [1, 4])
@pytest.mark.parametrize("names_the_date", [True, False])
def test_a_cancelled_hearing_is_no_hearing(client, own, cases, names_the_date):
    right, day = [own() for _each in range(cases)][0], in_days(5)
    factories.make_entry(right.case, "hearing_set", hearing_at=day, recorded_at=in_days(-3))
    factories.make_entry(right.case, "hearing_cancelled", hearing_at=day if names_the_date else None)

    page = BeautifulSoup(client.get(CASES).content, "html.parser")

    told = page.select("main .hearing")
    assert told
    for line in told:
        line.select_one("del").extract()
        assert line.text.startswith("取消庭期")
        assert f"{day:%Y-%m-%d}" not in line.text


@pytest.mark.parametrize("cases", [1, 4])
def test_of_a_moved_hearing_the_new_date_counts(client, own, cases):
    right = [own() for _each in range(cases)][0]
    factories.make_entry(right.case, "hearing_set", hearing_at=in_days(5), recorded_at=in_days(-3))
    factories.make_entry(right.case, "hearing_changed", hearing_at=in_days(9))

    page = BeautifulSoup(client.get(CASES).content, "html.parser")

    for line in page.select("main .hearing"):
        assert line.text.startswith("改期")
        assert f"{in_days(9):%Y-%m-%d}" in line.select_one("strong.hearing__now").text


@pytest.mark.parametrize("cases", [1, 4])
def test_a_cancellation_without_a_date_leaves_several_hearings_and_says_so(client, own, cases):
    right, days = [own() for _each in range(cases)][0], [in_days(5), in_days(9)]
    for day in days:
        factories.make_entry(right.case, "hearing_set", hearing_at=day, recorded_at=in_days(-3))
    factories.make_entry(right.case, "hearing_cancelled")

    text = BeautifulSoup(client.get(CASES).content, "html.parser").select_one("main .hearing").text

    assert "取消庭期" in text
    assert "請向法院確認" in text
    assert all(f"{day:%H:%M}" in text for day in days)


def test_a_hearing_that_stands_is_told_once_in_its_case(client, own):
    right = own()
    factories.make_entry(right.case, "hearing_set", hearing_at=in_days(5), courtroom="第 12 法庭")

    card = BeautifulSoup(client.get(CASES).content, "html.parser").select_one(".case-card")

    assert [line.parent["class"] for line in card.select(".hearing")] == [["case-hearings"]]
    assert card.text.count(f"{in_days(5):%Y-%m-%d}") == card.text.count("第 12 法庭") == 1


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("115年度訴字第123號", [123]),
        ("115訴123", [123]),
        ("１１５訴１２３", [123]),
        ("123", [1234, 123]),
        ("114", [77]),
        ("114訴", [77]),
        ("訴12", [1234, 123]),
        ("簡", [5]),
        ("房東", [77]),
        ("押金", [5]),
        ("臺北 房東", [77]),
        ("沒有這一件", []),
        ("%_'\"", []),
    ],
)
def test_search_finds_by_number_name_and_note(client, own, typed, numbers):
    for number, facts in {
        123: {},
        1234: {},
        77: {"year": 114, "own_name": "房東案"},
        5: {"word": "簡", "note": "記得帶押金收據"},
    }.items():
        own(number, **facts)

    assert found(client, q=typed) == numbers


def test_search_finds_by_court_and_cause(client, own, other_court):
    own(1, cause="返還借款")
    own(2, court=other_court)

    assert found(client, q="士林") == [2]
    assert found(client, q="借款") == [1]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("台北", [2, 1]),
        ("台北地院", [2, 1]),
        ("臺北地方法院", [2, 1]),
        ("台灣台北地方法院", [2, 1]),
        ("Taipei", [2, 1]),
        ("士林地院", [4, 3]),
        ("房東（台北）", [1]),
        ("房東(臺北)", [1]),
        ("房東 台北", [1]),
        ("押金　收據", [2]),
        ("瓦歷斯·諾幹", [2]),
        ("返還借款", [3]),
        ("台北地院115年度訴字第2號", [2]),
        ("臺上", [4]),
        ("115臺上4", [4]),
        ("字", []),
        ("-", []),
        ("房東 -", [1]),
    ],
)
def test_search_finds_in_any_spelling(client, own, other_court, typed, numbers):
    own(1, own_name="房東（台北）")
    own(2, note="瓦歷斯‧諾幹：押金，收據")
    own(3, court=other_court, cause="返還　借款")
    own(4, court=other_court, word="台上")

    assert found(client, q=typed) == numbers


def test_filters_narrow_down_and_what_is_not_understood_is_left_out(client, own, other_court):
    own(1)
    own(2, court=other_court, category="family", closed_on=timezone.localdate())
    factories.make_entry(own(3).case)

    assert found(client, court="SLD") == [2]
    assert found(client, category="family") == [2]
    assert found(client, state="ending") == [2]
    assert found(client, state="open") == [3, 1]
    assert found(client, state="news") == [3]
    assert found(client, category="nonsense", state="'", order="x") == [3, 2, 1]
    assert found(client, q="\x00") == [3, 2, 1]


def test_search_finds_nothing_that_is_not_ones_own(client, own, other_litigant, clerk):
    theirs = factories.make_access(other_litigant, own_name="房東案")
    revoked = own(own_name="房東案")
    access.revoke(access=revoked, by=factories.make_clerk(revoked.case.court))
    own(own_name="房東案", closed_on=dt.date(2020, 1, 1))

    assert found(client, q="房東") == []
    assert found(client, q=str(theirs.case.number)) == []


def test_a_page_holds_twenty_and_the_next_keeps_what_was_asked(client, own):
    for _each in range(21):
        own(own_name="房東案")

    page = client.get(CASES, {"q": "房東", "order": "hearing"}, follow=True)

    assert len(page.context["accesses"]) == 20
    key = SavedSearch.objects.get().key
    assert f"?order=hearing&amp;s={key}&amp;page=2" in page.content.decode()
    assert len(found(client, s=key, order="hearing", page=2)) == 1


@pytest.mark.parametrize(
    ("page", "shown"), [("2", 1), ("999", 1), ("9" * 30, 1), ("-3", 1), ("0", 1), ("x", 20), ("", 20)]
)
def test_a_page_that_is_not_there_is_the_last_and_rubbish_the_first(client, own, page, shown):
    for _each in range(21):
        own()

    assert len(found(client, page=page)) == shown


def test_a_page_too_high_of_no_cases_at_all_is_the_empty_page(client, litigant):
    client.force_login(litigant)

    assert client.get(CASES, {"page": 3}).status_code == 200


@pytest.mark.parametrize("length", [61, 200])
def test_a_long_search_is_searched_for_whole(client, own, length):
    own(1, note="x" * 200)
    own(2, note="x" * 60)

    assert found(client, q="x" * length) == [1]


def test_a_script_is_told_the_key_of_a_search_in_an_address(client, own):
    own(1, own_name="房東")

    answer = client.get(CASES, {"q": "房東"}, headers={"X-Requested-With": "XMLHttpRequest"})

    assert found(client, s=answer.json()["key"]) == [1]


def test_a_search_that_is_too_long_says_so_and_shows_nothing(client, own):
    own(1, note="x" * 300)

    page = client.post(CASES, {"q": "x" * 201}, follow=True)

    assert list(page.context["accesses"]) == []
    assert "最多 200 字" in page.content.decode()
    assert not SavedSearch.objects.exists()


def queries_of(client, path) -> int:
    """How many queries a page takes, once all that is read once per process has been read."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_three_hundred_cases_take_no_more_queries_than_two_pages_of_them(client, litigant, own):
    first = own(1)
    pages = [CASES, page_of(first.case), reverse("cpor_cases:settings"), reverse("cpor_cases:mails")]
    pages.append(f"{pages[-1]}?case={first.case.public_id}")
    follow(litigant, first.case.court, range(2, 22))
    few = [queries_of(client, page) for page in pages]

    follow(litigant, first.case.court, range(22, 301))

    assert litigant.accesses.count() == 300
    assert [queries_of(client, page) for page in pages] == few
    with CaptureQueriesContext(connection) as queries:
        client.get(CASES)
    assert len([query for query in queries if '"cpor_cases_' in query["sql"]]) <= 8


@pytest.fixture
def twenty(client, litigant, own):
    """Twenty cases with three entries each, all new; each sets a hearing."""
    follow(litigant, own(1).case.court, range(2, 22))
    litigant.accesses.get(case__number=1).delete()


@pytest.mark.parametrize("page", [CASES, f"/en{CASES}"])
def test_the_page_of_twenty_cases_is_small(client, litigant, twenty, page):
    ProgressEntry.objects.update(hearing_at=None)
    CaseAccess.objects.update(last_seen_at=timezone.now())

    found = client.get(page)

    assert len(found.context["accesses"]) == 20
    assert len(found.content) <= 30_000


def test_it_is_not_much_larger_where_all_is_new_and_each_entry_sets_a_hearing(client, twenty):
    found = client.get(CASES)

    assert len(found.context["news"]) == 20
    assert len(found.content) <= 46_000


def test_the_page_of_twenty_cases_reads_its_rows_in_few_queries_and_writes_the_log_in_one(client, twenty):
    client.get(CASES)

    with CaptureQueriesContext(connection) as queries:
        client.get(CASES)

    statements = [query["sql"] for query in queries if '"cpor_cases_' in query["sql"]]
    assert len(statements) <= 8
    assert len([each for each in statements if each.startswith("INSERT")]) == 1


def test_a_search_takes_no_more_queries_among_many_cases_or_for_many_words(client, litigant, own):
    first = own(1, own_name="房東（台北）")
    one, many = (
        SavedSearch.objects.keep(text, account=litigant, view="cpor_cases")
        for text in ("台北", "台北 地院 房東 115訴 1")
    )
    follow(litigant, first.case.court, range(2, 22))
    few = queries_of(client, f"{CASES}?s={one}")

    follow(litigant, first.case.court, range(22, 51))

    assert queries_of(client, f"{CASES}?s={one}") == few
    assert queries_of(client, f"{CASES}?s={many}") == few


def follow(account, court, numbers) -> None:
    """Let a person see so many more cases, each with three entries, a hearing, mails and mail choices of its own."""
    known = account.accesses.first()
    cases = Case.objects.bulk_create(
        Case(court=court, category="civil", year=115, word="訴", number=number) for number in numbers
    )
    rights = CaseAccess.objects.bulk_create(
        CaseAccess(account=account, case=case, application_id=known.application_id, mail_preference="none")
        for case in cases
    )
    run, kind = factories.make_run(), factories.make_kind("judgment")
    entries = [
        ProgressEntry(
            case=case,
            court=court,
            entry_id=f"{case.number}-{days}",
            recorded_at=timezone.now(),
            kind=kind,
            hearing_at=in_days(days),
            changed_in=run,
        )
        for case in cases
        for days in (3, 2, 1)
    ]
    ProgressEntry.objects.bulk_create(entries)
    Announcement.objects.bulk_create(Announcement(run=run, access=right) for right in rights)
    mail = {"account": account, "address": account.email, "court": court}
    OutgoingMail.objects.create(kind="progress", run=run, **mail)
    OutgoingMail.objects.bulk_create(
        OutgoingMail(kind="case_added", access=right, **mail) for right in rights
    )


def test_in_a_long_list_the_earlier_entries_of_a_case_are_one_press_away(client, own):
    for right in [own() for _each in range(4)]:
        for days in (1, 2, 3):
            factories.make_entry(right.case, recorded_at=in_days(-days))

    page = BeautifulSoup(client.get(CASES).content, "html.parser")

    rows = page.select(".case-row")
    assert len(rows) == 4
    for row in rows:
        assert len(row.select("details.earlier .timeline li")) == 2
        assert f"{in_days(-1):%Y-%m-%d}" in row.select_one("div + div > p").text


@pytest.mark.parametrize("cases", [1, 2, 3])
def test_up_to_three_cases_are_shown_whole_without_summary_or_choice(client, own, cases):
    for _each in range(cases):
        case = own().case
        for days in (1, 2, 3):
            factories.make_entry(case, recorded_at=in_days(-days), hearing_at=in_days(9))

    page = BeautifulSoup(client.get(CASES).content, "html.parser").main

    assert len(page.select(".case-card")) == cases
    assert len(page.select(".case-card .timeline > li")) == 3 * cases
    assert not page.select("select, details, form[role=search], .case-row, .case-first")
    assert page.h1.find_next_sibling() == page.select_one(".case-card")


def test_more_than_three_are_rows(client, own):
    for _each in range(4):
        own()

    page = BeautifulSoup(client.get(CASES).content, "html.parser").main

    assert len(page.select(".case-row")) == 4
    assert page.select("form[role=search]")
    assert not page.select(".case-card")


def test_what_is_new_in_a_case_is_said_in_words(client, own):
    added, corrected, quiet, _other = (own() for _each in range(4))
    for _each in range(2):
        factories.make_entry(added.case)
    old = timezone.now() - dt.timedelta(days=9)
    CaseAccess.objects.filter(pk=corrected.pk).update(last_seen_at=old)
    for days in (1, 2, 3):
        factories.make_entry(corrected.case, recorded_at=in_days(-days), first_seen_at=old)
    factories.make_entry(
        corrected.case, recorded_at=in_days(-8), first_seen_at=old, corrected_at=timezone.now()
    )

    page = BeautifulSoup(client.get(CASES).content, "html.parser")
    told = {right.pk: page.select_one(f"li:has(#case-{right.pk})") for right in (added, corrected, quiet)}

    assert told[added.pk].select_one(".tag--new").text == "2 筆新進度"
    assert told[corrected.pk].select_one(".tag--new").text == "先前的進行事項已更正或撤銷"
    assert not told[quiet.pk].select(".tag--new")
    assert page.select_one("a[href='?state=news']").text == "2 件有新進度"


def test_the_cases_shown_above_the_list_are_on_record_too(client, own):
    rights = [own() for _each in range(22)]
    for right in rights[1:]:
        factories.make_entry(right.case)
    factories.make_entry(rights[0].case, recorded_at=in_days(-400), hearing_at=in_days(2))

    client.get(CASES)

    assert CourtLogEntry.objects.filter(action="cpor_cases.case.view").count() == 21


def test_own_name_and_note_are_kept_and_shown_to_nobody_else(client, own, other_litigant):
    right = own()
    other = factories.make_access(other_litigant, right.case)

    client.post(page_of(right.case), {"own_name": "老王的房子", "note": "第一行\n第二行"})

    assert "老王的房子" in client.get(CASES).content.decode()
    assert "第二行" in client.get(page_of(right.case)).content.decode()
    client.force_login(other_litigant)
    assert "老王的房子" not in client.get(page_of(other.case)).content.decode()


def test_a_note_that_is_too_long_is_not_lost(client, own):
    right = own()

    page = client.post(page_of(right.case), {"own_name": "房東案", "note": "長" * 2001})

    assert page.status_code == 200
    assert "長" * 2001 in page.content.decode()
    assert 'value="房東案"' in page.content.decode()
    right.refresh_from_db()
    assert right.note == ""


def test_nobody_writes_a_note_on_a_case_not_theirs(client, own, other_litigant):
    own()
    theirs = factories.make_access(other_litigant)

    assert client.post(page_of(theirs.case), {"own_name": "x", "note": ""}).status_code == 404
