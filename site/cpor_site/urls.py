"""URLs of the site. Those of pages have a language; those for machines have none.

/healthz and /readyz are answered before (`cpor_site.health`).
"""

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cpor_cases import urls as cases_urls
from cpor_cases.api import interface
from cpor_cases.api.machine_views import nothing_here
from cpor_cases.office.staff import account_redirects
from cpor_core.url_patterns import without
from cpor_pages import urls as pages_urls
from cpor_pages.views.machine_readable import office_words

handler500 = "cpor_site.server_errors.server_error"

urlpatterns = [
    path("office/", include(account_redirects)),
    path("office/jsi18n/", office_words, name="office_words"),
    path("office/", include(wagtailadmin_urls)),
    path("api/v1/", interface.url_patterns()),
    path("api/", nothing_here),
    path("api/<path:rest>", nothing_here),
    path("", include(pages_urls.machine_patterns)),
    path("documents/", include(without(wagtaildocs_urls.urlpatterns, {"wagtaildocs_serve"}))),
]

if apps.is_installed("anymail"):
    from cpor_cases.api import mail_webhooks  # noqa: F401 (receives the signals of the webhooks below)

    urlpatterns.append(path("anymail/", include("anymail.urls")))

urlpatterns += i18n_patterns(
    path("accounts/", include(cases_urls.account_patterns)),
    path("cases/", include(cases_urls)),
    path("", include(cases_urls.public_patterns)),
    path("", include(pages_urls)),
    # Before Wagtail's log-in for restricted pages, which has neither limits nor second factors.
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)

if settings.DEBUG:
    from django.conf.urls.static import static

    urlpatterns = static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT) + urlpatterns
