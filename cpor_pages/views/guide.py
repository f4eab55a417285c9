"""The guide's PDF at an address that stays, whichever file it is today."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language

from cpor_pages.models import GuidePage


def download(request) -> HttpResponse:
    page = GuidePage.objects.live().filter(locale__language_code=get_language()).first()
    pdf = page and page.pdf
    if not pdf:
        raise Http404
    return redirect(pdf["document"].url)
