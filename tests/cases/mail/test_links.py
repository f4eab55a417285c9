"""The links in mails lead to the pages of the reader's language."""

import pytest
from django.utils import translation

from cpor_cases.mail import links
from cpor_core import conf

ADDRESSES = {
    "page": lambda: links.to_page("cpor_cases:cases"),
    "unsubscribe": lambda: links.absolute(links.unsubscribe_path(7)),
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_one_worker_links_readers_of_each_language_to_their_pages(address, settings):
    """The worker writes mails in both languages, one after the other."""
    paths = {}
    for language in ("zh-hant", "en", "zh-hant"):
        with translation.override(language):
            paths.setdefault(language, set()).add(address().removeprefix(conf.BASE_URL))

    assert {path[:7] for path in paths["zh-hant"]} == {"/cases/"}
    assert {path[:10] for path in paths["en"]} == {"/en/cases/"}
