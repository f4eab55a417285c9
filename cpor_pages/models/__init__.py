"""What editors write, and what is counted for them."""

from .case_words import CaseWordRecord, CaseWordsPage
from .counters import AnswerCounter, DownloadCounter, SearchMissCounter
from .court_forms import CourtForm, FirstPage, FormsPage, FormVersion
from .courts import CourtsPage
from .faq import AnswerPage, FaqPage
from .home import HomePage
from .news import NewsIndexPage, NewsPage
from .plain import ApplyPage, GuidePage, GuidePdf, PlainPage, SiteMapPage
from .role_groups import RoleGroup
from .search import SearchPage
from .settings import ServiceSettings

__all__ = [
    "AnswerPage",
    "AnswerCounter",
    "ApplyPage",
    "CaseWordRecord",
    "CaseWordsPage",
    "CourtForm",
    "CourtsPage",
    "DownloadCounter",
    "FaqPage",
    "FirstPage",
    "FormVersion",
    "FormsPage",
    "GuidePage",
    "GuidePdf",
    "HomePage",
    "NewsIndexPage",
    "NewsPage",
    "PlainPage",
    "RoleGroup",
    "SearchMissCounter",
    "SearchPage",
    "ServiceSettings",
    "SiteMapPage",
]
