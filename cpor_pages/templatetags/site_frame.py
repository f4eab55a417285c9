"""Data of the frame around every page: menu, languages, contact, last update."""

import datetime as dt
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils import translation
from django.utils.safestring import SafeString
from wagtail.models import Page

from cpor_core import branding, content_version, languages
from cpor_core.links import absolute
from cpor_core.templatetags.court_dates import day_of
from cpor_pages import logos
from cpor_pages.models import ServiceSettings

register = template.Library()

FRAME = "cpor_pages.site_frame"  # the key of the frame while one page is rendered
UTILITY_SLUGS = ["sitemap", "search"]
# Public pages beside the tree that are found, cited and read in both languages.
BESIDE_THE_TREE = {
    "case_words_history",
    "case_words_as_of",
    "mail_check",
    "petitions:start",
    "petitions:status",
}


@register.simple_tag(takes_context=True)
def site_frame(context) -> dict:
    """Return all that base.html shows around a page, made once while a page is rendered.

    Works without request and page: error pages have neither.
    """
    made = context.render_context
    if FRAME not in made:
        made[FRAME] = _frame(context.get("request"), context.get("page"))
    return made[FRAME]


@register.simple_tag
def site_footer(frame: dict) -> SafeString:
    """Return the footer, which is the same below all pages of a language that were last changed on one day."""
    name = f"site_footer.{languages.reader()}.{frame['updated_on'] and day_of(frame['updated_on'])}"
    words = {"frame": frame}
    return content_version.cached(
        name, lambda: render_to_string("cpor_pages/components/site_footer.html", words)
    )


def _frame(request, page) -> dict:
    path = request.path if request else "/"
    language = languages.reader()
    contact, logo, pages, updated_on = content_version.cached(
        f"site_frame.{language}", partial(_shared, language, request)
    )
    twins = _twins(page)
    return {
        "service_name": branding.service_name(request),
        "logo": logo,
        "contact": contact,
        "notice": _notice(contact),
        "menu": [_entry(each, path) for each in pages if each.show_in_menus],
        "footer": [_entry(each, path) for each in pages if not each.show_in_menus],
        "utility_pages": [_entry(each, path) for each in pages if each.slug in UTILITY_SLUGS],
        "languages": _other_languages(request, page, twins),
        "home_url": reverse("wagtail_serve", args=[""]),
        "addresses": _addresses(page, request, twins),
        "cases_url": _url_of("cpor_cases:cases"),
        "check_url": _url_of("mail_check"),
        "login_url": _url_of("account_login"),
        "logout_url": _url_of("account_logout"),
        "account_url": _url_of("account_home"),
        "is_cases": "/cases/" in path,
        "is_login": path.endswith("/accounts/login/"),
        "updated_on": getattr(page, "last_published_at", None) or updated_on,
    }


def _url_of(name: str) -> str:
    """Return where a page of `cpor_cases` is; nothing in a project without it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class TopPage(NamedTuple):
    """A page right below the home page, as menu and footer show it."""

    title: str
    url: str
    slug: str
    show_in_menus: bool


def _shared(
    language: str, request
) -> tuple[ServiceSettings, logos.Logo | None, list[TopPage], dt.datetime | None]:
    """Return what all pages of a language show alike: contact, logo, the top pages in the editors' order, the latest change."""
    found = Page.objects.live().filter(depth=3, locale__language_code=language).order_by("path")
    pages = [
        TopPage(page.title, page.get_url(request), page.slug, page.show_in_menus)
        for page in found
        if page.get_url(request)
    ]
    latest = max((page.last_published_at for page in found if page.last_published_at), default=None)
    contact = ServiceSettings.load(request_or_site=request)
    return contact, logos.shown(contact), pages, latest


def _entry(page: TopPage, path: str) -> dict:
    current = "page" if path == page.url else "true" if path.startswith(page.url) else ""
    # On the search page the key leads to the field itself.
    key = "S" if page.slug == "search" and current != "page" else ""
    return {"title": page.title, "url": page.url, "is_current": current, "key": key}


def _notice(contact: ServiceSettings) -> dict | None:
    if not contact.shown_notice:
        return None
    language = contact.notice_language
    return {"text": contact.shown_notice, "url": contact.notice_url, "language": language}


def _twins(page) -> list[Page]:
    """Return a page of the tree in all its languages; nothing for accounts, cases and errors."""
    if not isinstance(page, Page) or not page.pk:
        return []
    twins = Page.objects.live().filter(translation_key=page.translation_key).select_related("locale")
    return list(twins.only("path", "url_path", "locale__language_code"))  # what an address is made of


def _other_languages(request, page, twins: list[Page]) -> list[dict]:
    """Return links to this same page in the other languages; for a page not translated, to their home page if there is one."""
    addresses = {code: _in_language(code, request, page, twins) for code in languages.codes()}
    return [
        {"lang": languages.tag(code), "name": languages.own_name(code), "url": address}
        for code, address in addresses.items()
        if address and code != languages.reader()
    ]


def _in_language(code: str, request, page, twins: list[Page]) -> str:
    """Return where the page is in a language; empty if editors have no page in it yet."""
    for twin in twins:
        if twin.locale.language_code == code:
            return twin.get_url(request)
    if request and not isinstance(page, Page):
        path = request.get_full_path() if request.method == "GET" else request.path
        translated = translate_url(path, code)
        if translated == path and request.resolver_match:
            # A page with one address for all languages, such as the interface's: asked for by name.
            return f"{request.path}?{urlencode({'lang': code})}"
        return translated
    if (
        code == languages.reader()
        or not Page.objects.live().filter(depth=2, locale__language_code=code).exists()
    ):
        return ""
    with translation.override(code):
        return reverse("wagtail_serve", args=[""])


def _addresses(page, request, twins: list[Page]) -> dict:
    """Return a page's own whole address and those of its translations, for search engines and shared links."""
    if twins:
        own = page.get_url(request)
        paths = {twin.locale.language_code: twin.get_url(request) for twin in twins}
    elif request and request.resolver_match and request.resolver_match.view_name in BESIDE_THE_TREE:
        own = request.path
        paths = {code: translate_url(own, code) for code in languages.codes()}
    else:
        return {}
    found = [(languages.tag(code), absolute(paths[code])) for code in languages.codes() if code in paths]
    # Who reads neither language is sent to the first: the one the courts work in.
    return {
        "own": absolute(own),
        "all": [*found, ("x-default", found[0][1])],
        "picture": absolute(static("cpor/icons/share.png")),
    }
