"""The editors' CSV of case words: previewed before it is carried out."""

import csv
import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cpor_core.models import CaseWord, CaseWordRecord
from cpor_core.office.case_words import csv_exchange
from tests.factories import make_word

HEAD = "category,court_tier,word,meaning_zh,openness,open_from\n"


def upload(client, content: bytes):
    return client.post(reverse("case_words_import"), {"file": SimpleUploadedFile("words.csv", content)})


def text_of(content: bytes, name: str = "words.csv") -> str:
    return csv_exchange.as_text(SimpleUploadedFile(name, content))


def as_zip(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def as_workbook(text: str) -> bytes:
    book, made = openpyxl.Workbook(), io.BytesIO()
    for row in csv.reader(io.StringIO(text)):
        book.active.append(row)
    book.save(made)
    return made.getvalue()


TWO_WORDS = f"{HEAD}civil,district,甲,意義,yes,\ncivil,district,乙,意義,yes,2026-09-24\n"
WRITTEN = {
    "line ends of an old Macintosh": ("words.csv", TWO_WORDS.replace("\n", "\r").encode()),
    "line ends of Windows": ("words.csv", TWO_WORDS.replace("\n", "\r\n").encode()),
    "UTF-16": ("words.csv", TWO_WORDS.encode("utf-16")),
    "Big5": ("words.csv", TWO_WORDS.encode("cp950")),
    "semicolons": ("words.csv", TWO_WORDS.replace(",", ";").encode()),
    "a workbook": ("words.xlsx", as_workbook(TWO_WORDS)),
    "a ZIP of a Mac": (
        "words.zip",
        as_zip(**{".DS_Store": b"\0", "__MACOSX/._w.csv": b"\0", "w.csv": TWO_WORDS.encode()}),
    ),
}


@pytest.mark.parametrize(("name", "content"), WRITTEN.values(), ids=WRITTEN)
def test_words_are_read_however_they_were_saved(client, chief_editor, name, content):
    client.force_login(chief_editor)
    file = SimpleUploadedFile(name, content)

    page = client.post(reverse("case_words_import"), {"file": file})

    plan = page.context["plan"]
    assert [word.word for word in plan.added] == ["甲", "乙"]
    assert not plan.rejected
    done = client.post(reverse("case_words_import"), {"text": page.context["text"], "confirm": "1"})
    assert done.status_code == 302
    assert CaseWord.objects.filter(word__in=["甲", "乙"], meaning__first="意義").count() == 2


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ("訴\u200b", "訴"),
        ('"=""訴"""', "訴"),
        ("=“訴”", "訴"),
        ("'訴", "訴"),
        ("訴字", "訴"),
        ("訴_x000D_", "訴"),
    ],
)
def test_a_word_is_known_again_with_the_traces_of_a_spreadsheet(db, cell, stored):
    make_word(stored)

    plan = csv_exchange.plan(text_of(f"category,court_tier,word\ncivil,district,{cell}\n".encode()))

    assert (plan.unchanged, plan.added, plan.rejected) == (1, [], [])


@pytest.mark.parametrize("cell", ["'=已停用", "甲_x000D_\n乙", "甲\u2028乙  "])
def test_a_text_is_read_as_in_a_courts_export(db, cell):
    head = "category,court_tier,word,meaning_zh\n"

    [word] = csv_exchange.plan(text_of(f'{head}civil,district,丙,"{cell}"\n'.encode())).added

    assert word.meaning == {"'": "=已停用", "甲": "甲\n乙"}[cell[0]]


@pytest.mark.parametrize("day", ["26/01/01", "15/01/01", "2206-01-01", "1999-12-31", "西元2206年1月1日"])
@pytest.mark.parametrize("column", ["open_from", "open_until"])
def test_a_day_that_is_a_slip_closes_no_word_for_ever(db, day, column):
    plan = csv_exchange.plan(f"category,court_tier,word,{column}\ncivil,district,丙,{day}\n")

    assert not plan.added
    assert "顯然有誤" in plan.rejected[0].reason


NOT_READ = {
    "a cell of a megabyte": HEAD.encode() + b"civil,district," + b"x" * 900_000 + b",,,\n",
    "a quotation mark that is not closed": HEAD.encode() + b'civil,district,"' + b"x,\n" * 60_000,
    "a line of thousands of columns": HEAD.encode() + b"," * 5000,
    "a PDF": b"%PDF-1.7",
    "nothing": b"\n",
}


@pytest.mark.parametrize("content", NOT_READ.values(), ids=NOT_READ)
def test_a_file_of_words_that_cannot_be_read_is_refused_with_a_sentence(client, chief_editor, content):
    client.force_login(chief_editor)

    page = upload(client, content)

    assert page.context["form"].errors


@pytest.mark.parametrize(
    "content", [HEAD + "a" * 200_000, HEAD.replace("\n", "\r") + "civil", f"{HEAD}civil"]
)
def test_text_sent_for_confirmation_is_read_as_carefully(client, chief_editor, content):
    before = CaseWord.objects.count()
    client.force_login(chief_editor)

    page = client.post(reverse("case_words_import"), {"text": content, "confirm": "1"})

    assert page.status_code in {200, 302}
    assert CaseWord.objects.count() == before


