"""Which pages a new site begins with, in the order of the menu. Their texts are in content/<language>/<path>.html."""

from typing import NamedTuple

from cpor_pages import models


class Starter(NamedTuple):
    path: str
    model: type
    in_menu: bool = False


ANSWERS = [
    "benefits",
    "website",
    "which-cases",
    "who-sees-my-case",
    "how-to-apply",
    "which-form",
    "refused",
    "when-mail",
    "several-cases",
    "activate",
    "change-password",
    "forgotten-password",
    "protect-account",
    "new-address",
    "stop-following",
    "what-is-shown",
    "mail-on-progress",
    "real-or-forged",
    "fewer-mails",
    "calendar",
    "dates",
    "until-when",
]

TREE = [
    Starter("apply", models.ApplyPage, in_menu=True),
    Starter("forms", models.FormsPage, in_menu=True),
    Starter("case-words", models.CaseWordsPage, in_menu=True),
    Starter("faq", models.FaqPage, in_menu=True),
    *[Starter(f"faq/{slug}", models.AnswerPage) for slug in ANSWERS],
    Starter("guide", models.GuidePage, in_menu=True),
    Starter("news", models.NewsIndexPage, in_menu=True),
    Starter("news/new-site", models.NewsPage),
    Starter("about", models.PlainPage),
    Starter("record", models.RecordPage),
    Starter("courts", models.CourtsPage),
    Starter("forged-emails", models.PlainPage),
    Starter("privacy", models.PlainPage),
    Starter("security", models.PlainPage),
    Starter("open-data", models.PlainPage),
    Starter("accessibility", models.PlainPage),
    Starter("search", models.SearchPage),
    Starter("sitemap", models.SiteMapPage),
]
