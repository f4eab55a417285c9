"""The pages of a person's cases."""

import uuid
from operator import attrgetter
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from cpor_cases.actions import own_cases, view_log
from cpor_cases.hearings.advice import before_next_hearing
from cpor_cases.hearings.of_cases import attach_hearings_to
from cpor_cases.models import CaseAccess, WaitingTime
from cpor_cases.models.case_accesses import attach_recent_entries_to
from cpor_cases.models.last_data import by_minute, with_last_data
from cpor_cases.models.past_entries import attach_past_to
from cpor_cases.query_period import attach_ends, is_sent_on
from cpor_cases.saved_search import KeyedSearchMixin
from cpor_core.models import Category, Court

from .case_search import ORDERS, STATES, CaseSearch, next_hearing_first
from .clarity import asked_of
from .own_cases import MERGED, OwnCasesMixin
from .pagination import ForgivingListView
from .settings import CaseMailForm

CASES_A_PAGE = 20
FEW_CASES = 3  # so many are shown whole, without search
HEARINGS_FIRST = 3  # the next hearings above a long list; of those that were changed, twice as many


@method_decorator(never_cache, name="dispatch")
class CasesView(OwnCasesMixin, KeyedSearchMixin, ForgivingListView):
    """All cases of a person, the one with the latest entry first; `?case=` leads to one.

    A few are shown whole. Of many each is a row, with the earlier entries on demand; above them are the hearings that were
    changed, the next ones, and a search. The cases are read once: page, hearings and filters are taken from that list.
    """

    template_name = "cpor_cases/cases.html"
    context_object_name = "accesses"
    paginate_by = CASES_A_PAGE

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if chosen := request.GET.get("case"):
            return redirect(self._find(chosen).case)
        return super().get(request, *args, **kwargs)

    @cached_property
    def search(self) -> CaseSearch:
        return CaseSearch(self.request.GET, self.search_query)

    def get_filters(self) -> QueryDict:
        """The search posts its filters along with its text."""
        return self.request.POST if self.request.method == "POST" else self.request.GET

    @cached_property
    def own(self) -> list[CaseAccess]:
        accesses = self.read_all()
        attach_hearings_to(accesses, only_ahead=len(accesses) > CASES_A_PAGE)
        return accesses

    def get_queryset(self) -> list[CaseAccess]:  # type: ignore[override]  # Django pages a list as well
        return [] if self.search_problem else self.search.find(self.own)

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        is_long = self.search.narrows or bool(self.search_problem) or len(self.own) > FEW_CASES
        is_top = context["page_obj"].number == 1 and not self.search.chosen and not self.search.text
        self._attach_entries(context["accesses"])
        courts = self._courts()
        return context | {
            "ended": self.read_ended() if is_top else [],
            "news": [access for access in self.own if access.has_news],
            "is_long": is_long,
            "hearings": self._hearings() if is_long and is_top else [],
            "search": self.search,
            "last_data": by_minute(courts),
            "court_choices": [(court.code, court.name) for court in courts],
            "categories": Category.choices,
            "states": STATES,
            "orders": ORDERS,
            "query": self._query(),
            "search_problem": self.search_problem,
            "now": timezone.now(),
        }

    def render_to_response(self, context, **response_kwargs) -> HttpResponse:
        parts = ("accesses", "hearings", "ended")
        shown = dict.fromkeys(access for part in parts for access in context[part])
        view_log.log_case_views(shown, by=self.request.user, opened=False)
        return super().render_to_response(context, **response_kwargs)

    def _query(self) -> str:
        chosen = self.search.chosen | ({"s": self.search_key} if self.search_key else {})
        return f"{urlencode(chosen)}&" if chosen else ""

    def _courts(self) -> list[Court]:
        return sorted({access.case.court for access in self.own}, key=attrgetter("pk"))

    def _attach_entries(self, accesses: list[CaseAccess]) -> None:
        attach_recent_entries_to(accesses)
        attach_past_to([entry for access in accesses for entry in access.case.recent_entries])
        if len(self.own) > CASES_A_PAGE:  # only those ahead have been read
            attach_hearings_to(accesses)

    def _hearings(self) -> list[CaseAccess]:
        """Return the cases whose hearings are told above the list: those in which one was changed, then those to come next."""
        ahead = sorted((access for access in self.own if access.case.hearings.ahead), key=next_hearing_first)
        changed = [access for access in ahead if access.case.hearings.is_changed][: 2 * HEARINGS_FIRST]
        coming = [access for access in ahead if not access.case.hearings.is_changed]
        return changed + coming[: max(0, HEARINGS_FIRST - len(changed))]

    def _find(self, public_id: str) -> CaseAccess:
        try:
            key = uuid.UUID(public_id)
        except ValueError:
            raise Http404 from None
        return self.find_access(key)


