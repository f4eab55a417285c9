"""Creates the first pages, forms and contact of a site. What exists, or existed and was deleted, is left as it is."""

import datetime as dt
import json
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.documents.models import Document
from wagtail.images.models import Filter, Image
from wagtail.models import Collection, Locale, Page, Site

from cpor_core import case_word_history, languages
from cpor_core.models import PartyRole
from cpor_core.translated.columns import texts_from
from cpor_core.translated.fields import fields_of, first_text
from cpor_pages.blocks import SHOWN_AS
from cpor_pages.models import CourtForm, FormVersion, GuidePage, HomePage, RoleGroup, ServiceSettings
from cpor_pages.pdf import guide

from . import creation_log, packaged_guide
from .texts import Blocks, has_texts, read_text
from .tree import TREE, Starter

FORMS = Path(__file__).parent / "forms"
ROLE_GROUPS = Path(__file__).parent / "role_groups.json"
PICTURES = Path(__file__).parent / "pictures"


class HasOwnStartPage(Exception):
    """The site begins with a page that is not ours, and there is no home page of ours to put the others below."""


@transaction.atomic
def load_all() -> dict[str, int]:
    """Make what is missing of pages, forms, settings and the history of the case words; say how many were made.

    Raises HasOwnStartPage where a page of somebody else's would have to make way.
    """
    return {
        "pages": load_pages(),
        "role groups": load_role_groups(),
        "forms": load_forms(),
        "settings": load_settings(),
        "case word records": case_word_history.note_all(),
    }


# Pages


def load_pages() -> int:
    """Make the missing pages of both trees and fill them; pages that exist are not touched.

    A page that was made once and is gone was deleted by an editor, who meant it.
    """
    made: list[tuple[Page, str]] = []
    twins: dict[str, Page] = {}
    for language in filter(has_texts, languages.codes()):
        locale, _made = Locale.objects.get_or_create(language_code=language)
        home = _home(locale, twins, made)
        found = {"": home}
        for starter in TREE:
            _page(starter, found, twins, made)
    for page, path in made:
        _fill(page, path)
    return len(made)


def _home(locale: Locale, twins: dict, made: list) -> HomePage:
    home = HomePage.objects.filter(locale=locale, depth=2).first()
    if not home:
        _refuse_to_replace_a_start_page()
        root = Page.get_first_root_node()
        head, _html = read_text(locale.language_code, "home")
        slug = "home" if locale.language_code == settings.LANGUAGE_CODE else f"home-{locale.language_code}"
        _make_way(root, slug)
        home = HomePage(slug=slug, locale=locale, title=head["title"], show_in_menus=False, live=False)
        _keep_twins(home, "home", twins)
        root.add_child(instance=home)
        made.append((home, "home"))
        if locale.language_code == settings.LANGUAGE_CODE:
            _stand_on_site(home)
    twins["home"] = home
    return home


def _refuse_to_replace_a_start_page() -> None:
    if HomePage.objects.filter(depth=2).exists():
        return
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site and type(site.root_page.specific) not in {Page, HomePage}:
        raise HasOwnStartPage(site.root_page.title)


def _make_way(root: Page, slug: str) -> None:
    """Remove the welcome page that Wagtail's own migrations make."""
    welcome = root.get_children().filter(slug=slug).first()
    if welcome and type(welcome.specific) is Page:
        welcome.delete()


def _stand_on_site(home: HomePage) -> None:
    defaults = {"root_page": home, "hostname": "localhost", "site_name": settings.WAGTAIL_SITE_NAME}
    Site.objects.update_or_create(is_default_site=True, defaults=defaults)


def _page(starter: Starter, found: dict[str, Page], twins: dict, made: list) -> None:
    """Find the page or make it; without a parent, as an editor wished, there is none."""
    home = found[""]
    parent_path, _slash, slug = starter.path.rpartition("/")
    parent = found.get(parent_path)
    page, mark = page_at(home.locale, starter.path), _mark(home.locale, starter.path)
    is_noted = creation_log.was_made(mark)
    if not page and parent and not is_noted:
        head, _html = read_text(home.locale.language_code, starter.path)
        page = starter.model(
            slug=slug, locale=home.locale, title=head["title"], show_in_menus=starter.in_menu, live=False
        )
        _keep_twins(page, starter.path, twins)
        parent.add_child(instance=page)
        made.append((page, starter.path))
    if page:
        if not is_noted:
            creation_log.note(page, mark)
        found[starter.path] = twins[starter.path] = page


def _keep_twins(page: Page, path: str, twins: dict) -> None:
    """The second language's page is the translation of the first's."""
    if path in twins:
        page.translation_key = twins[path].translation_key


def _mark(locale: Locale, path: str) -> str:
    return f"{locale.language_code}/{path}"


