"""The pictures of README and handbooks are there, small, of one size, described in words, and each is shown."""

import re

import pytest
from django.conf import settings
from PIL import Image

from cpor_core.office import handbooks

ROOT = settings.BASE_DIR
OF_HANDBOOKS = ROOT / "site" / "static" / "cpor" / "handbook"
OF_README = ROOT / "docs" / "pictures"
PICTURES = [*OF_HANDBOOKS.rglob("*.png"), *OF_README.glob("*.png")]
MOST_BYTES = 150_000
FOLDERS = ["cpor_cases/office/handbook", "cpor_pages/office/handbook"]
IMAGE = re.compile(
    r'<img src="/static/(?P<path>[^"]+)" alt="(?P<alt>[^"]+)" width="1120" height="700" loading="lazy">'
)


def shown(language: str) -> set[str]:
    """Return the pictures of the handbooks in a language, by their paths below static/."""
    html = "".join(handbooks.text(folder, language) for folder in FOLDERS)
    assert len(IMAGE.findall(html)) == html.count("<img")
    return {match["path"] for match in IMAGE.finditer(html)}


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_each_handbook_shows_its_own_pictures_with_words_for_who_does_not_see_them(language):
    taken = {f"cpor/handbook/{language}/{path.name}" for path in (OF_HANDBOOKS / language).iterdir()}

    assert len(taken) >= 8
    assert shown(language) == taken


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_picture_is_small(picture):
    assert picture.stat().st_size < MOST_BYTES


@pytest.mark.parametrize(
    "picture", [*OF_HANDBOOKS.rglob("*.png")], ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_a_picture_of_a_handbook_has_the_size_that_its_page_says(picture):
    with Image.open(picture) as opened:
        assert opened.size == (1120, 700)


def test_the_readme_shows_both_its_pictures():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    for picture in OF_README.iterdir():
        assert re.search(rf'<img src="docs/pictures/{picture.name}" width="\d+" alt="[^"]+">', readme)
