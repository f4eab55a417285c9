"""URLs of public pages that are not in the page tree."""

from django.templatetags.static import static
from django.urls import path, re_path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from cpor_pages.documents import serving
from cpor_pages.feeds import NewsFeed

from .case_words import views as case_words_views
from .views import guide, machine_readable, offline, styles, votes

urlpatterns = [
    path("case-words/download.<slug:kind>", case_words_views.download, name="case_words_download"),
    path("case-words/history/", case_words_views.history, name="case_words_history"),
    re_path(r"^case-words/(?P<day>\d{4}-\d{2}-\d{2})/$", case_words_views.as_of, name="case_words_as_of"),
    path("faq/<key:pk>/vote/", votes.vote, name="answer_vote"),
    path("faq/<key:pk>/thanks/", votes.thanks, name="answer_thanks"),
    path("guide/download.pdf", guide.download, name="guide_download"),
    path("offline/", offline.offline, name="offline"),
    path("news/feed.atom", NewsFeed(), name="news_feed"),
]

# Read by machines, in no language.
machine_patterns = [
    path("sitemap.xml", machine_readable.sitemap, name="sitemap"),
    path("robots.txt", machine_readable.robots_txt),
    path(".well-known/security.txt", machine_readable.security_txt),
    path("manifest.webmanifest", machine_readable.manifest, name="manifest"),
    path("service-worker.js", offline.service_worker, name="service_worker"),
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("cpor/icons/icon.svg"))),
    path("styles/<slug:version>.css", styles.styles, name="branded_styles"),
    path("media/images/<path:path>", machine_readable.picture),
    # In the place of Wagtail's, which has the same name and arguments.
    path("documents/<key:document_id>/<path:document_filename>", serving.serve, name="wagtaildocs_serve"),
]
