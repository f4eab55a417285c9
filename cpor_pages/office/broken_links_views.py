"""The editors' report on links that lead nowhere."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .broken_links import broken_links


@require_safe
@permission_required("cpor_pages.change_courtform", raise_exception=True)
def report(request) -> HttpResponse:
    return render(request, "cpor_pages/office/broken_links.html", {"links": broken_links()})
