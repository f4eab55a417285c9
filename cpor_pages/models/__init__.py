"""What editors write, and what is counted for them."""

from .answer_counters import AnswerCounter
from .answer_page import AnswerPage
from .apply_page import ApplyPage
from .case_words_page import CaseWordsPage
from .court_forms import CourtForm
from .courts_page import CourtsPage
from .download_counters import DownloadCounter
from .faq_page import FaqPage
from .first_pages import FirstPage
from .form_versions import FormVersion
from .forms_page import FormsPage
from .guide_page import GuidePage
from .guide_pdfs import GuidePdf
from .home_page import HomePage
from .news_index_page import NewsIndexPage
from .news_page import NewsPage
from .plain_page import PlainPage
from .record_page import RecordPage
from .role_groups import RoleGroup
from .search_miss_counters import SearchMissCounter
from .search_page import SearchPage
from .service_settings import ServiceSettings
from .site_map_page import SiteMapPage

__all__ = [
    "AnswerCounter",
    "AnswerPage",
    "ApplyPage",
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
    "RecordPage",
    "RoleGroup",
    "SearchMissCounter",
    "SearchPage",
    "ServiceSettings",
    "SiteMapPage",
]
