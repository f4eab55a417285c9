"""What is typed into a search of the office, or into a form that is checked while typing, stands in no address."""

import re
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from cpor_cases.actions import searches
from cpor_cases.models import CourtLogEntry, SavedSearch
from tests import factories

pytestmark = pytest.mark.django_db

TYPED = ["王大明", "wang@example.com", "115年度訴字第123號"]
LISTS = [
    "office_applications",
    "office_cases",
    "office_activations",
    "office_mails",
    "office_audit",
    "office_calls",
]


@pytest.fixture
def office(client, court):
    client.force_login(factories.make_clerk(court, group="Court managers"))
    return client


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("name", LISTS)
def test_search_leads_to_an_address_without_what_was_typed(office, name, typed):
    answer = office.post(reverse(f"{name}:index"), {"q": typed})
    page = office.get(answer.url)

    assert answer.status_code == 302
    assert typed not in unquote(answer.url)
    assert typed in page.content.decode()  # the box still says what was searched for
    links = unquote(" ".join(re.findall(r'(?:href|action|src-value)="([^"]*)"', page.content.decode())))
    assert typed not in links


@pytest.mark.parametrize("name", [*LISTS, "wagtailadmin_home"])
def test_no_form_of_the_office_sends_the_text_of_its_search_in_an_address(office, name):
    """Each box called `q` belongs to a form that is posted, without JavaScript too."""
    page = office.get(reverse(name if name == "wagtailadmin_home" else f"{name}:index")).content.decode()
    boxes = re.findall(r'<input[^>]*name="q"[^>]*>', page)

    assert len(boxes) == (0 if name == "wagtailadmin_home" and "office-find" not in page else 1)
    for box in boxes:
        owner = re.search(r'form="([\w-]+)"', box)
        form = (
            re.search(rf'<form id="{owner[1]}"[^>]*>', page)[0]
            if owner
            else re.findall(r"<form[^>]*>", page[: page.index(box)])[-1]
        )
        assert 'method="post"' in form


def test_the_search_goes_with_paging_order_filter_and_export(office, court, clerk):
    number = [factories.make_application(court, by=clerk) for _each in range(55)][0].case.full_number
    found = office.post(reverse("office_applications:index") + "?status=pending&p=2", {"q": "王大明"})
    page = office.get(found.url).content.decode()
    key = SavedSearch.objects.get().key

    assert found.url == f"{reverse('office_applications:index')}?status=pending&s={key}"
    assert str(number)
    assert re.search(rf'href="[^"]*s={key}[^"]*p=2', page)
    assert re.search(rf'href="[^"]*s={key}[^"]*ordering=', page) or re.search(
        rf"ordering=[^\"]*s={key}", page
    )

    audit = office.get(office.post(reverse("office_audit:index"), {"q": "王大明"}).url).content.decode()
    assert re.search(r'href="[^"]*export\.csv\?[^"]*s=[\w-]+', audit)


def test_search_while_typing_answers_with_the_key_alone(office):
    answer = office.post(
        reverse("office_mails:index"), {"q": "wang@"}, HTTP_X_REQUESTED_WITH="XMLHttpRequest"
    )

    assert answer.json() == {"key": SavedSearch.objects.get().key}
    assert office.post(reverse("office_mails:index_results"), {"q": "wang@"}).status_code == 405


@pytest.mark.parametrize("name", LISTS)
def test_a_search_that_is_too_long_says_so_and_finds_nothing(office, court, clerk, name):
    factories.make_application(court, by=clerk)
    url = reverse(f"{name}:index")

    page = office.post(url, {"q": "王" * 201}, follow=True)

    assert "最多 200 字" in page.content.decode()
    assert not page.context.get("object_list")
    assert not page.context.get("answers")
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("page", ["999", "9" * 30, "-1", "x", "last"])
@pytest.mark.parametrize("name", ["office_applications", "office_audit", "wagtailusers_users"])
def test_a_page_that_is_not_there_is_no_error(client, court, clerk, name, page):
    clerk.is_superuser = True
    clerk.save()
    factories.make_application(court, by=clerk)
    client.force_login(clerk)

    answer = client.get(reverse(f"{name}:index"), {"p": page})

    assert answer.status_code == 200
    assert answer.context["object_list"]


