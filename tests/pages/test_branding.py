"""The name, logo and accent colour that the office gives the service are those that everything shows."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from cpor_cases.accounts.mfa_adapter import MFAAdapter
from cpor_cases.mail import descriptions, rendering
from cpor_core import branded_styles, branding
from cpor_pages import logos
from cpor_pages.models import ServiceSettings
from tests import factories
from tests.support import every_mail

NAMES = {"zh-hant": "某某法院案件查詢", "en": "A Court's Case Service"}


def call_it(**names):
    stored = ServiceSettings.load()
    stored.name = names
    stored.save()


@pytest.mark.parametrize(
    ("path", "name"), [("/faq/", NAMES["zh-hant"]), ("/en/faq/", "A Court&#x27;s Case Service")]
)
def test_pages_have_the_name_in_head_title_and_footer(public_site, client, path, name):
    call_it(**NAMES)

    page = client.get(path).text

    assert f"| {name}</title>" in page
    assert f"<span>{name}</span>" in page
    assert f'<h2 id="footer-about">{name}</h2>' in page


@pytest.mark.django_db
def test_a_language_without_a_name_keeps_the_usual_one():
    call_it(**{"zh-hant": "某某法院案件查詢"})

    with translation.override("en"):
        assert branding.service_name() == "Online Case Progress Service"
    with translation.override("zh-hant"):
        assert branding.service_name() == "某某法院案件查詢"


@pytest.mark.django_db
def test_the_next_mail_has_a_changed_name():
    with translation.override("en"):
        before = descriptions.describe()["text"]
    call_it(**NAMES)

    with translation.override("en"):
        after = descriptions.describe()["text"]

    assert "Online Case Progress Service" in before
    assert "A Court's Case Service" in after
    assert "Online Case Progress Service" not in after


def test_feed_and_app_have_the_name(public_site, client):
    call_it(**NAMES)

    assert "某某法院案件查詢" in client.get("/news/feed/", follow=True).text
    assert client.get("/manifest.webmanifest").json()["name"] == "某某法院案件查詢"


def test_the_office_has_the_name(client, editor):
    call_it(**NAMES)
    client.force_login(editor)

    assert "某某法院案件查詢" in client.get("/office/", follow=True).text


@pytest.mark.django_db
def test_an_authenticator_app_has_the_name():
    call_it(**NAMES)

    assert MFAAdapter().get_totp_issuer() == "某某法院案件查詢"


def test_a_changed_name_drops_what_is_cached(
    public_site, version, client, django_capture_on_commit_callbacks
):
    assert "| 案件進度線上查詢服務</title>" in client.get("/faq/").text

    with django_capture_on_commit_callbacks(execute=True):
        call_it(**NAMES)

    assert "| 某某法院案件查詢</title>" in client.get("/faq/").text


def logo(width=400, height=120, *, name="logo.png", **options):
    file = get_test_image_file(name, size=(width, height), **options)
    return Image.objects.create(title="logo", file=file)


def store(**values):
    stored = ServiceSettings.load()
    for name, value in values.items():
        setattr(stored, name, value)
    stored.full_clean()
    stored.save()
    return stored


def sent_form(client, **values):
    """Send the settings' form as the office does, and return its errors by field."""
    address = reverse(
        "wagtailsettings:edit", args=["cpor_pages", "servicesettings", ServiceSettings.load().pk]
    )
    translated = ("name", "logo_text", "organisation", "address", "notice")
    sent = {f"{name}_{language}": "" for name in translated for language in ("zh-hant", "en")}
    sent |= {"phone": "", "email": "", "notice_url": "", "logo": "", "logo_on_dark": ""} | values
    response = client.post(address, sent)
    return response.context["form"].errors if response.status_code == 200 else {}


@pytest.mark.parametrize("path", ["/faq/", "/en/faq/", "/accounts/login/"])
def test_pages_show_the_logo_in_place_of_the_emblem(public_site, client, path):
    store(logo=logo(), logo_text={"zh-hant": "某某法院院徽", "en": "Emblem of a court"})

    brand = BeautifulSoup(client.get(path).content, "html.parser").find(class_="brand")

    picture = brand.find("img")
    assert picture["alt"] == ("Emblem of a court" if path.startswith("/en/") else "某某法院院徽")
    assert (picture["width"], picture["height"]) == ("400", "120")
    assert "brand__logo--on-plate" in picture["class"]
    assert brand.find("svg") is None


def test_dark_screens_get_the_logo_for_dark_ground(public_site, client):
    store(logo=logo(), logo_on_dark=logo(name="dark.png"))

    brand = BeautifulSoup(client.get("/faq/").content, "html.parser").find(class_="brand")

    assert brand.find("source")["media"] == "screen and (prefers-color-scheme: dark)"
    assert brand.find("source")["srcset"] != brand.find("img")["src"]
    assert "brand__logo--on-plate" not in brand.find("img")["class"]


