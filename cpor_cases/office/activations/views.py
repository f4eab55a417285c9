"""Activation links: the list, one link, and sending a new one."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn

from cpor_cases.actions import account_activation, mails
from cpor_cases.models import Activation, Application, OutgoingMail
from cpor_cases.office import searches, timeline
from cpor_cases.office.views import ActionView, DetailView, OfficeListView
from cpor_core.office.columns import MomentColumn
from cpor_core.punctuation import listed

from .filters import ActivationFilterSet


class ActivationListView(OfficeListView):
    related = ("account",)
    stacks = True
    filterset_class = ActivationFilterSet
    is_searchable = True
    default_ordering = "-link_expires_at"
    empty_message = gettext_lazy(
        "The first approval of an address sends a link; it appears here until it is used."
    )

    def get_base_queryset(self):
        return with_own_applications(super().get_base_queryset(), self.request.user)

    @cached_property
    def columns(self):
        return [
            TitleColumn(
                "names", label=_("Applicant"), accessor=names_of, url_name="office_activations:inspect"
            ),
            Column("address", label=pgettext_lazy("person", "Email address"), accessor="account.email"),
            Column("state", label=_("State"), accessor=state_of),
            Column("wrong_names", label=_("Wrong names"), sort_key="wrong_names"),
            MomentColumn("link_expires_at", label=_("Link valid until"), sort_key="link_expires_at"),
        ]

    def court_of(self, row):
        return court_of(row)

    def find(self, queryset, text):
        return searches.activations(queryset, text, self.request.user)


def with_own_applications(activations, clerk):
    """Prefetch the applications of each account at the clerk's own courts, the only ones the clerk may see."""
    own = Application.objects.for_clerk(clerk).select_related("case__court").order_by("-decided_at")
    return activations.prefetch_related(Prefetch("account__applications", own, to_attr="own_applications"))


def _own_applications(activation: Activation) -> list[Application]:
    return activation.account.own_applications  # type: ignore[attr-defined]  # prefetched above


def names_of(activation: Activation) -> str:
    names = [application.applicant_name for application in _own_applications(activation)]
    return listed(dict.fromkeys(names)) or activation.account.email


def court_of(activation: Activation) -> int | None:
    """Return the court of the latest prefetched application."""
    own = _own_applications(activation)
    return own[0].case.court_id if own else None


def state_of(activation: Activation) -> str:
    if activation.is_activated:
        return pgettext("state", "activated")
    if activation.is_locked:
        return _("locked after wrong names")
    return _("link expired") if activation.is_expired() else _("waiting for the person")


class ActivationDetailView(DetailView):
    related = ("account",)
    template_name = "cpor_cases/office/activations/inspect.html"

    def get_base_object_queryset(self):
        return with_own_applications(super().get_base_object_queryset(), self.request.user)

    def get_page_title(self) -> str:
        return names_of(self.object)

    def get_context_data(self, **kwargs):
        sent = OutgoingMail.objects.for_clerk(self.request.user).filter(
            account=self.object.account, kind=OutgoingMail.Kind.ACTIVATION
        )
        return super().get_context_data(
            state=state_of(self.object),
            applications=self.object.account.own_applications,
            happenings=timeline.merged(timeline.actions_on([self.object], self.request.user), sent),
            can_renew=self.user_has_permission("change")
            and mails.can_renew_link(self.object, by=self.request.user),
            **kwargs,
        )


class UnlockView(ActionView):
    """Sends a new link, which ends all earlier ones: after five wrong names, or when the mail was lost."""

    model = Activation
    related = ("account",)
    index_url_name = "office_activations:index"
    inspect_url_name = "office_activations:inspect"
    question = gettext_lazy("Send a new activation link?")
    explanation = gettext_lazy(
        "Make sure first that the address is the applicant's. Every earlier link becomes void; a new one goes to the address on record and is valid for seven days."
    )
    button = gettext_lazy("Send a new link")

    def get_base_object_queryset(self):
        return with_own_applications(super().get_base_object_queryset(), self.request.user)

    def get_subject(self) -> str:
        return f"{names_of(self.object)} · {self.object.account.email}"

    def post(self, request, *args, **kwargs):
        if mails.can_renew_link(self.object, by=request.user):
            account_activation.unlock(activation=self.object, by=request.user)
            messages.success(request, _("A new activation link is on its way."))
        else:
            messages.error(request, _("There is nothing to activate any more."))
        return redirect(self.get_detail_url())
