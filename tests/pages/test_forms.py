"""書狀下載: the forms, their files and their versions."""

import datetime as dt
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.db.models import ProtectedError
from wagtail.documents.models import Document

from cpor_core.models import PartyRole
from cpor_pages.models import CourtForm, FormVersion
from tests.support.responses import read


def forms_shown(client, query="") -> list[str]:
    soup = BeautifulSoup(client.get(f"/forms/{query}").content, "html.parser")
    return [article["id"] for article in soup.find_all("article")]


def make_file(name: str) -> Document:
    return Document.objects.create(title=name, file=ContentFile(b"content", name=name))


def test_every_form_is_offered_as_odt_and_pdf(public_site, client):
    soup = BeautifulSoup(client.get("/forms/").content, "html.parser")

    for article in soup.find_all("article"):
        files = [link["href"].rpartition(".")[2] for link in article.find_all("a")]
        assert files == ["odt", "pdf"], article["id"]


def test_a_form_downloads_as_the_file_it_is(public_site, client):
    version = CourtForm.objects.get(slug="civil-complaint").current_version

    response = client.get(version.pdf.url)

    assert read(response).startswith(b"%PDF")
    assert response["Content-Type"] == "application/pdf"


def test_a_category_shows_its_forms_and_those_for_all(public_site, client):
    shown = forms_shown(client, "?category=family")

    assert shown == [*ALL_CATEGORIES, "family-complaint", "family-petition"]


def test_a_purpose_narrows_the_list_down(public_site, client):
    assert forms_shown(client, "?purpose=complaint") == COMPLAINTS


COMPLAINTS = [f"{each}-complaint" for each in ("civil", "family", "criminal", "administrative")]
ALL_CATEGORIES = ["progress-application", "progress-application-bilingual"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?who=defense-counsel", [*ALL_CATEGORIES, "criminal-petition"]),
        ("?who=party&category=civil", [*ALL_CATEGORIES, "civil-complaint", "civil-petition"]),
        ("?who=assistant&category=civil", [*ALL_CATEGORIES, "civil-petition"]),
        ("?who=party&purpose=complaint", ["civil-complaint", "family-complaint", "administrative-complaint"]),
        ("?who=complainant&purpose=complaint", ["criminal-complaint"]),
        ("?who=intervenor&purpose=complaint", []),
    ],
)
def test_who_the_visitor_is_narrows_the_list_down(public_site, client, query, shown):
    assert forms_shown(client, query) == shown


def test_a_group_without_a_role_in_the_category_uses_no_form_of_it(public_site, client):
    assert forms_shown(client, "?who=prosecutor&category=family") == []


def test_a_form_that_names_no_group_is_everybody_s(public_site, client):
    form = CourtForm.objects.get(slug="civil-complaint")
    form.used_by.clear()
    form.save()

    assert "civil-complaint" in forms_shown(client, "?who=intervenor")


def test_the_choice_made_stays_chosen_and_can_be_undone(public_site, client):
    soup = BeautifulSoup(client.get("/forms/?who=intervenor&purpose=complaint").content, "html.parser")

    chosen = {select["name"]: select.find(selected=True) for select in soup.find_all("select")}
    assert {name: option and option["value"] for name, option in chosen.items()} == {
        "category": None,
        "purpose": "complaint",
        "who": "intervenor",
    }
    assert soup.find(class_="empty").find("a")["href"] == "/forms/"


def test_every_role_that_may_apply_is_in_a_group(public_site):
    left_out = PartyRole.objects.filter(is_entitled=True, role_groups=None)

    assert not left_out.exists()


def test_a_choice_without_forms_says_what_to_do_next(public_site, client):
    response = client.get("/en/forms/?category=administrative&purpose=complaint&who=intervenor")

    assert b"No form matches this choice" in response.content


def test_an_unknown_choice_shows_everything(public_site, client):
    assert len(forms_shown(client, "?category=';--&purpose=%00&who=nobody")) == 10


def test_a_draft_is_not_offered(public_site, client):
    CourtForm.objects.filter(slug="civil-complaint").update(live=False)

    assert "civil-complaint" not in forms_shown(client)


def test_the_newest_version_is_offered_first_and_older_ones_are_kept(public_site, client):
    form = CourtForm.objects.get(slug="civil-complaint")
    form.versions.add(
        FormVersion(version_date=dt.date(2027, 1, 4), odt=make_file("new.odt"), pdf=make_file("new.pdf"))
    )
    form.save()

    article = BeautifulSoup(client.get("/forms/").content, "html.parser").find(id="civil-complaint")

    assert "new" in article.find(class_="downloads").find("a")["href"]
    assert len(article.find("details").find_all("a")) == 2


def test_a_file_in_use_cannot_be_deleted(public_site):
    version = CourtForm.objects.get(slug="civil-complaint").current_version

    with pytest.raises(ProtectedError):
        version.pdf.delete()


def test_english_readers_are_told_what_a_form_is_for(public_site, client):
    html = client.get("/en/forms/").content.decode()

    assert "Civil complaint" in html
    assert "Use it to start a civil case." in html


def test_each_form_shows_the_first_page_of_its_pdf(public_site, client):
    soup = BeautifulSoup(client.get("/forms/").content, "html.parser")
    pictures = [article.find("img") for article in soup.find_all("article")]

    assert all(pictures)
    response = client.get(pictures[0]["src"])
    content = read(response)
    assert content[:4] + content[8:12] == b"RIFFWEBP"
    assert len(content) < 20_000  # ten of them on one page


def test_a_file_on_record_that_is_no_pdf_gets_no_picture_and_is_offered_all_the_same(public_site, client):
    form = CourtForm.objects.get(slug="civil-complaint")
    form.versions.add(
        FormVersion(version_date=dt.date(2027, 1, 4), odt=make_file("new.odt"), pdf=make_file("new.pdf"))
    )
    form.save_revision().publish()

    article = BeautifulSoup(client.get("/forms/").content, "html.parser").find(id="civil-complaint")

    assert not article.find("img")
    assert article.find(class_="downloads").find("a")


def test_the_list_of_forms_takes_no_more_queries_for_more_forms(
    public_site, client, django_assert_max_num_queries
):
    client.get("/forms/")

    with django_assert_max_num_queries(22):
        client.get("/forms/")


@pytest.mark.parametrize(("kind", "disposition"), [("odt", "attachment"), ("pdf", "inline")])
def test_a_form_is_saved_under_its_chinese_name(public_site, client, kind, disposition):
    file = getattr(CourtForm.objects.get(slug="family-complaint").current_version, kind)

    answer = client.get(file.url)
    read(answer)

    header = answer["Content-Disposition"]
    name = quote("家事起訴狀")
    assert header == f"{disposition}; filename=\"{file.filename}\"; filename*=UTF-8''{name}.{kind}"
    assert file.filename.isascii()
