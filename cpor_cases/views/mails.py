"""What was mailed to a person, about which case, and what became of it."""

import uuid

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache

from cpor_cases.actions import bounces, viewing
from cpor_cases.mail import rendering
from cpor_cases.mail.wording import state_for_its_person
from cpor_cases.models import Announcement, CaseAccess, Occasion, OutgoingMail, litigant_of
from cpor_core.view_types import LoggedInRequest

from .own_cases import OwnCasesMixin
from .pagination import ForgivingListView

State = OutgoingMail.State
KINDS_OF_STATE = {State.SENT: "good", State.FAILED: "bad", State.STOPPED: "bad"}
MAILS_A_PAGE = 20


@method_decorator(never_cache, name="dispatch")
class MailsView(OwnCasesMixin, ForgivingListView):
    """One's own mails, newest first; with `?case=` those about one case. A case that may no longer be seen is not named."""

    request: LoggedInRequest
    template_name = "cpor_cases/mails.html"
    context_object_name = "mails"
    paginate_by = MAILS_A_PAGE

    @cached_property
    def chosen(self) -> CaseAccess | None:
        if not (public_id := self.request.GET.get("case")):
            return None
        try:
            key = uuid.UUID(public_id)
        except ValueError:
            raise Http404 from None
        found = self.own_accesses().of_case(key).select_related("case__court").first()
        if found is None:
            raise Http404
        return found

    def get_queryset(self):
        own = OutgoingMail.objects.filter(account=self.request.user).exclude(state=State.DROPPED)
        if self.chosen:
            own = own.about_accesses([self.chosen.pk])
        return own.select_related("court").order_by("-pk")

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        mails = list(context["mails"])
        self._name_cases(mails)
        for mail in mails:
            mail.title = rendering.title_of(mail)
            mail.in_words = state_for_its_person(mail)
            mail.kind_of_state = KINDS_OF_STATE.get(mail.state, "waiting")
            mail.is_to_own_address = mail.address == self.request.user.email
        waiting = Announcement.objects.awaiting_digest().filter(access__in=self.own_accesses())
        return context | {
            "mails": mails,
            "chosen": self.chosen,
            "query": f"case={self.chosen.case.public_id}&" if self.chosen else "",
            "digest_hour": litigant_of(self.request.user).digest_hour,
            "awaiting_digest": waiting.values("access").distinct().count(),
        }

    def render_to_response(self, context, **response_kwargs):
        title = gettext_lazy("Own emails")
        viewing.show_rows(self.request, context["mails"], title=title)
        return super().render_to_response(context, **response_kwargs)

    def _name_cases(self, mails: list[OutgoingMail]) -> None:
        """Give each mail the accesses it told of that may still be seen, and whether there were others."""
        told = self._told(mails)
        visible = self.own_accesses().filter(pk__in=set().union(*told.values())).select_related("case__court")
        by_key = visible.in_bulk()
        for mail in mails:
            accesses = [by_key[key] for key in sorted(told[mail.pk]) if key in by_key]
            mail.accesses, mail.told_of_others = accesses, len(accesses) < len(told[mail.pk])

    def _told(self, mails: list[OutgoingMail]) -> dict[int, set[int]]:
        """Return of which accesses each mail told."""
        told = {mail.pk: {mail.access_id} if mail.access_id else set() for mail in mails}
        of_run = {(mail.run_id, mail.is_ahead): mail.pk for mail in mails if mail.run_id}
        announcements = Announcement.objects.filter(
            Q(digest__in=told) | Q(run__in={run for run, _ahead in of_run}, in_digest=False),
            access__account=self.request.user,
        )
        facts = announcements.values_list("access", "digest", "run", "is_ahead")
        for access, digest, run, is_ahead in facts:
            if told_in := digest or of_run.get((run, is_ahead)):
                told[told_in].add(access)
        for access, mail in Occasion.objects.filter(mail__in=told).values_list("access", "mail"):
            told[mail].add(access)
        return told


class TryAgainView(LoginRequiredMixin, View):
    """The person says that the address takes mail again: mails that were held for it are sent."""

    http_method_names = ["post"]

    def post(self, request: LoggedInRequest) -> HttpResponse:
        bounces.clear(request.user.email)
        messages.success(request, _("We are sending you the emails again. Here you see whether they arrive."))
        return redirect("cpor_cases:mails")
