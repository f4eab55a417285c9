"""Responses for machines: sitemap, robots.txt, security.txt, web app manifest, and pictures."""

import datetime as dt
import hashlib
import mimetypes
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.utils import validate_file_name
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.http.request import HttpHeaders
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
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
    serve_it = _served_picture if isinstance(default_storage, FileSystemStorage) else _fetched_picture
    response = serve_it(request, path=path)
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
    return _harmless(response)


def _fetched_picture(request, path: str) -> HttpResponse:
    """A picture from a storage of another kind than a folder, such as a bucket that only the site reaches."""
    try:
        validate_file_name(path, allow_relative_path=True)  # not out of the folder: documents are beside it
        with default_storage.open(f"images/{path}") as file:
            content = file.read()
    except (FileNotFoundError, ValueError, SuspiciousFileOperation):
        raise Http404 from None
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    response = _harmless(HttpResponse(content, content_type=kind))
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def _harmless(response):
    """Whatever the file is, a browser runs nothing that is in it."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
