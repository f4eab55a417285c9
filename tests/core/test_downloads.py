"""Names of downloaded files, as RFC 6266 wants them."""

from email.message import Message

import pytest
from django.http import HttpResponse

from cpor_core.downloads import content_disposition, name_file


def read_name(header: str) -> str:
    """Return the name that a program reads, by the standard library's own reader of RFC 5987."""
    message = Message()
    message["Content-Disposition"] = header
    return message.get_filename()


@pytest.mark.parametrize(
    "name", ["民事起訴狀.odt", "開放查詢字別-2026-11-30.csv", "plain.csv", "百分之 100%.pdf", "𠮷.pdf"]
)
def test_a_name_in_any_script_is_read_as_it_is(name):
    header = content_disposition(name, fallback="form.odt")

    assert header.isascii()
    starred = header.split("; ")[2]
    assert read_name(f"attachment; {starred}") == name


def test_programs_that_read_no_other_script_get_the_ascii_name():
    header = content_disposition("民事起訴狀.odt", fallback="civil-complaint.odt")

    assert header.split("; ")[:2] == ["attachment", 'filename="civil-complaint.odt"']


@pytest.mark.parametrize(
    "name", ['a"; filename="b.exe', "a\r\nSet-Cookie: b", "../../a", "a/b\\c", "...", ""]
)
def test_no_name_leaves_its_place(name):
    response = HttpResponse()

    name_file(response, name, fallback=name)

    header = response["Content-Disposition"]
    assert header.count("filename=") == 1 or header.count('"') == 2
    assert header.count('"') == 2
    assert not set("\r\n") & set(header)
    assert not set('/\\":') & set(read_name(f"attachment; {header.split('; ')[-1]}"))


def test_what_a_browser_shows_is_inline():
    assert content_disposition("期日.ics", fallback="a.ics", is_inline=True).startswith("inline; ")
