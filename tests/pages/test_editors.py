"""The office as editors know it: what they may, what they may not, and what is noted of it."""

import datetime as dt
import json

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.contrib.redirects.models import Redirect

from cpor_cases.models import ClarityCounter
from cpor_cases.models.clarity_counters import quarter_of
from cpor_core import case_word_history, reference
from cpor_core.models import CaseWord, CaseWordRecord, Court, PartyRole, ProgressKind
from cpor_pages.models import (
    AnswerPage,
    CourtForm,
    GuidePage,
    HomePage,
    PlainPage,
    RoleGroup,
    ServiceSettings,
)
from cpor_pages.office.broken_links import broken_links
from tests import factories

LISTS = [
    "wagtailsnippets_cpor_pages_courtform:list",
    "wagtailsnippets_cpor_core_caseword:list",
    "wagtailsnippets_cpor_core_progresskind:list",
    "wagtailsnippets_cpor_core_partyrole:list",
    "wagtailsnippets_cpor_core_court:list",
    "wagtailsnippets_cpor_pages_rolegroup:list",
]
OF_CASES = ["case", "application", "caseaccess", "progressentry", "outgoingmail", "importrun", "clerkpost"]


@pytest.mark.parametrize("name", LISTS)
def test_an_editor_opens_the_lists_and_an_outsider_does_not(client, editor, other_litigant, name):
    client.force_login(editor)
    assert client.get(reverse(name)).status_code == 200

    client.force_login(other_litigant)
    assert client.get(reverse(name)).status_code in (302, 403)


@pytest.mark.parametrize("name", LISTS)
def test_each_row_of_a_list_leads_to_its_form(client, editor, name):
    client.force_login(editor)

    page = BeautifulSoup(client.get(reverse(name)).content, "html.parser")

    rows = page.select("#listing-results tbody tr")
    assert rows
    edit = reverse(name.replace(":list", ":edit"), args=[0]).replace("/0/", "/")
    assert all(row.select_one(f"td a[href^='{edit}']") for row in rows)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_searched(client, editor, name):
    client.force_login(editor)

    assert client.get(reverse(name), {"q": "訴"}).status_code == 200


def test_a_list_says_yes_and_no_in_the_readers_language(client, editor):
    ProgressKind.objects.all().update(resumes_query=True, ends_query=False)
    client.force_login(editor)

    for name in LISTS:
        cells = {
            cell.text.strip()
            for cell in BeautifulSoup(client.get(reverse(name)).content, "html.parser").select("td")
        }
        assert not cells & {"True", "False"}, name
    page = BeautifulSoup(
        client.get(reverse("wagtailsnippets_cpor_core_progresskind:list")).content, "html.parser"
    )
    assert {"是", "否"} <= {cell.text.strip() for cell in page.select("td")}


def test_a_list_names_the_stage_of_a_kind_in_the_readers_language(client, editor):
    factories.make_kind("paper_filed", stage="filing")
    client.force_login(editor)

    page = client.get(reverse("wagtailsnippets_cpor_core_progresskind:list"), {"q": "paper_filed"}).content

    cells = {cell.text.strip() for cell in BeautifulSoup(page, "html.parser").select("td")}
    assert "書狀與閱卷" in cells
    assert "filing" not in cells


def test_every_packaged_kind_is_of_a_stage_that_has_a_name(db):
    reference.load_all()

    stages = set(ProgressKind.objects.values_list("stage", flat=True))
    assert stages == set(ProgressKind.Stage.values)


def test_titles_name_the_service_and_pages_that_are_not_there_lead_back(client, editor):
    client.force_login(editor)

    assert "<title>書狀 - 案件進度線上查詢服務</title>" in client.get(reverse(LISTS[0])).content.decode()
    nowhere = client.get("/office/no-such-page/")
    assert nowhere.status_code == 404
    assert "案件進度線上查詢服務</title>" in nowhere.content.decode()
    assert "管理界面" not in nowhere.content.decode()


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Approved", "已核准"),
        ("Request changes", "退回修改"),
        ("live", "已發布"),
        ("Search", "搜尋"),
        ("This field is required.", "這個欄位必須填寫。"),
    ],
)
def test_slips_in_wagtails_chinese_are_put_right(english, chinese):
    with translation.override("zh-hant"):
        assert translation.gettext(english) == chinese


def test_nobody_in_the_office_reads_hearings_in_another_places_time(client, editor):
    client.force_login(editor)

    account = client.get(reverse("wagtailadmin_account")).content.decode()

    assert "preferred_language" in account
    assert "current_time_zone" not in account


