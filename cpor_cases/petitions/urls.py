"""Addresses of the steps to a petition, below the editors' page on how to apply."""

from django.urls import path, register_converter
from django.views.generic import TemplateView

from cpor_core import petition_numbers

from . import views
from .drafts import MOST_CASES
from .finished import ComplaintView, FinishedView, PdfView
from .next_instance import NextInstanceView
from .status import StatusView


class PlaceConverter:
    """Which of the cases: 1 to MOST_CASES."""

    regex = "[1-9][0-9]?"

    def to_python(self, value: str) -> int:
        if int(value) > MOST_CASES:
            raise ValueError
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class NumberConverter:
    """A petition number whose check digit is right."""

    regex = "[0-9]{5}-[0-9]{5}"

    def to_python(self, value: str) -> str:
        number = petition_numbers.parse(value)
        if number is None:
            raise ValueError
        return number

    def to_url(self, value: str) -> str:
        return petition_numbers.grouped(value)


register_converter(PlaceConverter, "place")
register_converter(NumberConverter, "petition_number")

app_name = "petitions"
urlpatterns = [
    path("start/", views.StartView.as_view(), name="start"),
    path("case/<place:place>/court/", views.CourtView.as_view(), name="court"),
    path("case/<place:place>/category/", views.CategoryView.as_view(), name="category"),
    path("case/<place:place>/number/", views.NumberView.as_view(), name="number"),
    path("case/<place:place>/not-covered/", views.NotCoveredView.as_view(), name="not_covered"),
    path("case/<place:place>/role/", views.RoleView.as_view(), name="role"),
    path("case/<place:place>/remove/", views.RemoveCaseView.as_view(), name="remove"),
    path("name/", views.NameView.as_view(), name="name"),
    path("email/", views.EmailView.as_view(), name="email"),
    path(
        "no-email/",
        TemplateView.as_view(template_name="cpor_cases/petitions/no_email.html"),
        name="no_email",
    ),
    path("code/", views.CodeView.as_view(), name="code"),
    path("check/", views.CheckView.as_view(), name="check"),
    path("petition/", FinishedView.as_view(), name="finished"),
    path("petition/<petition_number:number>.pdf", PdfView.as_view(), name="pdf"),
    path("petition/<petition_number:number>/complaint.pdf", ComplaintView.as_view(), name="complaint_pdf"),
    path(
        "petition/<petition_number:number>/complaint.odt",
        ComplaintView.as_view(kind="odt"),
        name="complaint_odt",
    ),
    path("delete/", views.DeleteView.as_view(), name="delete"),
    path("next/<uuid:public_id>/", NextInstanceView.as_view(), name="next_instance"),
    path("status/", StatusView.as_view(), name="status"),
]
