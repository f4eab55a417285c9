"""Addresses of a site with the service alone."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cpor_cases import urls as cases_urls
from cpor_cases.api import interface
from cpor_cases.office.staff import account_redirects

urlpatterns = [
    path("admin/", include(account_redirects)),
    path("admin/", include(wagtailadmin_urls)),
    path("api/v1/", interface.url_patterns()),
    path("documents/", include(wagtaildocs_urls)),
    *i18n_patterns(
        path("accounts/", include(cases_urls.account_patterns)),
        path("cases/", include(cases_urls)),
        path("", include(cases_urls.public_patterns)),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