@pytest.mark.parametrize("model", OF_CASES)
def test_editors_see_nothing_of_cases(editor, chief_editor, model):
    for user in (editor, chief_editor):
        assert not [each for each in user.get_all_permissions() if each.endswith(f"_{model}")]


def test_a_clerk_edits_no_pages(public_site, client, clerk):
    client.force_login(clerk)
    about = PlainPage.objects.get(slug="about", locale__language_code="zh-hant")

    assert client.get(reverse("wagtailadmin_pages:edit", args=[about.pk])).status_code in (302, 403)
    assert client.get(reverse(LISTS[0])).status_code in (302, 403)


def test_an_editor_writes_and_a_chief_editor_publishes(editor, chief_editor):
    about = PlainPage.objects.get(slug="about", locale__language_code="zh-hant")

    assert about.permissions_for_user(editor).can_edit()
    assert not about.permissions_for_user(editor).can_publish()
    assert about.permissions_for_user(chief_editor).can_publish()
    assert about.get_workflow().name == "主編審核"


def test_a_preview_may_stand_in_a_frame_of_the_office_and_runs_no_inline_script(editor):
    about = PlainPage.objects.get(slug="about", locale__language_code="zh-hant")

    response = about.make_preview_request()

    policy = response["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy


def blocks_on_offer() -> list:
    fields = [
        GuidePage._meta.get_field("body"),
        HomePage._meta.get_field("steps"),
        HomePage._meta.get_field("starts"),
    ]
    return [block for field in fields for block in field.stream_block.child_blocks.values()]


@pytest.mark.parametrize("block", blocks_on_offer(), ids=lambda block: block.name)
def test_the_chooser_says_what_each_block_is_and_shows_it_as_it_will_look(client, editor, block):
    client.force_login(editor)

    html = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix}).content.decode()

    assert "css/site.css" in html
    assert block.meta.description
    assert block.meta.template.startswith("cpor_pages/blocks/")
    assert BeautifulSoup(html, "html.parser").find("main").find(["p", "ol", "dl", "img"]), html


def test_every_form_screen_has_a_title(client, editor):
    client.force_login(editor)
    form = CourtForm.objects.get(slug="civil-complaint")

    html = client.get(reverse("wagtailsnippets_cpor_pages_courtform:edit", args=[form.pk])).content.decode()

    assert html.count("<h1") == 1


def word_form(**over) -> dict:
    facts = {"category": "civil", "court_tier": "district", "word": "勞專調", "openness": "yes"}
    return facts | over


def test_opening_a_word_is_noted_with_who_did_it(client, editor):
    client.force_login(editor)

    client.post(reverse("wagtailsnippets_cpor_core_caseword:add"), word_form(word="新增"))

    word = CaseWord.objects.get(word="新增")
    record = CaseWordRecord.objects.get(word_id_then=word.pk)
    assert (record.event, record.recorded_by, record.openness) == ("listed", editor, "yes")


def test_closing_a_word_is_noted(client, editor):
    word = CaseWord.objects.open_on().first()
    client.force_login(editor)

    client.post(
        reverse("wagtailsnippets_cpor_core_caseword:edit", args=[word.pk]),
        word_form(category=word.category, court_tier=word.court_tier, word=word.word, openness="no"),
    )

    assert CaseWordRecord.objects.filter(word_id_then=word.pk).first().openness == "no"


def test_a_chief_editor_s_removal_is_noted(client, chief_editor):
    word = CaseWord.objects.first()
    client.force_login(chief_editor)

    client.post(reverse("wagtailsnippets_cpor_core_caseword:delete", args=[word.pk]))

    assert CaseWordRecord.objects.filter(word_id_then=word.pk).first().event == "removed"


def test_who_opened_a_word_and_when_is_told_to_those_who_answer_for_the_list(client, editor, chief_editor):
    client.force_login(editor)
    client.post(reverse("wagtailsnippets_cpor_core_caseword:add"), word_form(word="新增", openness="no"))
    word = CaseWord.objects.get(word="新增")
    edit = reverse("wagtailsnippets_cpor_core_caseword:edit", args=[word.pk])
    client.force_login(chief_editor)
    client.post(edit, word_form(word="新增", openness="yes", open_from="2026-12-01"))

    answer = client.get(reverse("word_changes_report"), {"word": "新增"})
    rows = BeautifulSoup(answer.content, "html.parser").select("#listing-results tbody tr")
    opened, listed = ([cell.get_text(" ", strip=True) for cell in row("td")] for row in rows)

    assert "開放查詢：未開放 → 開放" in opened[4]
    assert "開放起日：– → 2026-12-01" in opened[4]
    assert (opened[5], listed[5]) == ("chief-editor", "editor")
    assert str(timezone.localdate()) in opened[0]
    assert f"{reverse('word_changes_report')}?word=" in client.get(edit).content.decode()


