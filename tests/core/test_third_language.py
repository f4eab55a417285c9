"""A language is added by a settings line and a catalog: shown by Vietnamese."""

import unicodedata

import polib
import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.management import call_command
from django.utils import translation
from wagtail.models import Locale

from cpor_cases.actions import applications
from cpor_cases.mail import delivery
from cpor_core.models import Court, ProgressKind
from cpor_core.translated.fields import text_in
from cpor_core.translated.forms import TranslatedFormField
from cpor_pages.models import HomePage
from tests import factories

pytestmark = pytest.mark.django_db

CATALOG = {
    ("account", "Log in"): "Đăng nhập",
    (None, "Activate your account"): "Kích hoạt tài khoản của bạn",
    ("day", "%(day)d %(month_name)s %(year)d (ROC %(roc_year)d/%(month)02d/%(day)02d)"): (
        "ngày %(day)d/%(month)d/%(year)d (năm Dân quốc %(roc_year)d)"
    ),
}


@pytest.fixture
def vietnamese(settings, tmp_path):
    folder = tmp_path / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = polib.POFile()
    catalog.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=1; plural=0;"}
    for (context, said), text in CATALOG.items():
        catalog.append(polib.POEntry(msgctxt=context, msgid=said, msgstr=text))
    catalog.save_as_mofile(folder / "django.mo")
    settings.LOCALE_PATHS = [tmp_path, *settings.LOCALE_PATHS]
    settings.LANGUAGES = [*settings.LANGUAGES, ("vi", "Tiếng Việt")]
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES


def test_pages_are_in_it_and_lead_to_it(vietnamese, client):
    page = BeautifulSoup(client.get("/vi/accounts/login/").content, "html.parser")
    other = BeautifulSoup(client.get("/accounts/login/").content, "html.parser")

    assert page.html["lang"] == "vi"
    assert "Đăng nhập" in page.text
    name = other.find("a", href="/vi/accounts/login/", lang="vi").text.strip()
    assert unicodedata.normalize("NFC", name) == "Tiếng Việt"


def test_starter_pages_load_as_before_and_lead_to_it_once_there_is_a_home_page_in_it(vietnamese, client):
    call_command("load_reference_data", verbosity=0)
    call_command("load_starter_content", verbosity=0)

    def links() -> list[str]:
        page = BeautifulSoup(client.get("/faq/").content, "html.parser")
        return [link["href"] for link in page.select("header a[lang]")]

    court = Court.objects.get(code="TPS")
    assert (text_in(court, "name", "zh-hant"), text_in(court, "name", "vi")) == ("最高法院", "")
    assert links() == ["/en/faq/"]
    home = HomePage.objects.get(locale__language_code="zh-hant")
    home.copy_for_translation(Locale.objects.create(language_code="vi")).get_latest_revision().publish()
    assert links() == ["/en/faq/", "/vi/"]


def test_a_name_is_in_it_once_it_is_given_and_else_in_the_first_language(vietnamese):
    kind = factories.make_kind("judgment", name_zh="判決", name_en="Judgment")
    names = {"zh-hant": "判決", "en": "Judgment", "vi": "Bản án"}

    with translation.override("vi"):
        assert kind.name == "判決"
        kind.name = names
        kind.save()

        assert str(ProgressKind.objects.get(pk=kind.pk)) == "Bản án"
        assert ProgressKind.objects.filter(name__reader="Bản án").exists()
    assert ProgressKind.objects.get(pk=kind.pk).name == "判決"


def test_editors_give_texts_in_it_and_need_not(vietnamese):
    field = TranslatedFormField()

    assert 'name="name_vi"' in field.widget.render("name", {}, {"id": "name"})
    assert field.clean({"zh-hant": "判決", "en": "Judgment", "vi": ""}) == {
        "zh-hant": "判決",
        "en": "Judgment",
    }


def test_a_mail_comes_in_it(vietnamese, clerk, court):
    application = factories.make_application(court, by=clerk, language="vi")
    applications.approve(application=application, by=clerk)

    delivery.deliver.call_local()

    [sent] = mail.outbox
    assert "Kích hoạt tài khoản của bạn" in sent.body
    assert "/vi/accounts/activate/" in sent.body
    assert "năm Dân quốc" in sent.body


def test_no_migration_is_needed(vietnamese):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
