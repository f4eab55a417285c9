"""What an editor makes on one of Wagtail's own screens is made once, whatever made the form come twice."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Collection
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cpor_core.models import PartyRole
from cpor_pages.models import HomePage, PlainPage, RoleGroup

pytestmark = pytest.mark.django_db


PLAIN = ["cpor_pages", "plainpage"]


def token_of(client, path: str) -> str:
    page = BeautifulSoup(client.get(path).content, "html.parser")
    return page.find("input", {"name": "form_token"})["value"]


def twice(client, path: str, form: dict) -> list:
    """Send a form twice, with the token of the page it stands on; return both answers."""
    form = form | {"form_token": token_of(client, path)}
    return [client.post(path, form) for _time in range(2)]


def test_a_snippet_made_twice_is_one_and_no_error(client, editor):
    client.force_login(editor)
    form = {"name_zh-hant": "證人", "name_en": "Witness", "slug": "witness", "sort_order": 1}
    form |= {"roles": [PartyRole.objects.values_list("pk", flat=True).first()]}

    first, second = twice(client, reverse("wagtailsnippets_cpor_pages_rolegroup:add"), form)

    assert RoleGroup.objects.filter(name__first="證人").count() == 1
    assert first.url == second.url


def test_a_page_made_twice_is_one_and_no_error(client, editor):
    client.force_login(editor)
    home = HomePage.objects.get(locale__language_code="zh-hant")
    comments = inline_formset([])
    form = nested_form_data({"title": "新頁", "slug": "new", "body": streamfield([]), "comments": comments})

    first, second = twice(client, reverse("wagtailadmin_pages:add", args=[*PLAIN, home.pk]), form)

    page = PlainPage.objects.get(title="新頁")
    assert first.url == second.url == reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_a_collection_made_twice_is_one(admin_client):
    form = {"name": "圖片", "parent": Collection.get_first_root_node().pk}

    first, second = twice(admin_client, reverse("wagtailadmin_collections:add"), form)

    assert Collection.objects.filter(name="圖片").count() == 1
    assert first.url == second.url


def test_a_draft_that_is_saved_by_itself_may_be_saved_again(client, editor):
    """Wagtail sends the same form, token and all, to the page that its first saving made."""
    client.force_login(editor)
    home = HomePage.objects.get(locale__language_code="zh-hant")
    comments = inline_formset([])
    form = nested_form_data({"title": "新頁", "slug": "new", "body": streamfield([]), "comments": comments})
    path = reverse("wagtailadmin_pages:add", args=[*PLAIN, home.pk])
    form["form_token"] = token_of(client, path)

    made = client.post(path, form, headers={"Accept": "application/json"})
    again = [client.post(made.json()["url"], form, headers={"Accept": "application/json"}) for _ in range(2)]

    assert [answer.status_code for answer in (made, *again)] == [200, 200, 200]
    assert PlainPage.objects.filter(title="新頁").count() == 1