class MarkSeenView(LoginRequiredMixin, View):
    """What was new when the page was made is new no more."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            until = parse_datetime(request.POST.get("until", ""))
        except ValueError:
            until = None
        if until is None or timezone.is_naive(until):
            return redirect("cpor_cases:cases")
        own_cases.mark_all_seen(request.user, until=until)
        messages.success(request, _("Everything is marked as seen."))
        return redirect("cpor_cases:cases")


class OwnWordsForm(forms.ModelForm):
    """A person's own name for a case, and their note."""

    class Meta:
        model = CaseAccess
        fields = ["own_name", "note"]
        labels = {"own_name": gettext_lazy("Short name of your own"), "note": gettext_lazy("My note")}
        help_texts = {"own_name": gettext_lazy("By which you know the case, such as “the landlord”.")}
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}


@method_decorator(never_cache, name="dispatch")
class CaseView(OwnCasesMixin, TemplateView):
    """One case: its next hearing, its latest three entries, its facts, its last day, and one's own words on it."""

    template_name = "cpor_cases/case.html"

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        if ended := self._find_ended(public_id):
            view_log.log_case_views([ended], by=request.user, opened=False)
            return render(request, "cpor_cases/ended.html", {"access": ended, "case": ended.case})
        access = self.find_access(public_id)
        if way := self.lead_on(access, public_id):
            return way
        view_log.log_case_views([access], by=request.user, opened=True)
        return self._page(access, OwnWordsForm(self.typed_before_log_in(), instance=access))

    def _find_ended(self, public_id: uuid.UUID) -> CaseAccess | None:
        """Return the access to the case if its query period is over and it is still listed."""
        found = CaseAccess.objects.lately_over(self.request.user).of_case(public_id)
        access = found.select_related("case__court").first()
        if access:
            attach_ends([access.case])
        return access

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        access = self.find_access(public_id)
        form = OwnWordsForm(request.POST, instance=access)
        if not self._is_taken(form, access, public_id):
            return self._page(access, form)
        own_cases.keep_own_words(access, **form.cleaned_data)
        messages.success(request, _("Your name and note for this case are saved."))
        return redirect("cpor_cases:case", public_id=public_id)

    def _is_taken(self, form: forms.ModelForm, access: CaseAccess, public_id: uuid.UUID) -> bool:
        """Whether what was sent can be saved. What was meant for a case merged since stays typed until it is sent again."""
        if form.is_valid() and access.case.public_id != public_id:
            merged, unsaved = MERGED % {"number": access.case.full_number}, _("Nothing is saved yet.")
            form.add_error(None, f"{merged} {unsaved}")
        return form.is_valid()

    def _page(
        self, access: CaseAccess, form: OwnWordsForm, mail_form: CaseMailForm | None = None
    ) -> HttpResponse:
        own = self.own_accesses().latest_activity_first()
        choices = list(own.select_related("case__court")[: CASES_A_PAGE + 1])
        context = {
            "access": access,
            "case": access.case,
            "form": form,
            "advice": before_next_hearing(access.case),
            "mail_form": mail_form or CaseMailForm(instance=access, account=self.request.user),
            "court": with_last_data(Court.objects.all()).get(pk=access.case.court_id),
            "waiting_time": WaitingTime.objects.of(access.case),
            "asked": asked_of(access),
            "is_sent_on": is_sent_on(access.case),
            "choices": choices if 1 < len(choices) <= CASES_A_PAGE else [],
        }
        return self.render_to_response(self.get_context_data(**context))


class CaseMailsView(CaseView):
    """What is mailed about one case; read on its page."""

    def get(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        typed = self.typed_before_log_in()
        if typed is None:
            return redirect("cpor_cases:case", public_id=public_id)
        access = self.find_access(public_id)
        view_log.log_case_views([access], by=request.user, opened=True)
        return self._page_with(access, CaseMailForm(typed, instance=access, account=request.user))

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        access = self.find_access(public_id)
        form = CaseMailForm(request.POST, instance=access, account=request.user)
        if not self._is_taken(form, access, public_id):
            return self._page_with(access, form)
        form.save()
        messages.success(request, _("The email settings for this case are saved."))
        return redirect("cpor_cases:case", public_id=public_id)

    def _page_with(self, access: CaseAccess, form: CaseMailForm) -> HttpResponse:
        return self._page(access, OwnWordsForm(instance=access), form)


class CaseSheetView(CaseView):
    """The same on one sheet of paper: no forms, no own words."""

    template_name = "cpor_cases/sheet.html"
    http_method_names = ["get"]

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs, now=timezone.now())
