"""What a browser needs before it can draw the first screen: two requests that fit into the first ten packets of TCP."""

import gzip
from pathlib import Path

import brotli
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.template.loader import get_template
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from cpor_pages.models import ServiceSettings
from tests import factories

MOST_REQUESTS = 2  # the page and its style sheet
MOST_BYTES = 14_600  # what a server may send before the first answer of the browser (RFC 6928)
CASES = 20
# Public pages that are not in the tree, and what is shown in place of a page.
BESIDE_THE_TREE = [
    "case-words/?q=訴",
    "case-words/?check_word=訴&check_court=TPD&check_category=civil",
    "case-words/history/",
    f"case-words/{timezone.localdate()}/",
    "faq/?q=開庭",
    "search/?q=開庭",
    "accounts/login/",
    "accounts/password/reset/",
    "offline/",
    "nothing/",
]


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    return tmp_path_factory.mktemp("static")


@pytest.fixture(autouse=True)
def static_files_as_in_production(settings, collected):
    """Stored as `make run` does it, without what only the admin needs."""
    settings.STATIC_ROOT = collected
    joined = {"BACKEND": "cpor_site.static_files.JoinedStylesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": joined}
    if not any(collected.iterdir()):
        call_command(
            "collectstatic", interactive=False, verbosity=0, ignore_patterns=["wagtail*", "rest_framework"]
        )


def blocking_files(html: bytes) -> list[str]:
    """Return the names of the files without which a browser draws nothing."""
    soup = BeautifulSoup(html, "html.parser")
    sheets = [
        link["href"] for link in soup.find_all("link", rel="stylesheet") if link.get("media") != "print"
    ]
    scripts = [
        script["src"]
        for script in soup.find_all("script", src=True)
        if not (script.has_attr("defer") or script.has_attr("async"))
    ]
    return [url.removeprefix("/static/") for url in sheets + scripts]


def cost(html: bytes) -> tuple[int, int]:
    """Return how many requests and how many compressed bytes come before the first paint of a page."""
    files = [Path(staticfiles_storage.path(name)).read_bytes() for name in blocking_files(html)]
    imports = sum(content.count(b"@import") for content in files)
    compressed = [len(brotli.compress(html, quality=6)), *(len(brotli.compress(each)) for each in files)]
    return 1 + len(files) + imports, sum(compressed)


def make_logo() -> Image:
    return Image.objects.create(title="logo", file=get_test_image_file(size=(400, 120)))


def costs_of(client, paths) -> dict[str, tuple[int, int]]:
    return {path: cost(client.get(path).content) for path in paths}


def too_dear(costs: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return {
        path: (requests, size)
        for path, (requests, size) in costs.items()
        if requests > MOST_REQUESTS or size > MOST_BYTES
    }


@pytest.mark.parametrize("prefix", ["/", "/en/"])
def test_every_public_page_is_drawn_after_two_requests_and_ten_packets(public_site, client, prefix):
    language = "en" if prefix == "/en/" else "zh-hant"
    tree = Page.objects.live().filter(depth__gte=2, locale__language_code=language)
    paths = [page.url for page in tree] + [prefix + path for path in BESIDE_THE_TREE]

    costs = costs_of(client, paths)

    assert len(costs) > 40
    assert too_dear(costs) == {}


@pytest.mark.parametrize("path", ["/", "/en/", "/case-words/", "/en/forms/"])
def test_an_accent_and_a_logo_of_its_own_cost_a_site_no_request_more(public_site, client, path):
    stored = ServiceSettings.load()
    stored.accent, stored.logo = "#a3211c", make_logo()
    stored.save()
    page = client.get(path).content

    (sheet,) = BeautifulSoup(page, "html.parser").find_all("link", rel="stylesheet", media=None)
    styles = client.get(sheet["href"], headers={"accept-encoding": "gzip, br"})

    assert styles["Content-Encoding"] == "gzip"
    assert b"@import" not in gzip.decompress(styles.content)
    assert b"--accent:#a3211c" in gzip.decompress(styles.content)
    assert len(brotli.compress(page, quality=6)) + len(styles.content) <= MOST_BYTES


@pytest.mark.parametrize("prefix", ["/", "/en/"])
def test_the_cases_of_a_person_are_drawn_after_two_requests_and_ten_packets(public_site, client, prefix):
    person = factories.make_user("many-cases")
    for _ in range(CASES):
        case = factories.make_access(person).case
        for kind in ("hearing", "evidence", "judgment"):
            factories.make_entry(case, kind, detail="請於期日前提出準備書狀，並將繕本送達對造。")
    client.force_login(person)

    costs = costs_of(
        client, [f"{prefix}cases/", f"{prefix}cases/{case.public_id}/", f"{prefix}cases/settings/"]
    )

    assert too_dear(costs) == {}


@pytest.mark.parametrize("template", ["400.html", "500.html", "503.html"])
def test_pages_of_failures_are_drawn_after_two_requests_and_ten_packets(template):
    page = get_template(template).render().encode()

    assert too_dear({template: cost(page)}) == {}


@pytest.mark.parametrize("name", ["site", "office"])
def test_a_style_sheet_holds_what_it_imports(collected, name):
    source = settings.BASE_DIR / "site" / "static" / "cpor" / "css" / f"{name}.css"

    stored = Path(
        staticfiles_storage.path(staticfiles_storage.stored_name(f"cpor/css/{name}.css"))
    ).read_text()

    assert "@import" in source.read_text(encoding="utf-8")
    assert "@import" not in stored
    assert ".notice" in stored


def test_a_style_sheet_with_an_error_stops_collectstatic(tmp_path, settings):
    (tmp_path / "cpor" / "css").mkdir(parents=True)
    (tmp_path / "cpor" / "css" / "broken.css").write_text("a { color: red; } }")
    settings.STATICFILES_DIRS = [tmp_path]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"

    with pytest.raises(ValueError, match="broken.css"):
        call_command("collectstatic", interactive=False, verbosity=0)


# Each costs about half a millisecond of CPU. The tests cache nothing between pages: a running site needs five fewer.
MOST_QUERIES = 19


@pytest.mark.parametrize("path", ["/", "/en/", "/forms/", "/case-words/", "/guide/", "/apply/", "/news/"])
def test_a_page_made_anew_needs_few_queries(public_site, client, django_assert_max_num_queries, path):
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(path)