def test_the_changes_of_words_are_taken_away_in_taipei_s_time(client, editor):
    case_word_history.note(factories.make_word("新增"), by=editor)
    client.force_login(editor)

    csv = client.get(reverse("word_changes_report"), {"word": "新增", "export": "csv"}).content.decode(
        "utf-8-sig"
    )

    assert csv.splitlines()[1].startswith(timezone.localtime().strftime("%Y-%m-%d %H"))
    assert csv.splitlines()[1].endswith(",editor")


def test_the_editor_s_form_of_a_court_form_opens(client, editor):
    client.force_login(editor)
    form = CourtForm.objects.get(slug="civil-complaint")

    assert client.get(reverse("wagtailsnippets_cpor_pages_courtform:edit", args=[form.pk])).status_code == 200


def test_an_editor_makes_a_group_of_roles_that_visitors_choose(client, editor):
    client.force_login(editor)
    roles = PartyRole.objects.filter(name__first="程序監理人")
    facts = {"slug": "guardian-ad-litem", "name_zh-hant": "程序監理人", "name_en": "Guardian ad litem"}

    client.post(
        reverse("wagtailsnippets_cpor_pages_rolegroup:add"),
        facts | {"sort_order": "20", "roles": [role.pk for role in roles]},
    )

    group = RoleGroup.objects.get(slug="guardian-ad-litem")
    assert list(group.roles.all()) == list(roles)
    assert "程序監理人" in client.get("/forms/").content.decode()


def test_the_office_speaks_chinese_of_itself(client, editor):
    client.force_login(editor)
    about = plain_page("about")
    told = {
        reverse("wagtailadmin_pages:edit", args=[about.pk]): ["設定發布排程", "搜尋引擎", "網頁描述"],
        reverse("wagtailadmin_explore", args=[about.get_parent().pk]): ["網頁類型", "發布選取的網頁"],
        reverse("wagtailadmin_reports:aging_pages"): ["久未更新的網頁", "最後發布早於"],
        reverse("wagtailadmin_javascript_catalog"): [json.dumps("全部收合")],
    }

    for address, words in told.items():
        html = client.get(address).content.decode()
        assert [each for each in words if each not in html] == [], address


def office_of(client, user):
    client.force_login(user)
    return BeautifulSoup(client.get(reverse("wagtailadmin_home")).content, "html.parser").find(
        class_="editors-home"
    )


def test_an_editor_begins_with_the_ways_to_what_visitors_read(client, editor):
    office = office_of(client, editor)

    for link in office("a"):
        assert client.get(link["href"], follow=True).status_code == 200, link
    assert len(office("a")) == 6


def card_of(client, user, heading: str):
    """Return one of the cards of somebody's first page."""
    client.force_login(user)
    page = BeautifulSoup(client.get(reverse("wagtailadmin_home")).content, "html.parser")
    return next(each.parent for each in page("h2") if heading in each.text)


def test_an_editor_with_nothing_to_do_is_told_so(client, editor):
    assert "所有連結都有效" in card_of(client, editor, "失效的連結").text
    assert "沒有尚未發布的草稿" in card_of(client, editor, "我的草稿").text


def test_an_editor_is_told_what_needs_attention(client, editor):
    PlainPage.objects.filter(slug="about").update(last_published_at=timezone.now() - dt.timedelta(days=400))
    AnswerPage.objects.get(slug="calendar", locale__language_code="zh-hant").unpublish()
    factories.make_kind("unexplained")
    about = plain_page("about")

    reviews = card_of(client, editor, "待檢視的網頁")

    assert len(reviews("li")) == 2
    assert reviews.find("a", href=reverse("wagtailadmin_pages:edit", args=[about.pk]))
    assert len(card_of(client, editor, "失效的連結")("li")) == 1
    assert "種類unexplained" in card_of(client, editor, "白話說明尚不完整").text


def test_an_editor_finds_the_own_drafts_but_not_what_waits_for_approval(client, editor):
    draft, handed_in = plain_page("about"), plain_page("privacy")
    for page in (draft, handed_in):
        page.title += "（改）"
        page.save_revision(user=editor)
    handed_in.get_workflow().start(handed_in, editor)

    drafts = card_of(client, editor, "我的草稿")

    assert [link["href"] for link in drafts("a")] == [reverse("wagtailadmin_pages:edit", args=[draft.pk])]


