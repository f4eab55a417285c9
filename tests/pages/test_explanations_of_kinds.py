"""How editors keep what each kind of entry means to its readers (rule 13)."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from cpor_core import reference
from cpor_core.models import ProgressKind
from cpor_core.models.progress_kinds import LONGEST_PART, PARTS
from cpor_core.translated.fields import text_in
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _packaged_kinds():
    reference.load_all()


def test_editors_see_which_kinds_lack_what_and_can_list_them(client, editor):
    factories.make_kind("new_kind", name_zh="新事項", name_en="New", meaning_zh="意思。", meaning_en="It.",
                        to_do_zh="請看。", next_step_zh="之後。", next_step_en="Then.")  # fmt: skip
    client.force_login(editor)
    address = reverse("wagtailsnippets_cpor_core_progresskind:list")

    rows = BeautifulSoup(client.get(address, {"explanation": "lacking"}).content, "html.parser").select(
        "#listing-results tbody tr"
    )
    home = BeautifulSoup(client.get(reverse("wagtailadmin_home")).content, "html.parser")

    assert len(rows) == 1
    assert "新事項" in rows[0].a.text
    assert "尚缺：您要做什麼（English）" in rows[0].text
    assert (
        len(BeautifulSoup(client.get(address).content, "html.parser").select("#listing-results tbody tr")) > 1
    )
    assert [link.text for link in home.find(id="office-unexplained_kinds").parent("a")] == ["新事項"]


def test_the_form_has_an_input_for_each_part_and_language_with_its_length(client, editor):
    client.force_login(editor)
    kind = ProgressKind.objects.get(code="judgment")

    page = client.get(reverse("wagtailsnippets_cpor_core_progresskind:edit", args=[kind.pk])).content
    form = BeautifulSoup(page, "html.parser")

    for name in PARTS:
        for language in ("zh-hant", "en"):
            field = form.find("textarea", {"name": f"{name}_{language}"})
            count = field.find_parent("div", {"data-controller": "office-count"}).find("output")
            assert field["maxlength"] == str(LONGEST_PART)
            assert count.text == str(len(text_in(kind, name, language)))
