"""Did it help? Two questions about what people were told, by the link of a mail or on the page of a case, and how they were
answered by all."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, NamedTuple

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from cpor_cases.actions import clarity
from cpor_cases.mail import links
from cpor_cases.models import CaseAccess, ClarityCounter, OutgoingMail, ProgressEntry
from cpor_cases.models.clarity_counters import FEWEST_VOTES, Question, Vote, Votes, votes_on
from cpor_core.models import ProgressKind
from cpor_core.switches import Switched

from .own_cases import OwnCasesMixin

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

RATE_LIMIT = "clarity"
QUARTERS_SHOWN = 8


class Asked(NamedTuple):
    """One question as it stands on a page."""

    name: str
    words: "StrPromise"
    is_answered: bool

    @property
    def votes(self) -> "list[tuple[str, StrPromise]]":
        return Vote.choices


class AskedOfEntry(NamedTuple):
    """The questions about one entry."""

    entry: ProgressEntry
    questions: list[Asked]


class Quarter(NamedTuple):
    """How readers answered in a quarter."""

    day: dt.date
    happened: Votes
    to_do: Votes


def latest_quarters() -> list[Quarter]:
    """Return how readers answered in the latest quarters that are over, the newest first."""
    whole = ClarityCounter.objects.of_whole_quarters(timezone.localdate())
    rows = whole.votes_by("quarter").order_by("-quarter")[:QUARTERS_SHOWN]
    return [
        Quarter(row["quarter"], votes_on(Question.HAPPENED, row), votes_on(Question.TO_DO, row))
        for row in rows
    ]


def questions(answered: set[str]) -> list[Asked]:
    return [Asked(each.value, each.label, each in answered) for each in Question]


def asked_of(access: CaseAccess) -> AskedOfEntry | None:
    """Return the questions about the newest entry of a case; None where nothing is told of what it means."""
    entry = next(iter(access.case.latest_entries), None)
    mention = entry and access.case.hearings.mentions.get(entry.pk)
    if entry is None or (mention and mention.is_unclear):
        return None
    return AskedOfEntry(entry, questions(clarity.answered_of_entry(access.account_id, entry)))


def vote_in(request: HttpRequest) -> tuple[Question, Vote] | None:
    """Return what was answered to which question: the one button that was pressed. None if it says nothing."""
    for question in Question:
        if request.POST.get(question) in Vote.values:
            return question, Vote(request.POST[question])
    return None


@method_decorator([never_cache, csrf_exempt], name="dispatch")
class MailClarityView(View):
    """One POST for each question, without log-in, by the signed link of a mail. A GET (a link scanner's) counts nothing; the
    page names the kind of entry, no case and no person."""

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponseBase:
        mail, kind, self.language = links.read_clarity_token(token) or (0, 0, "")
        mails = OutgoingMail.objects.filter(account__is_active=True)
        self.mail: OutgoingMail = get_object_or_404(mails, pk=mail)
        self.kind: ProgressKind = get_object_or_404(ProgressKind, pk=kind)
        return super().dispatch(request, token)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        is_asked = clarity.is_asked_about(self.mail)
        context = {"is_asked": is_asked, "kind": self.kind}
        if is_asked:
            context["questions"] = questions(clarity.answered_of_mail(self.mail))
        return render(request, "cpor_cases/clarity.html", context, status=200 if is_asked else 410)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if refusal := ratelimit.consume_or_429(request, action=RATE_LIMIT):
            return refusal
        if found := vote_in(request):
            question, vote = found
            clarity.vote_on_mail(
                self.mail, kind=self.kind, language=self.language, question=question, vote=vote
            )
        return redirect(request.path)


class EntryClarityView(OwnCasesMixin, View):
    """The same on the page of a case, for one of the entries shown."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        """After a log-in that had ended meanwhile."""
        return redirect("cpor_cases:case", public_id=public_id)

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        if refusal := ratelimit.consume_or_429(request, action=RATE_LIMIT):
            return refusal
        access = self.find_access(public_id)
        entry, found = self._entry_of(access), vote_in(request)
        if entry is None:
            messages.info(request, _("This entry is no longer shown, so your answer is not counted."))
        elif found:
            question, vote = found
            clarity.vote_on_entry(request.user, entry, question=question, vote=vote)
        page = access.case.get_absolute_url()
        return redirect(f"{page}#clarity")

    def _entry_of(self, access: CaseAccess) -> ProgressEntry | None:
        key = self.request.POST.get("entry")
        return next((entry for entry in access.case.latest_entries if str(entry.pk) == key), None)


class ClarityRecordView(Switched, TemplateView):
    """How all readers answered, by quarters: open to everybody."""

    switch = "HAS_PUBLIC_STATISTICS"

    template_name = "cpor_cases/clarity_record.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"quarters": latest_quarters(), "fewest": FEWEST_VOTES}