def test_an_editor_sees_which_kinds_readers_understand_least(client, editor):
    kind = factories.make_kind("unclear")
    ClarityCounter.objects.create(
        quarter=quarter_of(timezone.localdate()),
        kind=kind,
        language="zh-hant",
        place="mail",
        question="to_do",
        yes=4,
        no=8,
    )

    card = card_of(client, editor, "讀者最不清楚")

    assert "種類unclear" in card.text
    assert "33%" in card.text


def test_an_editor_is_reminded_of_a_notice_that_is_switched_on(client, editor):
    notice = ServiceSettings.load()
    notice.notice_is_shown, notice.notice = True, {"zh-hant": "系統維護"}
    notice.save()

    assert "系統維護" in office_of(client, editor).text


def test_a_clerk_sees_nothing_of_the_editors_office(public_site, client, clerk):
    assert office_of(client, clerk) is None


def test_an_editor_translates_pages(editor):
    assert editor.has_perm("simple_translation.submit_translation")


def test_the_starter_pages_have_no_broken_links(public_site):
    assert broken_links() == []


@pytest.mark.parametrize("linked_from", ["body", "answer", "who"])
def test_a_link_to_a_page_taken_off_the_site_is_reported(client, editor, linked_from):
    pages = {"body": ("about", PlainPage), "answer": ("benefits", AnswerPage), "who": ("home", HomePage)}
    slug, model = pages[linked_from]
    page = model.objects.get(slug=slug, locale__language_code="zh-hant")
    target = PlainPage.objects.get(slug="privacy", locale__language_code="zh-hant")
    text = f'<p><a linktype="page" id="{target.pk}">看這裡</a></p>'
    setattr(
        page, linked_from, json.dumps([{"type": "text", "value": text}]) if linked_from == "body" else text
    )
    page.save()
    target.unpublish()
    client.force_login(editor)

    html = client.get(reverse("broken_links_report")).content.decode()

    assert "看這裡" in html
    assert page.title in html


def plain_page(slug: str) -> PlainPage:
    return PlainPage.objects.get(slug=slug, locale__language_code="zh-hant")


@pytest.mark.parametrize(
    ("link", "is_broken"),
    [
        ('<a href="/no-such-page/">看這裡</a>', True),
        ('<a href="/faq/">看這裡</a>', False),
        ('<a href="/faq/?x=1#dates">看這裡</a>', False),
        ('<a href="/en/faq/dates/">看這裡</a>', False),
        ('<a href="/accounts/login/">看這裡</a>', False),
        ('<a href="http://testserver/no-such-page/">看這裡</a>', True),
        ('<a href="https://www.judicial.gov.tw/no-such-page/">看這裡</a>', False),
        ('<a href="mailto:someone@example.com">看這裡</a>', False),
        ('<a linktype="document" id="999999">看這裡</a>', True),
    ],
)
def test_typed_addresses_and_files_are_checked_too(public_site, link, is_broken):
    about = plain_page("about")
    about.body = json.dumps([{"type": "notice", "value": {"kind": "info", "text": f"<p>{link}</p>"}}])
    about.save()

    assert [each.words for each in broken_links()] == ["看這裡"] * is_broken


def test_a_card_whose_page_is_gone_is_reported(public_site):
    plain_page("privacy")
    home = HomePage.objects.get(locale__language_code="zh-hant")
    card = home.starts[0].value
    card["page"].unpublish()

    assert card["link_text"] in [each.words for each in broken_links() if each.title == home.title]


def link_on_a_page(link: str) -> None:
    about = plain_page("about")
    about.body = json.dumps([{"type": "notice", "value": {"kind": "info", "text": f"<p>{link}</p>"}}])
    about.save()


REDIRECTS = {
    "to a page": ({"/old": "/faq/"}, False),
    "over another one": ({"/old": "/older/", "/older": "/faq/"}, False),
    "to another site": ({"/old": "https://www.judicial.gov.tw/"}, False),
    "with the same query": ({"/old?a=1&b=2": "/faq/"}, False),
    "of another address": ({"/elsewhere": "/faq/"}, True),
    "to nowhere": ({"/old": "/no-such-page/"}, True),
    "in a circle": ({"/old": "/older/", "/older": "/old/"}, True),
}


@pytest.mark.parametrize(("redirects", "is_broken"), REDIRECTS.values(), ids=REDIRECTS)
def test_a_link_that_a_redirect_leads_on_is_broken_only_if_that_is(public_site, redirects, is_broken):
    for old, new in redirects.items():
        Redirect.add_redirect(old, new)
    link_on_a_page('<a href="/old/?b=2&amp;a=1">看這裡</a>'.replace("&amp;", "&"))

    assert [each.words for each in broken_links()] == ["看這裡"] * is_broken


