"""The page about the interface: the guide for programmers, as plain HTML that loads nothing."""

from django.conf import settings
from django.shortcuts import render
from django.utils import translation
from ninja.openapi.docs import DocsBase

from . import guide


class GuidePage(DocsBase):
    def render_page(self, request, api, **kwargs):
        """Answer in the language that `lang` names, else in that of Accept-Language."""
        wanted = request.GET.get("lang")
        language = wanted if wanted in dict(settings.LANGUAGES) else translation.get_language()
        with translation.override(language):
            context = {"guide": guide.page(language), "schema_url": self.get_openapi_url(api, kwargs)}
            return render(request, "cpor_cases/api/docs.html", context)
