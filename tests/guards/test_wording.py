"""What people read says one word per thing, the one of docs/glossary.md, in Chinese as in English.

Code keeps its own words (`mail` is right there): test_vocabulary.py watches over those.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext, ngettext, npgettext, override, pgettext

ROOT = settings.BASE_DIR
CHINESE = {
    "你": "您",
    "搜索(?!票)": "搜尋，篩選條件",
    "核準|批準": "核准",
    "發佈": "發布",
    "界面": "介面",
    "訪問": "開啟，查看",
    "創建": "建立",
    "重置": "重設",
    "鏈接": "連結",
    "禁用": "停用",
    "標簽": "標籤",
    "用戶(?!端)": "使用者",
    "站點": "網站",
    "默認": "預設",
    "信息": "資訊",
    "網絡": "網路",
    "軟件": "軟體",
    "服務器": "伺服器",
    "登陸": "登入",
    "(?<![正現])在用": "使用中",
    "電子郵件[地位]址|電子信箱": "電子郵件信箱",
    "密碼金鑰": "通行密鑰",
    "第二驗證|第二因素|雙重驗證": "兩步驟驗證",
    "後台|辦公桌面": "辦公室",
    "行號": "列號",
    "收文號": "收狀號",
    "尚未送來": "尚未傳送",
    "書狀上的姓名|聲請書上": "書狀所載",
}
ENGLISH = {
    r"\be-mail": "email",
    r"\ba mail\b|\bmails\b|\bmailed\b": "an email, emails, emailed",
    r"\bday of query\b": "the last day you can view the case",
    r"\bno more, open\b": "to stop following",
    r"\bfind a mail nowhere\b": "can't find an email",
    r"\bby a machine\b": "an automated message",
    r"\bIt counts if\b": "used only for",
    r"\bas you wished\b": "as you asked",
    r"\b(?:latest|last) three steps\b": "entries",
    r"\bleads? nowhere\b(?!.$)": "broken link",
    r"\bin vain\b": "without a result",
    r"\btakes? no (?:e?mail)\b": "cannot receive email",
}
CATALOGS = [polib.pofile(path) for path in sorted((ROOT / "locale").rglob("*.po"))]
OURS = polib.pofile(ROOT / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.po")
STARTER = ROOT / "cpor_pages" / "starter"
IN_BOTH = [*ROOT.glob("cpor_*/reference/*.csv"), *STARTER.glob("*.json"), STARTER / "forms" / "forms.json"]
IN_CHINESE = [
    *(STARTER / "content" / "zh-hant").rglob("*.html"),
    *(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".md"}),
    *(ROOT / "cpor_core" / "court_forms").glob("*.py"),
    ROOT / "docs" / "court-systems.zh-hant.md",
]
IN_ENGLISH = [
    *(STARTER / "content" / "en").rglob("*.html"),
    ROOT / "templates" / "cpor_cases" / "office" / "handbook" / "en.md",
    ROOT / "templates" / "cpor_pages" / "office" / "handbook" / "en.md",
    ROOT / "docs" / "editors.md",
    ROOT / "docs" / "court-systems.md",
]
NOT_PROSE = re.compile(r"`[^`]*`|</?mails>|(?:href|page|src)=\"[^\"]*\"|https?://\S+")


def said(entry: polib.POEntry) -> Iterator[str]:
    yield from entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]


def lines_of(paths: list[Path]) -> Iterator[tuple[str, str]]:
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield f"{path.relative_to(ROOT)}:{number}", NOT_PROSE.sub("", line)


def found(texts, words: dict[str, str]) -> list[str]:
    """Return each text that has a word of the list, with the word to use."""
    any_word = re.compile("|".join(words))
    return [
        f"{place}: “{match.group()}” is “{instead}” here"
        for place, text in texts
        if any_word.search(text)
        for word, instead in words.items()
        if (match := re.search(word, text))
    ]


def test_no_chinese_text_of_ours_has_a_word_that_was_given_up():
    translations = [(entry.msgid, text) for catalog in CATALOGS for entry in catalog for text in said(entry)]

    assert found([*translations, *lines_of([*IN_BOTH, *IN_CHINESE])], CHINESE) == []


def test_no_english_text_of_ours_has_a_word_that_was_given_up():
    sources = [(entry.msgid, text) for entry in OURS for text in (entry.msgid, entry.msgid_plural or "")]

    assert len(sources) > 2000
    assert found([*sources, *lines_of([*IN_BOTH, *IN_ENGLISH])], ENGLISH) == []


def as_shown(entry: polib.POEntry) -> str:
    if entry.msgid_plural and entry.msgctxt:
        return npgettext(entry.msgctxt, entry.msgid, entry.msgid_plural, 2)
    if entry.msgid_plural:
        return ngettext(entry.msgid, entry.msgid_plural, 2)
    return pgettext(entry.msgctxt, entry.msgid) if entry.msgctxt else gettext(entry.msgid)


def test_wagtails_screens_use_the_same_words():
    """The supplement stands in for what Wagtail says otherwise."""
    folders = [Path(app.path) for app in apps.get_app_configs() if app.module.__name__.startswith("wagtail")]
    files = [folder / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.po" for folder in folders]
    entries = [entry for path in files if path.exists() for entry in polib.pofile(path) if entry.translated()]

    with override("zh-hant"):
        shown = [(entry.msgid, as_shown(entry)) for entry in entries]

    assert len(shown) > 1000
    assert found(shown, CHINESE) == []


@pytest.mark.parametrize("text", ["您的電子郵件地址", "頁面已核準", "進入後台", "第 3 行的行號", "你好"])
def test_a_chinese_word_that_was_given_up_is_noticed(text):
    assert found([("", text)], CHINESE)


@pytest.mark.parametrize(
    "text", ["An e-mail address", "This is a mail.", "the last day of query", "the latest three steps"]
)
def test_an_english_word_that_was_given_up_is_noticed(text):
    assert found([("", text)], ENGLISH)


@pytest.mark.parametrize(
    ("text", "words"), [("用戶端程式，正在用的介面", CHINESE), ("their mail server, an email", ENGLISH)]
)
def test_an_ordinary_word_is_let_pass(text, words):
    assert not found([("", text)], words)