def test_a_redirect_corrects_links_to_a_page_taken_off_the_site(public_site):
    gone, here = plain_page("privacy"), plain_page("about")
    link_on_a_page(f'<a linktype="page" id="{gone.pk}">看這裡</a>')
    gone.unpublish()
    assert "看這裡" in [each.words for each in broken_links()]

    redirect = Redirect.add_redirect(gone.url, here)
    assert broken_links() == []

    redirect.redirect_page = gone
    redirect.save()
    assert "看這裡" in [each.words for each in broken_links()]


def test_chief_editors_reach_redirects_and_editors_do_not(client, editor, chief_editor):
    client.force_login(chief_editor)
    assert client.get(reverse("wagtailredirects:index")).status_code == 200
    elsewhere = "https://www.judicial.gov.tw/"
    client.post(reverse("wagtailredirects:add"), {"old_path": "/old/", "redirect_link": elsewhere})
    assert client.get("/old/").url == elsewhere

    client.force_login(editor)
    assert client.get(reverse("wagtailredirects:index")).status_code in (302, 403)


NOTICE_FORM = dict.fromkeys(
    [
        "organisation_zh-hant",
        "organisation_en",
        "address_zh-hant",
        "address_en",
        "phone",
        "email",
        "notice_zh-hant",
        "notice_en",
        "notice_url",
    ],
    "",
)


def save_settings(client, **sent):
    address = reverse("wagtailsettings:edit", args=["cpor_pages", "servicesettings"])
    address = client.get(address, follow=True).request["PATH_INFO"]
    return client.post(address, NOTICE_FORM | sent)


@pytest.mark.parametrize(
    ("sent", "missing"),
    [
        ({"notice_zh-hant": "今晚維護"}, {"notice": ["English：這個欄位必須填寫。"]}),
        (
            {"notice_en": "Maintenance tonight", "notice_is_shown": "on"},
            {"notice": ["繁體中文：這個欄位必須填寫。"]},
        ),
        (
            {"notice_is_shown": "on"},
            {"notice": ["繁體中文：這個欄位必須填寫。", "English：這個欄位必須填寫。"]},
        ),
        (
            {"organisation_zh-hant": "司法院", "address_en": "Taipei"},
            {"organisation": ["English：這個欄位必須填寫。"], "address": ["繁體中文：這個欄位必須填寫。"]},
        ),
    ],
)
def test_what_all_pages_show_is_saved_in_both_languages_or_not(client, editor, sent, missing):
    client.force_login(editor)

    page = save_settings(client, **sent)

    assert page.context["form"].errors == missing
    assert not ServiceSettings.load().notice_is_shown


def test_a_notice_in_both_languages_is_saved(client, editor):
    client.force_login(editor)

    words = {"notice_zh-hant": "今晚維護", "notice_en": "Maintenance tonight"}
    save_settings(client, **words, notice_is_shown="on")

    assert ServiceSettings.load().notice == "今晚維護"


def test_the_address_of_the_notice_is_checked(public_site):
    notice = ServiceSettings.load()
    notice.notice_url = "http://testserver/no-such-page/"
    notice.save()

    assert [each.words for each in broken_links()] == ["http://testserver/no-such-page/"]


def test_outsiders_and_clerks_do_not_see_the_report_on_links(public_site, client, clerk, other_litigant):
    for user in (clerk, other_litigant):
        client.force_login(user)
        assert client.get(reverse("broken_links_report")).status_code in (302, 403)


@pytest.fixture
def operator(public_site):
    return factories.make_user("operator", is_superuser=True)


def test_what_is_in_use_is_not_deleted_and_whoever_tries_is_told(client, operator):
    court = factories.make_case().court
    client.force_login(operator)

    answer = client.post(f"/office/snippets/cpor_core/court/delete/{court.pk}/", follow=True)

    assert Court.objects.filter(pk=court.pk).exists()
    assert str(court) in [str(message) for message in answer.context["messages"]][0]


def test_nothing_is_deleted_of_many_when_one_is_in_use(client, operator):
    used, unused = factories.make_kind("judgment"), factories.make_kind("never used")
    factories.make_entry(factories.make_case(), "judgment")
    client.force_login(operator)
    many = f"/office/bulk/cpor_core/progresskind/delete/?id={used.pk}&id={unused.pk}"

    client.post(many)
    assert ProgressKind.objects.filter(pk__in=[used.pk, unused.pk]).count() == 2

    client.post(f"/office/bulk/cpor_core/progresskind/delete/?id={unused.pk}")
    assert ProgressKind.objects.filter(pk__in=[used.pk, unused.pk]).get() == used