def test_the_logo_is_drawn_when_it_is_saved_and_served(public_site, client):
    chosen = logo(4000, 1000)

    store(logo=chosen)

    (drawn,) = chosen.renditions.all()
    assert (drawn.width, drawn.height) == (480, 120)
    response = client.get(drawn.url)
    assert response.status_code == 200
    assert b"".join(response).startswith(b"\x89PNG")


def test_without_its_file_the_emblem_stands_in_place_of_the_logo(public_site, client, caplog):
    chosen = logo()
    ServiceSettings.load()
    ServiceSettings.objects.update(logo=chosen)  # not drawn yet
    chosen.file.storage.delete(chosen.file.name)

    page = client.get("/faq/")

    assert page.status_code == 200
    assert BeautifulSoup(page.content, "html.parser").find(class_="brand").find("svg")
    assert "the logo cannot be drawn" in caplog.text


def test_a_deleted_picture_is_no_longer_the_logo(public_site, client):
    chosen = logo()
    store(logo=chosen)

    chosen.delete()

    assert ServiceSettings.load().logo is None
    assert client.get("/faq/").status_code == 200


@pytest.mark.parametrize(
    ("width", "height", "sentence"),
    [(300, 79, "高 79 像素"), (961, 160, "961 × 160"), (80, 161, "80 × 161"), (6000, 5000, "6000 × 5000")],
)
def test_a_picture_that_makes_no_logo_is_refused_with_its_size(public_site, width, height, sentence):
    chosen = Image(title="logo", width=width, height=height, file="logo.png")

    with pytest.raises(ValidationError) as refused:
        logos.require_logo(chosen)

    assert sentence in str(refused.value)


@pytest.mark.django_db
def test_a_drawing_is_refused_as_logo():
    with pytest.raises(ValidationError, match="SVG"):
        logos.require_logo(Image(title="logo", width=400, height=120, file="logo.svg"))


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"%PDF-1.7", b"GIF89a", b""],
)
def test_what_is_no_picture_cannot_be_uploaded_as_one(client, chief_editor, content):
    client.force_login(chief_editor)

    client.post(
        reverse("wagtailimages:add"), {"title": "logo", "file": SimpleUploadedFile("logo.png", content)}
    )
    client.post(
        reverse("wagtailimages:add"), {"title": "logo", "file": SimpleUploadedFile("logo.svg", content)}
    )

    assert not Image.objects.filter(title="logo").exists()


def test_the_office_chooses_logo_and_colour(client, chief_editor):
    client.force_login(chief_editor)
    chosen = logo()

    assert sent_form(client, logo=chosen.pk, accent="A3211C", accent_on_dark="#fCc") == {}

    stored = ServiceSettings.load()
    assert (stored.logo, stored.accent, stored.accent_on_dark) == (chosen, "#a3211c", "#ffcccc")


def test_the_office_is_told_what_is_wrong_with_logo_and_colour(client, chief_editor):
    client.force_login(chief_editor)

    errors = sent_form(client, logo=logo(100, 50).pk, accent="#ffcc00", accent_on_dark="teal")

    assert "高 50 像素" in errors["logo"][0]
    assert "#846a00" in errors["accent"][0]
    assert "1.32" in errors["accent"][0]
    assert "teal" in errors["accent_on_dark"][0]
    assert ServiceSettings.load().accent == ""


def test_an_own_accent_is_in_one_style_sheet_that_browsers_may_keep(public_site, client):
    store(accent="#a3211c")
    page = client.get("/faq/")
    (sheet,) = BeautifulSoup(page.content, "html.parser").find_all("link", rel="stylesheet", media=None)

    styles = client.get(sheet["href"])

    assert "--accent:#a3211c" in styles.text
    assert "immutable" in styles["Cache-Control"]
    assert styles["Content-Type"] == "text/css; charset=utf-8"
    assert 'name="theme-color" content="#a3211c"' in page.text
    assert "<style" not in page.text
    assert client.get("/manifest.webmanifest").json()["theme_color"] == "#a3211c"


def test_a_page_of_before_a_change_of_colour_finds_the_styles_of_now(public_site, client):
    store(accent="#a3211c")
    before = branded_styles.address()

    store(accent="#1a4fa0")

    assert branded_styles.address() != before
    assert "--accent:#1a4fa0" in client.get(before, follow=True).text
    store(accent="")
    assert client.get(before).url == "/static/cpor/css/site.css"


def test_mails_have_the_accent_and_no_pictures(public_site):
    store(accent="#a3211c", logo=logo())
    mail = every_mail.post("welcome", factories.make_user("reader"), None)

    html = rendering.render(mail).html

    assert "#a3211c" in html
    assert "#0b5c60" not in html
    assert "<img" not in html


def test_the_offline_page_and_its_worker_have_the_accent(public_site, client):
    store(accent="#a3211c")

    assert branded_styles.address() in client.get("/offline/").text
    assert branded_styles.address() in client.get("/service-worker.js").text
