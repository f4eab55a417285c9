"""Redirects from the admin's own log-in and password pages to allauth's, which are rate limited."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from .own_account import own_account

urlpatterns = [
    path("account/", own_account, name="office_account"),
    path("login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("logout/", RedirectView.as_view(pattern_name="account_logout")),
    re_path(r"^password_reset/.*$", RedirectView.as_view(pattern_name="account_reset_password")),
]
