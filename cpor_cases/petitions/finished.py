"""The finished petitions of this browser: to be read, printed, or opened as PDF."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from cpor_cases.actions import petitions
from cpor_cases.models import Petition
from cpor_core.allauth_internals import consume_limit
from cpor_core.downloads import name_file
from cpor_core.pdf import html_writer, petition_pdf

from . import sheets
from .drafts import FINISHED


@method_decorator(never_cache, name="dispatch")
class FinishedView(View):
    """The petitions as they are printed, with what to do next beside them on the screen alone."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        made = list(petitions.of_keys(request.session.get(FINISHED, [])))
        if not made:
            return ask_for_it(request)
        printed = [(each, mark_safe(html_writer.body(sheets.sheet_of(each), top_level=2))) for each in made]  # noqa: S308 (escaped by the writer)
        return render(request, "cpor_cases/petitions/finished.html", {"sheets": printed, "first": made[0]})


@method_decorator(never_cache, name="dispatch")
class PdfView(View):
    """One petition as tagged PDF; where it cannot be made, the page that prints as well."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        petition = self._find(number)
        if petition is None:
            return ask_for_it(request)
        if not consume_limit(request, action="petition_pdf"):
            return ratelimit.respond_429(request)
        try:
            content = petition_pdf.make(sheets.sheet_of(petition))
        except petition_pdf.CannotMake:
            return render(request, "cpor_cases/petitions/no_pdf.html", status=503)
        response = HttpResponse(content, content_type="application/pdf")
        number = petition.grouped_number
        name_file(response, f"聲請狀-{number}.pdf", fallback=f"petition-{number}.pdf", is_inline=True)
        return response

    def _find(self, number: str) -> Petition | None:
        """Return the petition if it was finished, or asked for by number and address, in this browser."""
        own = petitions.of_keys(self.request.session.get(FINISHED, []))
        return next((each for each in own if each.number == number), None)


def ask_for_it(request: HttpRequest) -> HttpResponse:
    """Lead to where a petition is shown again by its number and address: this browser has none, or no longer."""
    text = _(
        "No petition is open in this browser, or it was closed because nothing was done for half an hour. Enter its "
        "number and your email address to see it again."
    )
    messages.info(request, text)
    return redirect("petitions:status")
