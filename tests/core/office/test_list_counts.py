"""How many rows a list has is said as each language counts."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page

from cpor_core.models import CaseWord, ClerkPost
from cpor_core.office.list_counts import CountingPaginator
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "words", "in_english"),
    [
        (ClerkPost, "共 0 位", "0 clerks' posts"),
        (get_user_model(), "共 0 位", "0 users"),
        (CaseWord, "共 0 個", "0 case words"),
        (Page, "共 0 筆", "0 pages"),
    ],
)
def test_rows_are_counted_with_the_word_for_what_they_are(model, words, in_english):
    paginator = CountingPaginator(model.objects.none(), 20)
    assert paginator.items_count_label == words

    with translation.override("en"):
        assert CountingPaginator(model.objects.none(), 20).items_count_label == in_english


def test_the_lists_of_the_office_count_so(client, court):
    client.force_login(factories.make_user(is_superuser=True))

    page = client.get(reverse("wagtailsnippets_cpor_core_court:list")).content.decode()

    assert "共 1 個" in page