def page_at(locale: Locale, path: str) -> Page | None:
    """Return the first page of a path in a language, wherever an editor has moved it and whatever it is called now."""
    known = Page.objects.filter(pk__in=creation_log.keys_of(Page, _mark(locale, path))).first()
    if known:
        return known
    page = HomePage.objects.filter(locale=locale, depth=2).first()
    for slug in path.split("/"):
        page = page and Page.objects.child_of(page).filter(slug=slug).first()
    return page


def _fill(page: Page, path: str) -> None:
    """Give a page just made its text, and publish it."""
    page.refresh_from_db()
    language = page.locale.language_code
    head, html = read_text(language, path)
    blocks = Blocks(
        lambda target: page_at(page.locale, target),
        lambda file, words: _picture(PICTURES / language / file, words),
    )
    page.introduction = head.get("introduction", "")
    page.search_description = head.get("description", "")
    if isinstance(page, HomePage):
        page.steps = json.dumps(blocks.steps(html))
        page.starts = json.dumps(blocks.cards(html))
        page.who = blocks.rich_text(head["who"])
    elif hasattr(page, "answer"):
        page.group = head["group"]
        page.answer = blocks.rich_text(html)
    elif hasattr(page, "body"):
        page.body = json.dumps(blocks.body(html))
    if "date" in head:
        page.date = dt.date.fromisoformat(head["date"])
    page.save_revision().publish()
    if isinstance(page, GuidePage) and packaged_guide.exists(language):
        pdf = packaged_guide.read(language)
        page.refresh_from_db()
        guide.keep(page, pdf, made_on=packaged_guide.day_of(pdf))


# Forms


def load_role_groups() -> int:
    """Make the missing groups of roles, of the roles there are."""
    made = 0
    entries = json.loads(ROLE_GROUPS.read_text(encoding="utf-8"))["role_groups"]
    for place, entry in enumerate(entries):
        if _is_known(RoleGroup, entry["slug"]):
            continue
        group = RoleGroup(slug=entry["slug"], sort_order=place)
        group.name = texts_from(entry, "name")
        group.save()
        for category, roles in entry["roles"].items():
            group.roles.add(*PartyRole.objects.filter(category=category, name__first__in=roles))
        creation_log.note(group, entry["slug"])
        made += 1
    return made


def load_forms() -> int:
    """Make the missing court forms with their files, in a collection of their own."""
    made = 0
    entries = json.loads((FORMS / "forms.json").read_text(encoding="utf-8"))["forms"]
    for place, entry in enumerate(entries):
        if not _is_known(CourtForm, entry["slug"]):
            creation_log.note(_make_form(entry, place), entry["slug"])
            made += 1
    return made


def _is_known(model, slug: str) -> bool:
    """Whether there is one by that name, or was: renamed or deleted, it is not made again."""
    if creation_log.was_made(slug, model):
        return True
    one = model.objects.filter(slug=slug).first()
    if one:
        creation_log.note(one, slug)  # of a site begun before this was noted
    return one is not None


def _make_form(entry: dict, place: int) -> CourtForm:
    facts = {name: entry[name] for name in ("slug", "category", "purpose")}
    facts |= {field.name: texts_from(entry, field.name) for field in fields_of(CourtForm)}
    form = CourtForm.objects.create(sort_order=place, **facts)
    files = {
        kind: _document(f"{first_text(form, 'title')} {kind.upper()}", FORMS / name)
        for kind, name in entry["files"].items()
    }
    form.used_by.set(RoleGroup.objects.filter(slug__in=entry["used_by"]))
    form.versions.add(FormVersion(version_date=dt.date.fromisoformat(entry["version_date"]), **files))
    form.save_revision().publish()
    return form


def _picture(path: Path, words: str) -> int:
    """Make a picture and the size pages show it in, so that no visitor waits for it; return its key."""
    with path.open("rb") as content:
        image = Image.objects.create(title=words, file=ImageFile(content, name=path.name))
    shown = Filter(spec=SHOWN_AS)
    with image.generate_rendition_file(shown) as content:
        key = shown.get_cache_key(image)
        image.renditions.create(filter_spec=SHOWN_AS, focal_point_key=key, file=content)
    return image.pk


def _document(title: str, path: Path) -> Document:
    with path.open("rb") as content:
        file = File(content, name=path.name)
        return Document.objects.create(title=title, file=file, collection=_collection())


def _collection() -> Collection:
    root = Collection.get_first_root_node()
    return root.get_children().filter(name="書狀").first() or root.add_child(name="書狀")


# Contact


def load_settings() -> int:
    """Name the organisation in the footer, once."""
    contact = ServiceSettings.load()
    if contact.organisation:
        return 0
    contact.organisation = {"zh-hant": "司法院", "en": "Judicial Yuan"}
    contact.address = {
        "zh-hant": "100203 臺北市中正區重慶南路一段 124 號",
        "en": "No. 124, Sec. 1, Chongqing S. Rd., Zhongzheng Dist., Taipei City 100203",
    }
    contact.phone = "(02) 2361-8577"
    contact.save()
    return 1
