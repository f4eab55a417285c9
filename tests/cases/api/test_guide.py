"""What a programmer needs is there without asking: codes and names as data, and one guide in both languages."""

import re

import pytest
from django.conf import settings

from cpor_cases.api import guide, interface
from cpor_cases.api.problems import TYPES
from cpor_cases.api.schemas import State
from cpor_cases.intake.columns import HEADINGS
from cpor_core import conf
from cpor_core.models import CaseWord, Category, Court, ProgressKind
from cpor_core.reasons import SENTENCES
from cpor_core.translated.fields import text_in
from tests.factories import make_court, make_kind, make_word, row
from tools.build_api_guide import FILES

pytestmark = pytest.mark.django_db


@pytest.fixture
def openapi():
    return interface.api.get_openapi_schema(path_prefix="/api/v1/")


class TestReference:
    @pytest.fixture
    def read(self, client, secret):
        def read(**headers):
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            return client.get("/api/v1/reference", headers=names | {"Authorization": f"Bearer {secret}"})

        return read

    def test_it_has_the_codes_and_names_of_all_that_a_row_names(self, case, read):
        told = read().json()

        court = Court.objects.get(code="TPD")
        found = next(each for each in told["courts"] if each["code"] == "TPD")
        assert (found["name_zh"], found["name_en"]) == (
            text_in(court, "name", "zh-hant"),
            text_in(court, "name", "en"),
        )
        assert {"code": "civil", "name_zh": "民事", "name_en": "Civil"} in told["categories"]
        assert [each["code"] for each in told["categories"]] == Category.values
        assert {each["word"] for each in told["words"]} == {"訴"}
        assert [each["code"] for each in told["kinds"]] == ["judgment"]
        assert [each["key"] for each in told["columns"]] == list(HEADINGS)

    def test_a_row_made_of_it_is_taken(self, case, read, send, see, worker):
        told = read().json()
        court = next(each for each in told["courts"] if each["code"] == "TPD")
        word = next(
            each
            for each in told["words"]
            if each["bench"] in court["benches"] and each["category"] in court["categories"]
        )
        sent = row(case) | {
            "court": court["name_zh"],
            "category": next(
                each["name_zh"] for each in told["categories"] if each["code"] == word["category"]
            ),
            "word": word["word"],
            "kind": told["kinds"][0]["name_zh"],
        }

        answer = worker(lambda: send([sent]))

        assert see(answer.json()["url"]).json()["counts"]["created"] == 1

    def test_a_family_court_has_the_family_words_alone(self, case, read):
        family = make_court("KSY", tier="juvenile_family")
        make_word("家", category="family")

        told = read().json()

        found = next(each for each in told["courts"] if each["code"] == "KSY")
        taken = {
            each["word"]
            for each in told["words"]
            if each["bench"] in found["benches"] and each["category"] in found["categories"]
        }
        assert taken == set(CaseWord.objects.of_court(family).values_list("word", flat=True)) == {"家"}

    def test_its_version_changes_with_it_and_is_the_etag(self, case, read):
        first = read()
        assert first["ETag"] == f'"{first.json()["version"]}"'
        unchanged = read(If_None_Match=first["ETag"])
        assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", first["ETag"])

        ProgressKind.objects.update(name={"zh-hant": "裁定", "en": "Ruling of the court"})

        changed = read(If_None_Match=first["ETag"])
        assert changed.status_code == 200
        assert changed.json()["version"] != first.json()["version"]

    def test_it_does_not_depend_on_the_language_of_the_call(self, case, read):
        assert read(Accept_Language="en").content == read(Accept_Language="zh-TW").content

    def test_its_queries_do_not_grow(self, case, read, django_assert_max_num_queries):
        read()
        for word in "甲乙丙":
            make_word(word)
        make_kind("mediation")
        with django_assert_max_num_queries(4):
            read()

    def test_it_takes_a_token(self, client):
        assert client.get("/api/v1/reference").status_code == 401


@pytest.mark.parametrize("language", FILES)
class TestGuide:
    def test_it_names_everything_that_the_interface_has(self, language, openapi):
        text = guide.text(language)

        for path, methods in openapi["paths"].items():
            for method, operation in methods.items():
                assert f"{method.upper()} {path}" in text
                for parameter in operation.get("parameters", []):
                    assert parameter["name"] in text
                for status in operation["responses"]:
                    assert str(int(status)) in text, (path, status)
        for code in (*HEADINGS, *State, *SENTENCES, "other"):
            assert f"`{code}`" in text
        for heading in HEADINGS.values():
            assert heading in text
        for kind in TYPES:
            assert text.count(f'id="{kind}"') == 1
        assert str(conf.API_CALLS_A_MINUTE) in text
        assert "%(" not in text

    def test_the_file_in_docs_is_made_of_it(self, language):
        file = settings.BASE_DIR / "docs" / FILES[language]

        assert file.read_text(encoding="utf-8") == guide.text(language), "run: make docs"

    def test_the_page_says_it_in_the_language_asked_for(self, client, language):
        by_header = client.get("/api/v1/docs", headers={"Accept-Language": language}).content.decode()
        other = next(each for each in FILES if each != language)
        by_name = client.get(f"/api/v1/docs?lang={language}", headers={"Accept-Language": other})
        by_name = by_name.content.decode()

        for page in (by_header, by_name):
            assert guide.page(language).splitlines()[0] in page
            assert f"/api/v1/docs?lang={other}" in page

    def test_both_texts_have_the_same_parts(self, language):
        def parts(text):
            return [
                re.findall(r'<a id="([\w-]+)"', text),
                re.findall(r"^(#+) ", text, re.MULTILINE),
                len(re.findall(r"^\|", text, re.MULTILINE)),
                sorted(re.findall(r"`([^`\n]+)`", text)),
            ]

        ours, original = parts(guide.text(language)), parts(guide.text("en"))
        assert ours[:3] == original[:3]
        assert set(ours[3]) == set(original[3])


def test_the_description_for_programs_names_the_headers_of_answers(openapi):
    answers = openapi["paths"]["/api/v1/progress"]["post"]["responses"]

    assert all("X-Request-ID" in answer["headers"] for answer in answers.values())
    named = {int(status): set(answer["headers"]) - {"X-Request-ID"} for status, answer in answers.items()}
    assert named[202] == {"Location"}
    assert named[429] == named[409] == {"Retry-After"}


def test_a_language_without_a_text_of_its_own_reads_the_original():
    assert guide.text("ja").startswith("# For the programmer")


def test_the_description_for_programs_lists_what_may_be_said(openapi):
    schemas = openapi["components"]["schemas"]

    assert set(schemas["ReasonCode"]["enum"]) == {*SENTENCES, "other"}
    assert schemas["Column"]["enum"] == list(HEADINGS)
    assert schemas["State"]["enum"] == [*State]
    assert schemas["Category"]["enum"] == Category.values
    assert "民事" in schemas["ProgressRow"]["properties"]["category"]["enum"]
    assert schemas["ProgressRow"]["properties"]["detail"]["maxLength"] == 500
