"""What an operator is told: by the command, the log and the first page of the office."""

import json
import logging
from io import StringIO

import pytest
from django.core.management import call_command

from cpor_cases import tasks
from cpor_cases.models import Case, SelfCheck
from cpor_cases.self_check import run
from cpor_cases.self_check.check import MOST_KEYS, Check
from tests import factories

pytestmark = pytest.mark.django_db

QUERIES = 60  # two or three a check; more only where rows are gone through in parts


@pytest.fixture
def faulty(case):
    Case.objects.filter(pk=case.pk).update(search_text="something else")
    return case


def verify(*, code: int = 0) -> str:
    out = StringIO()
    if code:
        with pytest.raises(SystemExit) as ended:
            call_command("verify", stdout=out)
        assert ended.value.code == code
    else:
        call_command("verify", stdout=out)
    return out.getvalue()


def test_the_command_says_how_much_was_checked_and_exits_0(db):
    assert f"{len(run.CHECKS)} 項" in verify()


def test_the_command_says_what_is_wrong_and_what_to_do_and_exits_3(faulty):
    said = verify(code=3)

    assert f"search_text_of_case: 1 (Case {faulty.pk})" in said
    check = run.BY_CODE["search_text_of_case"]
    assert str(check.says) in said
    assert str(check.do) in said


def test_the_log_has_the_code_and_the_keys_and_names_nobody(faulty, caplog):
    verify(code=3)

    [line] = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert line.getMessage() == f"self-check search_text_of_case: Case {faulty.pk}"
    assert str(faulty.number) not in line.getMessage().removesuffix(str(faulty.pk))


def test_the_clock_keeps_what_was_found(faulty):
    tasks.verify.call_local()
    SelfCheck.objects.all().delete()
    run.verify()

    assert SelfCheck.objects.get().counts == {"search_text_of_case": 1}


def test_it_changes_nothing_but_its_own_result(faulty, django_assert_max_num_queries):
    with django_assert_max_num_queries(QUERIES) as queries:
        run.verify()

    statements = [each["sql"] for each in queries]
    written = [sql for sql in statements if "INSERT" in sql or "UPDATE " in sql or "DELETE" in sql]
    assert [sql for sql in written if "selfcheck" not in sql] == []


def test_more_rows_need_no_more_queries(faulty, court, django_assert_max_num_queries):
    for _ in range(20):
        Case.objects.filter(pk=factories.make_case(court).pk).update(search_text="something else")

    with django_assert_max_num_queries(QUERIES):
        [fault] = run.verify()

    assert len(fault.keys) == 21


def test_a_check_that_fails_is_told_and_stops_no_other(faulty, monkeypatch):
    def broken(self, now):
        raise ConnectionError

    own = Check("broken", Case, "", "", lambda now: [])
    monkeypatch.setattr(run, "CHECKS", (own, run.BY_CODE["search_text_of_case"]))
    carry_out = Check.carry_out
    monkeypatch.setattr(
        Check, "carry_out", lambda self, now: (broken if self is own else carry_out)(self, now)
    )

    assert [fault.code for fault in run.verify()] == [run.FAILED, "search_text_of_case"]
    assert json.dumps(SelfCheck.objects.get().counts, sort_keys=True) == json.dumps(
        {"check_failed": 1, "search_text_of_case": 1}
    )


def test_only_what_is_found_twice_counts():
    """What a transaction changed between two statements of a check is not wrong."""
    answers = iter([[1, 2], [2, 3]])

    fault = Check("twice", Case, "", "", lambda now: next(answers)).carry_out(None)

    assert fault.keys == (2,)


def test_a_thousand_rows_are_counted_and_no_more_are_read():
    fault = Check("many", Case, "", "", lambda now: iter(range(10**9))).carry_out(None)

    assert len(fault.keys) == MOST_KEYS


def office_of(client, account) -> str:
    client.force_login(account)
    return client.get("/office/", follow=True).content.decode()


def test_a_superuser_sees_it_on_the_first_page_of_the_office(client, faulty):
    run.verify()

    page = office_of(client, factories.make_user("root", is_superuser=True))

    assert str(run.BY_CODE["search_text_of_case"].says) in page
    assert str(run.BY_CODE["search_text_of_case"].do) in page


def test_nothing_is_said_there_when_all_is_well(client, db):
    run.verify()

    assert "office-self_check" not in office_of(client, factories.make_user("root", is_superuser=True))


def test_others_do_not_see_it(client, faulty, clerk):
    run.verify()

    assert "office-self_check" not in office_of(client, clerk)
