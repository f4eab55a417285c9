"""The steps to a petition: each page asks one question, and leads on to the first that has no answer yet.

Everybody gets the same answers, with or without an account: nothing entered here says whether a case exists.
"""

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from cpor_cases.actions import petitions
from cpor_cases.actions.entitlement import Obstacle
from cpor_core import conf
from cpor_core.allauth_internals import consume_limit
from cpor_core.email_addresses import without_tag

from . import drafts, forms
from .drafts import CASE_STEPS, MOST_CASES, PERSON_STEPS, STEPS, Draft, DraftCase

TITLES = {
    "court": gettext_lazy("Which court has the case?"),
    "category": gettext_lazy("What kind of case is it?"),
    "number": gettext_lazy("What is the case number?"),
    "role": gettext_lazy("What are you in this case?"),
    "name": gettext_lazy("What is your name?"),
    "email": gettext_lazy("What is your email address?"),
    "code": gettext_lazy("Enter the code from the email"),
    "check": gettext_lazy("Check everything"),
}


def url_of(step: str, place: int | None = None) -> str:
    """Return the address of a step; of a case's by the place of the case."""
    return reverse(f"petitions:{step}", args=[place or 1] if step in CASE_STEPS else [])


@method_decorator(never_cache, name="dispatch")
class PetitionView(View):
    """Base of the pages about a draft. Whose draft has expired begins anew, and is told so."""

    draft: Draft

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        # Allauth counts only what is sent.
        if refusal := ratelimit.consume_or_429(request, action="petition_step"):
            return refusal
        draft = Draft.of(request.session)
        if draft is None:
            return self.without_draft()
        self.draft = draft
        return super().dispatch(request, *args, **kwargs)

    def without_draft(self) -> HttpResponseBase:
        if self.request.method == "POST":
            text = _("What you had typed has been deleted, because nothing was done for half an hour.")
            messages.info(self.request, text)
        return redirect("petitions:start")

    def go_on(self) -> HttpResponse:
        """Save the draft, and lead to the first step without an answer."""
        self.draft.store_in(self.request.session)
        saved = Draft.of(self.request.session) or self.draft  # read anew: a new court has other words
        return redirect(url_of(*saved.next_step()))


