"""The finished petitions of this browser: to be read, printed, or opened as PDF."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from cpor_cases.actions import petitions
from cpor_cases.models import Petition
from cpor_core.allauth_internals import consume_limit
from cpor_core.court_forms.blocks import Form
from cpor_core.downloads import name_file
from cpor_core.pdf import html_writer, odt_writer, petition_pdf

from . import sheets
from .drafts import FINISHED

ODT = "application/vnd.oasis.opendocument.text"


@method_decorator(never_cache, name="dispatch")
class FinishedView(View):
    """The petitions as they are printed, with what to do next beside them on the screen alone."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        made = list(petitions.of_keys(request.session.get(FINISHED, [])))
        if not made:
            return ask_for_it(request)
        printed = [(each, mark_safe(html_writer.body(sheets.sheet_of(each), top_level=2))) for each in made]  # noqa: S308 (escaped by the writer)
        complaints = [each for each in made if sheets.complaint_with(each)]
        context = {"sheets": printed, "first": made[0], "complaints": complaints}
        return render(request, "cpor_cases/petitions/finished.html", context)


@method_decorator(never_cache, name="dispatch")
class PaperView(View):
    """A paper of one petition as a file, for the browser in which the petition was finished."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        petition = self._find(number)
        if petition is None:
            return ask_for_it(request)
        if not consume_limit(request, action="petition_pdf"):
            return ratelimit.respond_429(request)
        return self.answer(petition)

    def answer(self, petition: Petition) -> HttpResponse:
        raise NotImplementedError

    def answer_pdf(self, form: Form, name: str, *, fallback: str) -> HttpResponse:
        """Return a form as tagged PDF; where it cannot be made, the page that says so."""
        try:
            content = petition_pdf.make(form)
        except petition_pdf.CannotMake:
            return render(self.request, "cpor_cases/petitions/no_pdf.html", status=503)
        response = HttpResponse(content, content_type="application/pdf")
        name_file(response, f"{name}.pdf", fallback=f"{fallback}.pdf", is_inline=True)
        return response

    def _find(self, number: str) -> Petition | None:
        """Return the petition if it was finished, or asked for by number and address, in this browser."""
        own = petitions.of_keys(self.request.session.get(FINISHED, []))
        return next((each for each in own if each.number == number), None)


class PdfView(PaperView):
    """One petition as tagged PDF; where it cannot be made, the page that prints as well."""

    def answer(self, petition: Petition) -> HttpResponse:
        number = petition.grouped_number
        return self.answer_pdf(sheets.sheet_of(petition), f"聲請狀-{number}", fallback=f"petition-{number}")


class ComplaintView(PaperView):
    """The complaint with which a petition is handed in, filled in: as PDF to be written by hand, as ODT to be typed."""

    kind = "pdf"

    def answer(self, petition: Petition) -> HttpResponse:
        form = sheets.complaint_with(petition)
        if form is None:
            raise Http404
        if self.kind == "pdf":
            return self.answer_pdf(form, form.title_zh, fallback=form.slug)
        response = HttpResponse(odt_writer.write(form), content_type=ODT)
        name_file(response, f"{form.title_zh}.odt", fallback=f"{form.slug}.odt")
        return response


def ask_for_it(request: HttpRequest) -> HttpResponse:
    """Lead to where a petition is shown again by its number and address: this browser has none, or no longer."""
    text = _(
        "No petition is open in this browser, or it was closed because nothing was done for half an hour. Enter its "
        "number and your email address to see it again."
    )
    messages.info(request, text)
    return redirect("petitions:status")
