"""Wagtail: its admin, search and documents."""

from .languages import LANGUAGES, TIME_ZONE
from .security import BASE_URL

WAGTAIL_SITE_NAME = "案件進度線上查詢服務"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
# A page that is handed in is told to those who approve it, by our outbox (cpor_cases/mail/approvals.py).
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cpor_site.search_backend"}}
WAGTAILDOCS_EXTENSIONS = ["odt", "ods", "pdf", "docx", "csv"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cpor_pages.documents.forms.DocumentForm"  # judges by content
# By our view, wherever the files are: it asks who may.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
# No page embeds anything, so no editor can have the server fetch from elsewhere.
WAGTAILEMBEDS_FINDERS: list[dict] = []
# Hearings are of Taipei: nobody in the office reads or types them in another place's time.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
