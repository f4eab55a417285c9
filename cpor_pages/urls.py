"""Addresses of the public pages that are not pages of the tree."""

from django.urls import path

from cpor_pages.views import case_words

urlpatterns = [
    path("case-words/download.<slug:kind>", case_words.download, name="case_words_download"),
]

# Read by machines, in no language.
machine_patterns = []
