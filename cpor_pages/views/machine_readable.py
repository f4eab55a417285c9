"""Responses for machines: sitemap, robots.txt, security.txt, web app manifest, and pictures."""

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.http.request import HttpHeaders
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition
from django.views.i18n import JavaScriptCatalog
from django.views.static import serve
from wagtail.admin.localization import get_localized_response
from wagtail.models import Page

from cpor_core import branding, languages
from cpor_core.links import absolute
from cpor_pages.models import SearchPage, ServiceSettings

DAY = 24 * 60 * 60


def sitemap(request) -> HttpResponse:
    """List every public page with its translations, except the search page."""
    pages = Page.objects.live().public().not_type(SearchPage).filter(depth__gte=2)
    pages = pages.select_related("locale").order_by("path")
    families: dict = {}
    for page in pages:
        families.setdefault(page.translation_key, []).append(page)
    entries = [_entry(page, families[page.translation_key]) for page in pages]
    return render(
        request, "cpor_pages/sitemap.xml", {"urlset": entries}, content_type="application/xml; charset=utf-8"
    )


def _entry(page: Page, family: list[Page]) -> dict:
    found = [(languages.tag(each.locale.language_code), absolute(each.url)) for each in family]
    return {
        "location": absolute(page.url),
        "lastmod": page.last_published_at,
        "alternates": [*found, ("x-default", found[0][1])],
    }


def robots_txt(request) -> HttpResponse:
    """Public pages may be indexed; accounts, cases and the office may not."""
    return render(
        request,
        "cpor_pages/robots.txt",
        {"sitemap": absolute("/sitemap.xml"), "office": reverse("wagtailadmin_home")},
        content_type="text/plain; charset=utf-8",
    )


def security_txt(request) -> HttpResponse:
    """Whom to tell of a flaw (RFC 9116): the contact that editors keep, else the page that says how."""
    email = ServiceSettings.load(request_or_site=request).email
    context = {
        "contact": f"mailto:{email}" if email else absolute("/security/"),
        "expires": (timezone.now() + dt.timedelta(days=180)).replace(microsecond=0).isoformat(),
        "policy": absolute("/security/"),
        "languages": ", ".join(map(languages.tag, languages.codes())),
        "canonical": absolute("/.well-known/security.txt"),
    }
    return render(request, "cpor_pages/security.txt", context, content_type="text/plain; charset=utf-8")


def manifest(request) -> JsonResponse:
    """The web app manifest: installed on a phone, the site opens at the cases as an app."""
    icons = [
        ("cpor/icons/icon-192.png", "192x192", "any"),
        ("cpor/icons/icon-512.png", "512x512", "any"),
        ("cpor/icons/icon-maskable-512.png", "512x512", "maskable"),
    ]
    with translation.override(languages.first()):  # one address for all languages
        name = branding.service_name(request)
    content = {
        "name": name,
        "short_name": "案件進度",
        "lang": languages.tag(languages.first()),
        "id": "/",
        "start_url": reverse("cpor_cases:cases"),
        "scope": "/",
        # Where the system offers it, with buttons to go back and to load anew.
        "display": "standalone",
        "display_override": ["minimal-ui", "standalone"],
        "background_color": "#fbfaf7",
        "theme_color": branding.current(request).accent,
        "icons": [
            {"src": static(name), "sizes": size, "type": "image/png", "purpose": purpose}
            for name, size, purpose in icons
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def office_words(request) -> HttpResponse:
    """The words of the office's scripts. Wagtail's own view asks its own catalog alone; this one asks ours too."""
    return get_localized_response(JavaScriptCatalog.as_view(), request)


def picture(request, path: str) -> HttpResponse | FileResponse:
    """A picture of a page. Documents lie beside this folder and are served by Wagtail, which asks who may."""
    response = _served_picture(request, path=path)
    patch_cache_control(response, public=True, max_age=DAY)
    return response


def _folder() -> str:
    return f"{settings.MEDIA_ROOT}/images"


def _fingerprint(request, path: str) -> str | None:
    """Return the ETag of a picture: its time is exact to less than a second, in which a picture can be replaced."""
    try:
        found = Path(FileSystemStorage(_folder()).path(path)).stat()
    except (OSError, ValueError, SuspiciousFileOperation):
        return None
    return f'"{found.st_mtime_ns:x}-{found.st_size:x}"'


@condition(etag_func=_fingerprint)
def _served_picture(request, path: str) -> HttpResponse | FileResponse:
    if request.META.get("HTTP_IF_NONE_MATCH"):  # the ETag has been asked, and knows better
        request.META.pop("HTTP_IF_MODIFIED_SINCE", None)
        request.headers = HttpHeaders(request.META)
    try:
        response = serve(request, path, document_root=_folder())
    except (OSError, ValueError):  # a name that no file can have
        raise Http404 from None
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