def test_an_old_address_with_the_text_leads_to_one_with_its_key(office):
    answer = office.get(reverse("office_cases:index"), {"q": "115訴1", "category": "civil"})

    assert answer.url == f"{reverse('office_cases:index')}?category=civil&s={SavedSearch.objects.get().key}"


def test_key_of_another_person_opens_nothing_and_the_page_says_so(office, court, clerk):
    factories.make_application(court, by=clerk)
    key = searches.keep("王大明", by=clerk, view="office_applications")

    page = office.get(reverse("office_applications:index"), {"s": key})

    assert list(page.context["object_list"]) == []
    assert "不再保存" in page.content.decode()
    assert "王大明" not in page.content.decode()


def test_expired_searches_are_purged_in_one_query_and_one_statement_its_key_finds_nothing(
    office, clerk, django_assert_num_queries
):
    found = office.post(reverse("office_applications:index"), {"q": "王大明"})
    for number in range(20):
        searches.keep(f"王{number}", by=clerk, view="office_applications")
    SavedSearch.objects.update(expires_at="2020-01-01T00:00:00+00:00")

    assert list(office.get(found.url).context["object_list"]) == []
    with django_assert_num_queries(2):
        SavedSearch.objects.expired().delete()
    assert not SavedSearch.objects.exists()


def test_audit_names_the_search_that_found_the_rows(office, court, clerk):
    factories.make_application(court, by=clerk)
    office.get(reverse("office_applications:index"))  # the same rows, not searched for: another view
    office.get(office.post(reverse("office_applications:index"), {"q": "王大明"}).url)
    office.get(office.post(reverse("office_applications:index"), {"q": "沒有這個人"}).url)

    page = office.get(reverse("office_audit:index")).content.decode()
    SavedSearch.objects.all().delete()
    later = office.get(reverse("office_audit:index")).content.decode()

    assert "查詢：王大明" in page
    assert "查詢：沒有這個人" in page
    assert "王大明" not in later
    assert CourtLogEntry.objects.filter(data__search__isnull=False).count() == 2


def test_check_while_typing_is_posted(office, court):
    typed = {"court": court.pk, "applicant_name": "王大明"}

    assert office.get(reverse("office_applications:check"), typed).status_code == 405
    assert office.post(reverse("office_applications:check"), typed).status_code == 200
    assert (
        Client(enforce_csrf_checks=True).post(reverse("office_applications:check"), typed).status_code == 403
    )


def test_litigants_search_stands_in_no_address_and_is_kept_a_day(client, litigant, court):
    for _each in range(5):
        case = factories.make_case(court)
        factories.make_access(litigant, case)
    client.force_login(litigant)
    typed = f"115訴{case.number}"

    answer = client.post("/cases/", {"q": typed, "court": court.code, "order": "hearing"})
    page = client.get(answer.url)

    kept = SavedSearch.objects.get()
    assert answer.url == f"/cases/?court={court.code}&order=hearing&s={kept.key}"
    assert [access.case for access in page.context["accesses"]] == [case]
    assert f'value="{typed}"' in page.content.decode()
    assert (kept.expires_at - kept.made_at).days <= 1


@pytest.mark.parametrize("name", ["office_imports", "office_posts", "office_tokens"])
def test_list_without_a_search_takes_none(office, name):
    url = reverse(f"{name}:index")

    for query in ({"q": "王"}, {"s": "key"}):
        assert office.get(url, query).status_code == 200
    assert office.post(url, {"q": "王"}).status_code == 405
    assert not SavedSearch.objects.exists()


def test_users_of_wagtail_are_searched_without_their_name_in_the_address_and_on_record(client, clerk):
    client.force_login(factories.make_user("root", is_superuser=True))

    answer = client.post(reverse("wagtailusers_users:index"), {"q": "clerk"})
    page = client.get(answer.url)
    client.get(reverse("wagtailusers_users:edit", args=[clerk.pk]))

    assert "clerk" not in answer.url
    assert [user.pk for user in page.context["object_list"]] == [clerk.pk]
    found = CourtLogEntry.objects.filter(user__username="root").order_by("pk")
    assert [(entry.action, entry.rows) for entry in found] == [
        ("cpor_cases.rows.view", f" user:{clerk.pk} "),
        ("cpor_cases.account.inspect", ""),
    ]
