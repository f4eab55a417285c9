"""Addresses of the litigant's side."""

from django.urls import include, path

app_name = "cpor_cases"

urlpatterns = []

account_patterns = [path("", include("allauth.urls"))]
