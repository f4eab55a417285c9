"""Documents and pictures: judged by what they hold, and served so that no browser runs them or keeps an old one."""

import io
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection

from cpor_pages import tasks
from cpor_pages.documents import file_kinds
from cpor_pages.models import CourtForm, FirstPage, FormVersion, GuidePage, GuidePdf
from cpor_pages.pdf import guide, previews
from cpor_pages.starter import load
from tests.support.court_forms import edit_data_of, url_of
from tests.support.responses import read

FORMS = Path(load.__file__).parent / "forms"
ODT = (FORMS / "civil-complaint.odt").read_bytes()
PDF = (FORMS / "civil-complaint.pdf").read_bytes()
OTHER_PDF = (FORMS / "progress-application.pdf").read_bytes()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def png(kind="PNG") -> bytes:
    made = io.BytesIO()
    Picture.new("RGB", (4, 4), "white").save(made, kind)
    return made.getvalue()


def archive(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, content in members.items():
            target.writestr(name, content)
    return made.getvalue()


DOCX = archive(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})
ODS = archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")
TRUE = {
    "a.odt": ODT,
    "a.ods": ODS,
    "a.pdf": PDF,
    "a.docx": DOCX,
    "a.csv": "字別,意義\r\n".encode("cp950"),
    "b.csv": b"a",
}
FALSE = {
    "pdf as odt": ("form.odt", PDF),
    "odt as pdf": ("form.pdf", ODT),
    "text as pdf": ("form.pdf", b"This is a form."),
    "web page as pdf": ("form.pdf", HTML),
    "web page as csv": ("words.csv", b"\xef\xbb\xbf \n" + HTML),
    "drawing as csv": ("words.csv", SVG),
    "drawing as odt": ("form.odt", SVG),
    "program as docx": ("form.docx", b"MZ" + bytes(100)),
    "zip as docx": ("form.docx", archive(**{"a.txt": b"a"})),
    "spreadsheet as text document": ("form.odt", ODS),
    "half an odt": ("form.odt", ODT[: len(ODT) // 2]),
    "picture as pdf": ("form.pdf", png()),
    "half a pdf": ("form.pdf", PDF[:2000]),
    "nothing but zeros as csv": ("words.csv", bytes(100)),
}


def upload(client, url: str, name: str, content: bytes, **sent):
    collection = Collection.get_first_root_node().pk
    file = SimpleUploadedFile(name, content)
    return client.post(url, {"title": "檔案", "collection": collection, "file": file, "tags": ""} | sent)


@pytest.mark.parametrize("name", TRUE)
def test_a_file_that_is_what_it_is_called_is_taken(client, chief_editor, name):
    client.force_login(chief_editor)

    upload(client, reverse("wagtaildocs:add"), name, TRUE[name])

    document = Document.objects.get(title="檔案")
    assert len(document.file_hash) == 40
    assert document.file_size == len(TRUE[name])


@pytest.mark.parametrize(("name", "content"), FALSE.values(), ids=FALSE)
def test_a_file_that_is_not_what_it_is_called_is_refused_at_its_field(client, chief_editor, name, content):
    client.force_login(chief_editor)

    page = upload(client, reverse("wagtaildocs:add"), name, content)

    assert len(page.context["form"].errors["file"]) == 1
    assert not Document.objects.filter(title="檔案").exists()


WAYS = {
    "several at once": lambda: (
        reverse("wagtaildocs:add_multiple"),
        {"files[]": SimpleUploadedFile("a.pdf", HTML)},
    ),
    "replacing": lambda: (reverse("wagtaildocs:edit", args=[Document.objects.first().pk]), {}),
    "in a chooser": lambda: (reverse("wagtaildocs_chooser:create"), {}),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_making_a_document_takes_a_false_one(client, chief_editor, way):
    before = set(Document.objects.values_list("pk", "file", "file_hash"))
    client.force_login(chief_editor)
    url, sent = WAYS[way]()
    prefixed = {"document-chooser-upload-" + name: value for name, value in named_false().items()}

    upload(client, url, "a.pdf", HTML, **prefixed, **sent)

    assert set(Document.objects.values_list("pk", "file", "file_hash")) == before


def named_false() -> dict:
    return {
        "title": "檔案",
        "file": SimpleUploadedFile("a.pdf", HTML),
        "collection": Collection.get_first_root_node().pk,
        "tags": "",
    }


def test_every_document_of_the_starter_content_is_what_it_is_called_and_has_its_fingerprint(public_site):
    for document in Document.objects.all():
        with document.open_file() as file:
            file_kinds.require_kind(file, file_kinds.ending_of(document.filename))
        assert len(document.file_hash) == 40, document


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("起訴狀".encode(), "holds plain text"),
        (HTML, "holds a web page"),
        (png("GIF"), "holds GIF"),
        (b"\0", "is not one"),
    ],
)
def test_who_chose_a_file_of_another_kind_is_told_what_it_holds(content, said):
    with pytest.raises(ValidationError, match=said), translation.override("en"):
        file_kinds.require_kind(io.BytesIO(content), "pdf")


@pytest.mark.parametrize("content", [SVG, HTML, PDF, png("GIF")], ids=["svg", "html", "pdf", "gif"])
@pytest.mark.parametrize("name", ["a.png", "a.svg"])
def test_a_picture_that_is_none_is_refused(client, chief_editor, name, content):
    client.force_login(chief_editor)

    upload(client, reverse("wagtailimages:add"), name, content)

    assert not Image.objects.filter(title="檔案").exists()


# Serving


def make_document(name: str, content: bytes) -> Document:
    return Document.objects.create(title=name, file=ContentFile(content, name=name))


@pytest.mark.parametrize("spelled", ["0" * 20 + "{}", "０{}"])
def test_no_other_spelling_of_its_number_leads_past_what_makes_a_document_safe(client, db, spelled):
    document = make_document("a.odt", TRUE["a.odt"])

    answer = client.get(f"/documents/{spelled.format(document.pk)}/a.odt")

    assert answer.status_code == 404


@pytest.mark.parametrize(("name", "is_shown"), [("a.pdf", True), ("a.odt", False), ("a.csv", False)])
def test_a_document_is_saved_unless_a_browser_shows_it_safely(client, db, name, is_shown):
    answer = client.get(make_document(name, TRUE[name]).url)

    assert read(answer) == TRUE[name]
    assert answer["Content-Disposition"].startswith("inline" if is_shown else "attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert ("sandbox" in answer["Content-Security-Policy"]) is not is_shown
    assert not answer.has_header("Content-Encoding")
    assert int(answer["Content-Length"]) == len(TRUE[name])


def test_a_document_with_no_fingerprint_on_record_gets_it_when_it_is_first_fetched(client, db):
    document = make_document("a.csv", b"first")
    Document.objects.filter(pk=document.pk).update(file_hash="")

    answer = client.get(document.url)
    tag = answer["ETag"]
    read(answer)

    document.refresh_from_db()
    assert tag == f'"{document.file_hash}"' != '""'
    assert client.get(document.url, headers={"If-None-Match": tag}).status_code == 304


def test_the_guide_published_again_comes_whole_to_a_browser_that_had_the_one_before(
    client, public_site, monkeypatch
):
    page = GuidePage.objects.first()
    address_of_pdf = GuidePdf.objects.get(page=page).document.url
    before, tags = None, set()
    for text in (b"first", b"second"):
        monkeypatch.setattr(guide, "as_pdf", lambda *_page, text=text, **_facts: b"%PDF-1.7 " + text)
        page.save_revision().publish()
        tasks.make_guide_pdf.call_local(page.pk)
        headers = (
            {"If-None-Match": before["ETag"], "If-Modified-Since": before["Date-Kept"]} if before else {}
        )
        url = GuidePdf.objects.get(page=page).document.url
        answer = client.get(url, headers=headers)
        assert answer.status_code == 200
        assert read(answer).endswith(text)
        before = {"ETag": answer["ETag"], "Date-Kept": "Fri, 31 Dec 2066 00:00:00 GMT"}
        tags.add(answer["ETag"])
    assert len(tags) == 2
    assert address_of_pdf


def test_a_picture_replaced_within_a_second_has_another_tag(client, public_site, settings):
    folder = Path(settings.MEDIA_ROOT) / "images"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "tag-test.png"
    file.write_bytes(png())
    first = client.get("/media/images/tag-test.png")
    read(first)
    file.write_bytes(png() + b"\0")

    headers = {"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]}
    second = client.get("/media/images/tag-test.png", headers=headers)

    assert second.status_code == 200
    read(second)
    assert (
        client.get("/media/images/tag-test.png", headers={"If-None-Match": second["ETag"]}).status_code == 304
    )
    assert "sandbox" in second["Content-Security-Policy"]


# Versions of forms


@pytest.mark.parametrize(
    ("field", "name", "content"),
    [
        ("pdf", "form.odt", ODT),
        ("odt", "form.pdf", PDF),
        ("pdf", "form.pdf", b"only text"),
        ("pdf", "form.pdf", PDF[:2000]),
        ("docx", "form.docx", ODT),
        ("odt", "form.odt", PDF),
    ],
)
def test_a_version_takes_only_what_its_fields_say_and_tells_it_there(
    client, chief_editor, public_site, field, name, content
):
    form = CourtForm.objects.get(slug="civil-complaint")
    document = make_document(name, content)
    client.force_login(chief_editor)
    sent = edit_data_of(form) | {f"versions-0-{field}": document.pk, "action-publish": "1"}

    page = client.post(url_of("edit", form), sent)

    assert field in page.context["form"].formsets["versions"].errors[0]
    assert not FormVersion.objects.filter(**{field: document}).exists()


def test_a_version_with_its_own_files_is_published(client, chief_editor, public_site):
    form = CourtForm.objects.get(slug="civil-complaint")
    odt, pdf = make_document("new.odt", ODT), make_document("new.pdf", PDF)
    client.force_login(chief_editor)

    client.post(
        url_of("edit", form),
        edit_data_of(form) | {"versions-0-odt": odt.pk, "versions-0-pdf": pdf.pk, "action-publish": "1"},
    )

    assert CourtForm.objects.get(pk=form.pk).current_version.first_page


def replace(client, document: Document, name: str, content: bytes):
    return upload(client, reverse("wagtaildocs:edit", args=[document.pk]), name, content)


@pytest.mark.parametrize(("field", "name", "content"), [("odt", "new.pdf", PDF), ("pdf", "new.odt", ODT)])
def test_a_document_is_not_replaced_by_one_of_another_kind(
    client, chief_editor, public_site, field, name, content
):
    document = getattr(CourtForm.objects.get(slug="civil-complaint").current_version, field)
    before = document.file.name
    client.force_login(chief_editor)

    page = replace(client, document, name, content)

    assert page.context["form"].errors["file"]
    document.refresh_from_db()
    assert document.file.name == before


def test_the_picture_of_a_pdf_follows_its_file(client, chief_editor, public_site):
    document = make_document("a.pdf", PDF)
    before = previews.draw_first_page(document)
    client.force_login(chief_editor)

    replace(client, document, "new.pdf", OTHER_PDF)

    after = FirstPage.objects.get(document=document)
    assert after.pk != before.pk
    assert after.image.name != before.image.name


@pytest.mark.parametrize(("name", "content"), [("a.odt", ODT), ("a.pdf", PDF[:2000])])
def test_the_guide_takes_only_a_pdf_as_its_own(public_site, name, content):
    page = GuidePage.objects.first()
    page.own_pdf = make_document(name, content)

    with pytest.raises(ValidationError) as refused:
        page.full_clean()

    assert set(refused.value.message_dict) == {"own_pdf"}


@pytest.mark.parametrize("button", ["action-draft", "action-submit"])
def test_no_way_of_saving_a_form_takes_a_false_file(client, editor, public_site, button):
    form = CourtForm.objects.get(slug="civil-complaint")
    before = form.latest_revision_id
    client.force_login(editor)

    page = client.post(
        url_of("edit", form),
        edit_data_of(form) | {"versions-0-pdf": make_document("a.odt", ODT).pk, button: "1"},
    )

    assert "pdf" in page.context["form"].formsets["versions"].errors[0]
    assert CourtForm.objects.get(pk=form.pk).latest_revision_id == before


def test_a_false_file_on_record_is_told_where_the_form_is_edited_and_on_the_office(
    client, chief_editor, public_site
):
    form = CourtForm.objects.get(slug="civil-complaint")
    FormVersion.objects.filter(form=form).update(pdf=make_document("a.pdf", b"only text"))
    client.force_login(chief_editor)

    page = client.get(url_of("edit", form))

    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    assert "內容卻是純文字" in str(list(page.context["messages"])[0])
    assert previews.undrawn().filter(form=form).exists()
    home = BeautifulSoup(client.get(reverse("wagtailadmin_home")).content, "html.parser")
    assert form.title in home.find(id="office-undrawn_forms").parent.text


@pytest.fixture
def false_draft(editor, public_site) -> CourtForm:
    """A form that waits for approval with a file that is not what it should be."""
    form = CourtForm.objects.get(slug="civil-complaint")
    draft = form.get_latest_revision_as_object()
    draft.title = {"zh-hant": "尚未核准", "en": "Not yet approved"}
    [version] = draft.versions.all()
    version.pdf = make_document("a.pdf", b"only text")
    draft.versions = [version]
    draft.save_revision(user=editor)
    form.refresh_from_db()
    form.get_workflow().start(form, editor)
    return form


@pytest.mark.parametrize("headers", [{}, {"X-Requested-With": "XMLHttpRequest"}], ids=["button", "dialog"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_form_with_a_false_file_cannot_be_approved(client, chief_editor, false_draft, method, headers):
    client.force_login(chief_editor)
    task = false_draft.current_workflow_task_state

    answer = getattr(client, method)(
        url_of("workflow_action", false_draft, "approve", task.pk), headers=headers
    )

    form = CourtForm.objects.get(pk=false_draft.pk)
    assert form.workflow_in_progress
    assert form.title != "尚未核准"
    assert (answer.json()["redirect"] if headers else answer.url) == url_of("edit", form)
    said = [str(message) for message in client.get(url_of("edit", form)).context["messages"]]
    assert any("未核准" in each for each in said)
    assert any("內容卻是純文字" in each for each in said)


def test_a_form_with_a_false_file_is_sent_back(client, chief_editor, false_draft):
    client.force_login(chief_editor)
    task = false_draft.current_workflow_task_state

    client.post(url_of("workflow_action", false_draft, "reject", task.pk), {"comment": "請換檔"})

    assert not CourtForm.objects.get(pk=false_draft.pk).workflow_in_progress