def test_what_was_exported_comes_back_unchanged(public_site):
    made = csv_exchange.plan(text_of(csv_exchange.export()))

    assert made.unchanged == CaseWord.objects.count()
    assert not made.added + made.changed + made.rejected


def test_a_meaning_like_a_formula_comes_back_as_it_was(public_site):
    make_word("甲", meaning_zh="=1+1")

    exported = text_of(csv_exchange.export())

    assert "'=1+1" in exported
    assert not csv_exchange.plan(exported).changed


def test_a_plan_tells_added_changed_and_rejected_rows(public_site):
    make_word("甲", meaning_zh="舊", openness="no")
    text = (
        f"{HEAD}civil,district,甲,新,yes,115/09/24\ncivil,district,新訴,說明,yes,\n"
        "civil,district,乙,說明,yes,115/13/45\nnonsense,district,丙,說明,yes,\ncivil,district,新訴,再,yes,\n"
    )

    made = csv_exchange.plan(text)

    assert [word.word for word in made.added] == ["新訴"]
    assert [(change.before, change.after) for change in made.changed[0][1]] == [
        ("舊", "新"),
        ("未開放", "開放"),
        ("", "2026-09-24"),
    ]
    assert [row.line for row in made.rejected] == [4, 5, 6]


def rejected(row: str, head: str = HEAD) -> str:
    made = csv_exchange.plan(f"{head}{row}\n")
    assert not made.added + made.changed
    [line] = made.rejected
    return line.reason


@pytest.mark.parametrize(
    ("row", "column", "allowed"),
    [
        ("民商,district,甲,意義,yes,", "category", "民事 (civil)"),
        (",district,甲,意義,yes,", "category", "家事 (family)"),
        ("civil,地方,甲,意義,yes,", "court_tier", "地方法院 (district)"),
        ("civil,district,甲,意義,maybe,", "openness", "開放 (yes)"),
    ],
)
def test_a_rejected_row_names_the_column_the_cell_and_what_is_allowed(public_site, row, column, allowed):
    reason = rejected(row)

    assert f"({column})" in reason
    assert allowed in reason


def test_all_that_is_wrong_with_a_row_is_said_at_once(public_site):
    reason = rejected(f"civil,nowhere,甲,{'長' * 201},yes,115/13/45")

    assert "(court_tier)" in reason
    assert "(open_from)" in reason
    assert "(meaning_zh)" in rejected(f"civil,district,甲,{'長' * 201},yes,")
    assert "(word)" in rejected("civil,district,,意義,yes,")


@pytest.mark.parametrize(
    ("category", "bench", "openness"), [("民事", "地方法院", "開放"), ("Civil", "District court", "ＹＥＳ")]
)
def test_a_code_may_be_written_as_people_call_it(public_site, category, bench, openness):
    made = csv_exchange.plan(f"{HEAD}{category},{bench},新訴,意義,{openness},\n")

    [word] = made.added
    assert (word.category, word.court_tier, word.openness) == ("civil", "district", "yes")


def test_a_column_that_is_not_known_is_named_and_nothing_is_taken(public_site):
    with pytest.raises(csv_exchange.UnreadableFile, match="open_form"):
        csv_exchange.plan("category,court_tier,word,open_form\ncivil,district,甲,2026-09-24\n")


def test_a_row_with_more_cells_than_columns_is_rejected(public_site):
    assert rejected("civil,district,甲,意義,yes,,多出的")


def test_a_preview_changes_nothing(client, editor):
    client.force_login(editor)
    before = CaseWord.objects.count()

    response = upload(client, f"{HEAD}civil,district,新訴,說明,yes,\n".encode())

    assert "新訴" in response.content.decode()
    assert CaseWord.objects.count() == before


def test_what_was_previewed_is_carried_out_and_recorded(client, editor):
    client.force_login(editor)
    text = f"{HEAD}civil,district,新訴,說明,yes,\n"

    client.post(reverse("case_words_import"), {"text": text, "confirm": "yes"})

    word = CaseWord.objects.get(word="新訴")
    assert CaseWordRecord.objects.get(word_id_then=word.pk).recorded_by == editor


def test_a_file_in_big5_is_read(client, editor):
    client.force_login(editor)

    response = upload(client, f"{HEAD}civil,district,新訴,說明,yes,\n".encode("cp950"))

    assert "新訴" in response.content.decode()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\xd8", b"a,b\n1,2\n", b""])
def test_a_file_that_cannot_be_read_is_told(client, editor, content):
    client.force_login(editor)

    response = upload(client, content)

    assert response.status_code == 200
    assert "help-critical" in response.content.decode() or "error" in response.content.decode()


@pytest.mark.parametrize("name", ["case_words_import", "case_words_export"])
def test_only_editors_exchange_words(public_site, client, clerk, other_litigant, editor, name):
    for user in (clerk, other_litigant):
        client.force_login(user)
        assert client.get(reverse(name)).status_code in (302, 403)

    client.force_login(editor)
    assert client.get(reverse(name)).status_code == 200


def test_the_list_leads_to_the_exchange(client, editor):
    client.force_login(editor)

    html = client.get(reverse("wagtailsnippets_cpor_core_caseword:list")).content.decode()

    assert reverse("case_words_import") in html
