"""Every search finds what is on record however it is spelled: in the office, on the caller's page, and in a litigant's list."""

import pytest
from django.urls import reverse
from wagtail.log_actions import log

from cpor_cases.actions import applications
from cpor_cases.actions.imports import import_rows
from cpor_cases.models import Case, CourtLogEntry, SavedSearch
from cpor_core.models import CaseWord, Court, PartyRole, ProgressKind
from tests import factories

pytestmark = pytest.mark.django_db

# As it is on record, and what is typed for it.
NAMES = [
    ("李　四", "李　四"),
    ("李　四", "李四"),
    ("李四", "李　四"),
    ("ＡＢＣ（股）公司", "ＡＢＣ（股）公司"),
    ("ＡＢＣ（股）公司", "abc(股)公司"),
    ("台灣大車隊", "臺灣大車隊"),
    ("臺灣大車隊", "台灣大車隊"),
    ("瓦歷斯‧諾幹", "瓦歷斯·諾幹"),
    ("瓦歷斯·諾幹", "瓦歷斯‧諾幹"),
    ("Ka'aw Lowking", "ka’aw lowking"),
    ("王大明", "王大明\u200b"),
    ("王\ufe00大明", "王大明"),
]


@pytest.fixture
def office(client, court):
    client.force_login(factories.make_clerk(court, group="Court managers"))
    return client


def rows(client, name: str, typed: str) -> list:
    page = client.post(reverse(f"{name}:index"), {"q": typed}, follow=True)
    return list(page.context["object_list"])


@pytest.mark.parametrize(("recorded", "typed"), NAMES)
def test_a_name_is_found_in_the_lists_and_on_the_callers_page(office, court, recorded, typed):
    access = factories.make_access(factories.make_user(), factories.make_case(court))
    application = access.application
    application.applicant_name = recorded
    application.save()

    assert rows(office, "office_applications", typed) == [application]
    page = office.post(reverse("office_calls:index"), {"q": typed}, follow=True)
    assert [answer.application for answer in page.context["advice"]] == [application]
    assert rows(office, "office_applications", typed + "丙") == []


def test_a_name_finds_the_activation(office, court, clerk):
    application = factories.make_application(court, by=clerk, applicant_name="李　四")
    access = applications.approve(application=application, by=clerk)

    assert rows(office, "office_activations", "李四") == [access.account.activation]
    assert rows(office, "office_activations", "ＷＡＮＧ＠example.com") == [access.account.activation]
    assert rows(office, "office_mails", "ＷＡＮＧ＠Example.com")


@pytest.mark.parametrize(
    ("facts", "typed"),
    [
        ({"cause": "返還房屋（台北）"}, "返還房屋臺北"),
        ({"cause": "偽造文書等"}, "偽造　文書"),
        ({"division": "孝股"}, "孝"),
        ({"word": "台上"}, "臺上"),
        ({"word": "台上", "number": 7}, "115年度臺上字第7號"),
        ({"receipt": "文-0012（甲）"}, "文００１２甲"),
    ],
)
def test_what_else_is_on_record_is_found(office, court, facts, typed):
    receipt = facts.pop("receipt", "")
    case = factories.make_case(court, **facts)
    if receipt:
        application = factories.make_application(case=case, receipt_number=receipt)
        assert rows(office, "office_applications", typed) == [application]
    else:
        assert rows(office, "office_cases", typed) == [case]


def test_the_audit_finds_who_acted_and_the_case(office, court, clerk):
    case = factories.make_case(court, number=123)
    log(instance=case, action="cpor_cases.case.inspect", user=clerk)
    CourtLogEntry.objects.filter(user=clerk).update(actor_name="陳　美玲")

    assert {entry.user for entry in rows(office, "office_audit", "陳美玲")} == {clerk}
    assert rows(office, "office_audit", "台北地院１１５年度訴字第１２３號")
    assert rows(office, "office_audit", "台北地院")


def take(case, **facts) -> None:
    import_rows([(2, factories.row(case, **facts))], source="command")


def test_an_imported_cause_is_found_and_a_corrected_one_too(office, court):
    factories.make_word("訴")
    factories.make_kind("judgment")
    case = factories.make_case(court)
    Case.objects.filter(pk=case.pk).delete()
    take(case, cause="返還借款（台北）", division="孝")
    [case] = Case.objects.all()
    assert rows(office, "office_cases", "返還借款臺北") == [case]

    take(case, cause="給付票款", detail="x")

    assert rows(office, "office_cases", "給付 票款") == [case]
    assert rows(office, "office_cases", "孝") == [case]
    assert rows(office, "office_cases", "返還借款") == []


@pytest.mark.parametrize(
    ("model", "facts", "typed"),
    [
        (
            Court,
            {"code": "XYD", "name": {"zh-hant": "臺灣某某地方法院", "en": "X"}, "tier": "district"},
            "台灣某某地院",
        ),
        (
            CaseWord,
            {
                "category": "civil",
                "court_tier": "district",
                "word": "某訴",
                "meaning": {"zh-hant": "台灣（某）"},
            },
            "臺灣某",
        ),
        (ProgressKind, {"code": "some_kind", "name": {"zh-hant": "某某（開庭）", "en": "X"}}, "某某開庭"),
        (PartyRole, {"category": "civil", "name": {"zh-hant": "某某‧參加人", "en": "X"}}, "某某·參加人"),
    ],
)
def test_the_editors_lists_find_any_spelling(client, model, facts, typed):
    client.force_login(factories.make_user("operator", is_superuser=True))
    row = model.objects.create(**facts)
    url = reverse(f"wagtailsnippets_{model._meta.app_label}_{model._meta.model_name}:list")

    page = client.get(url, {"q": typed})

    assert list(page.context["object_list"]) == [row]
    assert list(client.get(url, {"q": "沒有這個"}).context["object_list"]) == []


def test_users_are_found_by_a_part_of_their_name(client):
    client.force_login(factories.make_user("operator", is_superuser=True))
    person = factories.make_clerk(factories.make_court(), "chen", last_name="陳", first_name="美‧玲")

    assert rows(client, "wagtailusers_users", "陳 美玲") == [person]


def test_a_search_that_mentions_somebody_is_forgotten_in_any_spelling(clerk):
    SavedSearch.objects.keep("李　四 的案件", account=clerk, view="x")

    assert SavedSearch.objects.mentioning({"李四"}).exists()
    assert not SavedSearch.objects.mentioning({"李五"}).exists()
