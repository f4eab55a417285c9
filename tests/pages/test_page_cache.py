"""Pages kept for strangers: the same for everybody, dropped by publishing, never anybody's own."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from wagtail.models import Page

from cpor_pages import page_cache
from cpor_pages.models import CourtForm, PlainPage, ServiceSettings

NEVER = ["/accounts/login/", "/en/accounts/password/reset/", "/search/?q=a"]


@pytest.fixture
def keeping(public_site, settings, tmp_path):
    """A site that keeps its pages."""
    settings.PAGE_CACHE_PAGES = 10
    settings.PAGE_CACHE_STAMP_FILE = str(tmp_path / "stamp")
    return Client()


def test_the_second_stranger_is_answered_without_asking_the_database(keeping, django_assert_num_queries):
    first = keeping.get("/faq/")

    with django_assert_num_queries(0):
        second = keeping.get("/faq/")

    assert second.content == first.content
    assert second.headers == first.headers


def test_publishing_shows_at_the_next_request(keeping, django_capture_on_commit_callbacks):
    about = PlainPage.objects.get(slug="about", locale__language_code="en")
    keeping.get("/en/about/")

    with django_capture_on_commit_callbacks(execute=True):
        about.title = "Rewritten"
        about.save_revision().publish()

    assert b"Rewritten" in keeping.get("/en/about/").content


def test_a_form_published_or_withdrawn_shows_at_the_next_request(keeping, django_capture_on_commit_callbacks):
    form = CourtForm.objects.get(slug="civil-complaint")
    assert b'id="civil-complaint"' in keeping.get("/forms/").content

    with django_capture_on_commit_callbacks(execute=True):
        form.unpublish()
    assert b'id="civil-complaint"' not in keeping.get("/forms/").content

    with django_capture_on_commit_callbacks(execute=True):
        form.save_revision().publish()
    assert b'id="civil-complaint"' in keeping.get("/forms/").content


def test_the_notice_shows_at_the_next_request(keeping, django_capture_on_commit_callbacks):
    keeping.get("/")

    with django_capture_on_commit_callbacks(execute=True):
        notice = ServiceSettings.load()
        notice.notice_is_shown, notice.notice_zh = True, "系統維護"
        notice.save()

    assert "系統維護" in keeping.get("/").content.decode()


def test_another_worker_forgets_its_pages_too(keeping):
    other = Client()
    other.get("/faq/")
    Page.objects.filter(slug="faq").update(title="改名")

    page_cache.drop_all()

    assert "改名" in other.get("/faq/").content.decode()


def test_a_litigant_neither_gets_nor_leaves_a_kept_page(keeping, litigant):
    keeping.get("/")
    keeping.force_login(litigant)

    assert b"/accounts/logout/" in keeping.get("/").content
    keeping.logout()
    assert b"/accounts/logout/" not in keeping.get("/").content


def test_a_page_first_seen_by_a_litigant_is_not_kept(keeping, litigant):
    keeping.force_login(litigant)
    keeping.get("/guide/")

    keeping.logout()

    assert b"/accounts/logout/" not in keeping.get("/guide/").content


@pytest.mark.parametrize("path", NEVER)
def test_a_page_with_a_token_or_a_count_is_never_kept(path):
    assert page_cache.may_be_answered_alike(RequestFactory().get(path)) is False


def test_a_token_s_cookie_in_a_response_keeps_it_out():
    request = RequestFactory().get("/")
    response = HttpResponse("page")
    assert page_cache.is_alike_for_all(request, response)

    response.set_cookie("anything", "1")
    assert not page_cache.is_alike_for_all(request, response)

    request.META["CSRF_COOKIE"] = "token"
    assert not page_cache.is_alike_for_all(request, HttpResponse("page"))


def test_errors_are_not_kept(keeping):
    assert keeping.get("/no-such-page/").status_code == 404

    assert not page_cache.is_alike_for_all(RequestFactory().get("/"), HttpResponse(status=404))


def test_a_reader_who_has_the_page_is_told_so(keeping):
    tag = keeping.get("/faq/")["ETag"]

    response = keeping.get("/faq/", headers={"If-None-Match": tag})

    assert response.status_code == 304
    assert not response.content


def test_pages_of_other_hosts_languages_and_queries_are_kept_apart(keeping):
    assert keeping.get("/faq/").content != keeping.get("/en/faq/").content
    assert keeping.get("/forms/").content != keeping.get("/forms/?category=family").content
    assert keeping.get("/forms/?who=party").content != keeping.get("/forms/?who=prosecutor").content


def test_the_least_used_page_falls_out():
    kept = page_cache.Kept(most=2)
    for key in ("a", "b"):
        kept.put(key, 1, HttpResponse(key))
    kept.get("a", 1)

    kept.put("c", 1, HttpResponse("c"))

    assert [kept.get(key, 1) is not None for key in ("a", "b", "c")] == [True, False, True]
    assert kept.get("a", 2) is None