class StartView(PetitionView):
    """What one needs, and the button that begins. What was begun before can be continued."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"draft": self.draft, "continue_url": url_of(*self.draft.next_step())}
        return render(request, "cpor_cases/petitions/start.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self._begin()

    def without_draft(self) -> HttpResponseBase:
        if self.request.method == "POST":
            return self._begin()
        return render(self.request, "cpor_cases/petitions/start.html")

    def _begin(self) -> HttpResponse:
        drafts.forget(self.request.session)
        drafts.renew_key(self.request)
        self.draft = Draft()
        return self.go_on()


class StepView(PetitionView):
    """One step. A step of a case has the place of the case in its address."""

    step: str
    form_class: type[forms.StepForm]
    template_name = "cpor_cases/petitions/step.html"
    place: int | None = None
    case: DraftCase

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        self.place = kwargs.pop("place", None)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._too_early() or self.page(self.make_form())

    def post(self, request: HttpRequest) -> HttpResponse:
        if early := self._too_early():
            return early
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.page(form)
        return self.take(form)

    def make_form(self, typed=None) -> forms.StepForm:
        return self.form_class(typed, draft=self.draft, case=self.case)

    def take(self, form: forms.StepForm) -> HttpResponse:
        form.store()
        return self.go_on()

    def _too_early(self) -> HttpResponse | None:
        """Lead back if a step before this one has no answer, or there is no such case."""
        place = self.place or 1
        if place > len(self.draft.cases):
            raise Http404
        self.case = self.draft.cases[place - 1]
        for step, at in self._steps_before():
            is_done = self.draft.cases[at - 1].is_done(step) if at else self.draft.is_done(step)
            if not is_done:
                return redirect(url_of(step, at))
        if self.step not in self.draft.reached:
            self.draft.note_reached(self.step)
            self.draft.store_in(self.request.session)
        return None

    def _steps_before(self) -> list[tuple[str, int | None]]:
        if self.place:
            return [(step, self.place) for step in CASE_STEPS[: CASE_STEPS.index(self.step)]]
        of_cases = [(step, at) for at in range(1, len(self.draft.cases) + 1) for step in CASE_STEPS]
        return [*of_cases, *((step, None) for step in PERSON_STEPS[: PERSON_STEPS.index(self.step)])]

    def page(self, form, **context) -> HttpResponse:
        facts = {
            "form": form,
            "draft": self.draft,
            "case": self.case,
            "step": self.step,
            "title": TITLES[self.step],
            "at": STEPS.index(self.step) + 1,
            "steps": len(STEPS),
            "place": self.place,
            "back_url": self._back_url(),
        }
        return render(self.request, self.template_name, facts | context)

    def _back_url(self) -> str:
        """Return the address of the step before; one that has a single choice was skipped."""
        at = STEPS.index(self.step)
        if at == 0:
            return reverse("petitions:check" if self.place and self.place > 1 else "petitions:start")
        before = STEPS[at - 1]
        if before == "category" and len(self.case.categories) == 1:
            before = "court"
        if before == "code" and self.draft.is_proved:
            before = "email"
        return url_of(before, self.place or (len(self.draft.cases) if before in CASE_STEPS else None))


class CourtView(StepView):
    step, form_class = "court", forms.CourtForm


class CategoryView(StepView):
    """Skipped at a court that has one kind of case alone."""

    step, form_class = "category", forms.CategoryForm

    def get(self, request: HttpRequest) -> HttpResponse:
        response = super().get(request)
        only = self.case.categories if response.status_code == 200 else []
        if len(only) != 1:
            return response
        form = self.make_form({"category": only[0]})
        form.is_valid()
        return self.take(form)


class NumberView(StepView):
    """The number, or that there is none yet; whether its word is open to queries is told at once."""

    step, form_class = "number", forms.NumberForm
    template_name = "cpor_cases/petitions/number.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        if "none" in request.POST and not self._too_early():
            forms.NumberForm(draft=self.draft, case=self.case).store_none()
            return self.go_on()
        return super().post(request)

    def take(self, form: forms.StepForm) -> HttpResponse:
        form.store()
        self.draft.store_in(self.request.session)
        saved = Draft.of(self.request.session) or self.draft
        if saved.cases[(self.place or 1) - 1].obstacles:
            return redirect("petitions:not_covered", self.place)
        return self.go_on()


class NotCoveredView(PetitionView):
    """Says in plain words that cases with this word cannot be followed, and what can be done."""

    def get(self, request: HttpRequest, place: int) -> HttpResponse:
        if place > len(self.draft.cases):
            raise Http404
        case = self.draft.cases[place - 1]
        if not case.obstacles:
            return redirect(url_of(*self.draft.next_step()))
        context = {
            "case": case,
            "place": place,
            "is_unknown": Obstacle.WORD_UNKNOWN in case.obstacles,
            "draft": self.draft,
        }
        return render(request, "cpor_cases/petitions/not_covered.html", context)


class RoleView(StepView):
    step, form_class = "role", forms.RoleForm
    template_name = "cpor_cases/petitions/role.html"


@method_decorator(sensitive_post_parameters("name", "phone"), name="dispatch")
class NameView(StepView):
    step, form_class = "name", forms.NameForm


@method_decorator(sensitive_post_parameters("address"), name="dispatch")
class EmailView(StepView):
    """Takes the address, and sends the code there unless it is proved."""

    step, form_class = "email", forms.EmailForm
    template_name = "cpor_cases/petitions/email.html"

    def take(self, form: forms.StepForm) -> HttpResponse:
        form.store()
        if self.draft.is_proved:
            return self.go_on()
        is_again = "again" in self.request.POST
        if self.draft.sent_to != self.draft.address or is_again:
            if not may_send(self.request, self.draft.address):
                form.add_error("address", TOO_MANY_CODES)
                return self.page(form, is_limited=True)
            send(self.draft)
        self.draft.goes_without_code = False
        return self.go_on()


TOO_MANY_CODES = gettext_lazy(
    "Too many codes have been requested. Please wait an hour, or continue without a code."
)


def may_send(request: HttpRequest, address: str) -> bool:
    """Count one more code, for the internet address and for the address it goes to."""
    here = consume_limit(request, action="petition_code")
    return bool(here and consume_limit(request, action="petition_code_to", key=without_tag(address)))


def send(draft: Draft) -> None:
    petitions.send_code(draft=draft.key, address=draft.address, language=draft.language)
    draft.sent_to = draft.address


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class CodeView(StepView):
    """Takes the code. Whom it does not reach can have it sent again, change the address, or go on without."""

    step, form_class = "code", forms.CodeForm
    template_name = "cpor_cases/petitions/code.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        response = super().get(request)
        return self.go_on() if response.status_code == 200 and self.draft.is_proved else response

    def post(self, request: HttpRequest) -> HttpResponse:
        if early := self._too_early():
            return early
        if "without" in request.POST:
            self.draft.sent_to, self.draft.goes_without_code = self.draft.address, True
            return self.go_on()
        if "again" in request.POST:
            return self._send_again()
        return super().post(request)

    def _send_again(self) -> HttpResponse:
        if not may_send(self.request, self.draft.address):
            messages.error(self.request, TOO_MANY_CODES)
        else:
            send(self.draft)
            messages.success(self.request, _("The code has been sent again."))
        self.draft.store_in(self.request.session)
        return redirect("petitions:code")

    def take(self, form: forms.StepForm) -> HttpResponse:
        limits = consume_limit(self.request, action="petition_try") and consume_limit(
            self.request, action="petition_try_for", key=self.draft.address
        )
        if not limits:
            form.add_error(
                "code",
                _("Too many wrong codes have been entered. Please wait an hour, or continue without a code."),
            )
            return self.page(form)
        typed = form.cleaned_data["code"]
        if not petitions.is_right_code(typed, draft=self.draft.key, address=self.draft.address):
            form.add_error(
                "code", _("This is not the code, or it has expired. Check it, or have a new one sent.")
            )
            return self.page(form)
        self.draft.proved = self.draft.address
        drafts.renew_key(self.request)
        return self.go_on()

    def page(self, form, **context) -> HttpResponse:
        return super().page(form, minutes=conf.PETITION_CODE_MINUTES, **context)


class CheckView(StepView):
    """Everything once more, each answer with its link; then the petitions are made."""

    step, form_class = "check", forms.StepForm
    template_name = "cpor_cases/petitions/check.html"

    def page(self, form, **context) -> HttpResponse:
        may_add = len(self.draft.cases) < MOST_CASES
        return super().page(form, may_add=may_add, days=conf.KEEP_PETITION_DAYS, **context)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "add" in request.POST and not self._too_early() and len(self.draft.cases) < MOST_CASES:
            last = self.draft.cases[-1]
            self.draft.cases.append(DraftCase(court_key=last.court_key))
            self.draft.store_in(request.session)
            return redirect(url_of("court", len(self.draft.cases)))
        return super().post(request)

    def take(self, form: forms.StepForm) -> HttpResponse:
        if refusal := ratelimit.consume_or_429(self.request, action="petition_make"):
            return refusal
        try:
            with transaction.atomic():
                made = [self._make(case) for case in self.draft.cases]
        except petitions.NotCovered:
            return self.go_on()
        self.draft.note_reached("finished")
        drafts.forget(self.request.session)
        drafts.renew_key(self.request)
        self.request.session[drafts.FINISHED] = made
        return redirect("petitions:finished")

    def _make(self, case: DraftCase) -> int:
        draft = self.draft
        if case.court is None or case.role is None:
            raise Http404
        petition = petitions.make(
            court=case.court,
            category=case.category,
            number=case.number,
            division=case.division,
            former_case=case.former_case,
            role=case.role,
            applicant_name=draft.name,
            phone=draft.phone,
            address=draft.address,
            is_address_proved=draft.is_proved,
            language=draft.language,
        )
        return petition.pk


class RemoveCaseView(PetitionView):
    """Takes one of several cases out."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, place: int) -> HttpResponse:
        if len(self.draft.cases) > 1 and place <= len(self.draft.cases):
            del self.draft.cases[place - 1]
        return self.go_on()


class DeleteView(View):
    """Deletes what was typed. Finished petitions stay for the court, unless their person discards them as well."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        finished = request.session.get(drafts.FINISHED, [])
        if "discard" in request.POST:
            for petition in petitions.of_keys(finished):
                petitions.discard(petition)
        drafts.forget(request.session)
        is_kept = finished and "discard" not in request.POST
        messages.success(
            request,
            _("The petition is closed in this browser.")
            if is_kept
            else _("Everything you typed has been deleted."),
        )
        return redirect("petitions:start")
