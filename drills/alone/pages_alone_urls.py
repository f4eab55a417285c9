"""Addresses of a site with the public pages alone."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cpor_core.url_patterns import without
from cpor_pages import urls as pages_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("", include(pages_urls.machine_patterns)),
    path("documents/", include(without(wagtaildocs_urls.urlpatterns, {"wagtaildocs_serve"}))),
    *i18n_patterns(
        path("", include(pages_urls)), path("", include(wagtail_urls)), prefix_default_language=False
    ),
]
