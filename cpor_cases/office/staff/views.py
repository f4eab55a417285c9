"""Staff: the list of people and open invitations, one person, and the actions on them."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from cpor_cases.actions import second_factors, sessions, staff, viewing
from cpor_cases.office.views import ActionView, DetailView, ObjectFormView, OfficeListView
from cpor_cases.permission_policies import StaffPolicy
from cpor_cases.permissions import invitations_in_charge_of, staff_in_charge_of
from cpor_core.active_sessions import active
from cpor_core.actors import role_name
from cpor_core.office.columns import CountColumn, MomentColumn
from cpor_core.office.spelled_search import with_words
from cpor_core.punctuation import listed

from .accounts import NAMES
from .forms import NameForm

User = get_user_model()
TITLE = pgettext_lazy("office", "Staff")


class StaffMixin:
    """Limits the rows to the staff in the reader's charge."""

    model: type[Model] = User
    permission_policy = StaffPolicy(User)
    index_url_name = "office_staff:index"
    inspect_url_name = "office_staff:inspect"

    def get_list_label(self) -> str:
        return str(TITLE)


def court_id_of(account) -> int | None:
    """Return the court in whose log the view of this account is recorded: the first one where the person serves."""
    return next((post.court_id for post in account.posts.all()), None)


def show_at_court(view: DetailView) -> None:
    title = f"{TITLE} · {view.object.pk}"
    viewing.show_rows(view.request, [view.object], title=title, court_of=court_id_of)


class StaffListView(StaffMixin, OfficeListView):
    page_title = TITLE
    header_icon = "user"
    template_name = "cpor_cases/office/staff/list.html"
    index_results_url_name = "office_staff:index_results"
    related = ("enrolment_link",)
    prefetched = ("posts__court", "groups")
    default_ordering = "username"
    paginate_by = 50
    is_searchable = True
    stacks = True
    MOST_INVITATIONS = 200
    empty_message = gettext_lazy("Nobody is in your charge yet. Invite the first person.")

    def get_base_queryset(self):
        return with_factor_and_sessions(super().get_base_queryset())

    def find(self, queryset, text):
        return with_words(queryset, text, NAMES)

    @cached_property
    def header_buttons(self):
        return [HeaderButton(_("Invite"), url=reverse("office_staff:add"), icon_name="plus")]

    @cached_property
    def invitations(self):
        """The open invitations that the reader may send again or withdraw."""
        if self.results_only:
            return []
        rows = invitations_in_charge_of(self.request.user).select_related("role", "court")
        return list(rows[: self.MOST_INVITATIONS])

    def get_context_data(self, **kwargs):
        return super().get_context_data(invitations=self.invitations, now=timezone.now(), **kwargs)

    def show_people(self, context: dict) -> None:
        super().show_people(context)
        viewing.show_rows(self.request, self.invitations, title=self.get_page_title())

    def court_of(self, account) -> int | None:
        return court_id_of(account)

    @cached_property
    def columns(self):
        return [
            TitleColumn(
                "name", label=pgettext("staff", "Name"), accessor=name_of, url_name="office_staff:inspect"
            ),
            Column("username", label=_("Account name"), sort_key="username"),
            Column("role", label=pgettext("staff", "Role"), accessor=roles_of),
            Column("courts", label=_("Court"), accessor=courts_of),
            Column("factor", label=_("Second factor"), accessor=factor_in_words),
            Column("state", label=pgettext("staff", "State"), accessor=state_of),
            CountColumn("sessions", label=_("Log-ins now"), accessor="session_count"),
            MomentColumn("last_login", label=_("Last log-in"), sort_key="last_login", is_named_on_cards=True),
        ]


def with_factor_and_sessions(accounts):
    """Annotate whether each account has a second factor, and its number of active log-ins."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_factors.FACTORS)
    own = active(UserSession.objects.filter(user=OuterRef("pk"))).order_by().values("user")
    counted = own.annotate(count=Count("pk")).values("count")
    return accounts.annotate(has_factor=Exists(factors), session_count=Coalesce(Subquery(counted), 0))


def name_of(account) -> str:
    return account.get_full_name() or account.get_username()


def courts_of(account) -> str:
    return listed(post.court for post in account.posts.all())


def roles_of(account) -> str:
    """Return the roles of an account in words: its groups, and that it is an operator's."""
    roles = [pgettext("staff", "Operator")] if account.is_superuser else []
    return listed([*roles, *(role_name(group) for group in account.groups.all())])


def state_of(account) -> str:
    if not account.is_active:
        return pgettext("staff", "ended")
    return pgettext("staff", "works here") if account.last_login else pgettext("staff", "never logged in")


def factor_in_words(account) -> str:
    if account.has_factor:
        return pgettext("second factor", "set up")
    link = getattr(account, "enrolment_link", None)
    return _("link issued, not used yet") if link and link.is_usable() else pgettext("second factor", "none")


class StaffDetailView(StaffMixin, DetailView):
    related = ("enrolment_link",)
    template_name = "cpor_cases/office/staff/inspect.html"

    def get_base_object_queryset(self):
        people = with_factor_and_sessions(super().get_base_object_queryset())
        return people.prefetch_related("posts__court", "groups")

    def get_page_title(self) -> str:
        return name_of(self.object)

    def get_context_data(self, **kwargs):
        account = self.object
        return super().get_context_data(
            courts=courts_of(account),
            roles=roles_of(account),
            state=state_of(account),
            is_in_charge=staff_in_charge_of(self.request.user).filter(pk=account.pk).exists(),
            factor=factor_in_words(account),
            sessions=active(UserSession.objects.filter(user=account)).order_by("-last_seen_at"),
            **kwargs,
        )

    def show_people(self, context: dict) -> None:
        show_at_court(self)


class StaffActionView(StaffMixin, ActionView):
    is_serious = True

    def get_subject(self) -> str:
        return name_of(self.object)

    def show_people(self, context: dict) -> None:
        show_at_court(self)


class RenameView(StaffMixin, ObjectFormView):
    form_class = NameForm
    page_title = gettext_lazy("Change the name")
    button = pgettext_lazy("button", "Save")

    def show_people(self, context: dict) -> None:
        show_at_court(self)

    def get_initial(self):
        return {"last_name": self.object.last_name, "first_name": self.object.first_name}

    def form_valid(self, form):
        if staff.rename(account=self.object, by=self.request.user, **form.cleaned_data):
            messages.success(
                self.request, _("The name has been changed. What was done before keeps the former name.")
            )
        else:
            messages.info(self.request, _("Nothing was changed."))
        return redirect(self.get_back_url())


class EndSessionsView(StaffActionView):
    """Ends all log-ins, or the ones named in the form: each has its own button on the page of the person."""

    question = gettext_lazy("End all log-ins of this person?")
    explanation = gettext_lazy(
        "The person is logged out everywhere at once, and can log in again. Text not saved yet may be lost."
    )
    button = gettext_lazy("End all log-ins")

    def post(self, request, *args, **kwargs):
        named = request.POST.getlist("session")
        own = UserSession.objects.filter(user=self.object)
        keys = [each.session_key for each in own if str(each.pk) in named] if named else None
        count = sessions.end_of_staff(account=self.object, by=request.user, keys=keys)
        if count:
            ended = ngettext("%(count)d log-in was ended.", "%(count)d log-ins were ended.", count)
            messages.success(request, ended % {"count": count})
        else:
            messages.info(request, _("It had ended before."))
        return redirect(self.get_back_url())


class InviteView(StaffActionView):
    question = gettext_lazy("Send this person an enrolment link?")
    explanation = gettext_lazy(
        "The person gets an email with a link to set up a passkey or an authenticator app; who has a password needs it as well. It works once, within 24 hours; an earlier link no longer works."
    )
    button = gettext_lazy("Send the link")
    is_serious = False

    def post(self, request, *args, **kwargs):
        try:
            second_factors.issue_link(account=self.object, by=request.user)
            messages.success(request, _("The link is on its way."))
        except second_factors.AlreadySetUp:
            messages.info(request, _("This person has a second factor already."))
        return redirect(self.get_back_url())


class ResetFactorView(StaffActionView):
    question = gettext_lazy("Reset the second factor of this person?")
    explanation = gettext_lazy(
        "Only if it was lost, and you have made sure that it is this person who asks. Passkeys, app and recovery codes are removed and all log-ins ended. An email tells the person; another brings a link to set up a new one."
    )
    button = gettext_lazy("Reset the second factor")

    def post(self, request, *args, **kwargs):
        second_factors.reset(account=self.object, by=request.user)
        messages.success(
            request, _("The second factor has been reset. The person is sent a link to set up a new one.")
        )
        return redirect(self.get_back_url())


class EndView(StaffActionView):
    question = gettext_lazy("End this person's work in the office?")
    explanation = gettext_lazy(
        "The person is logged out everywhere, serves at no court any more and can no longer log in. What they did stays on record. To take them back, invite them again."
    )
    button = gettext_lazy("End the work in the office")

    def get_back_url(self) -> str:
        return reverse(self.index_url_name)

    def post(self, request, *args, **kwargs):
        staff.end(account=self.object, by=request.user)
        messages.success(request, _("The work in the office has been ended."))
        return redirect(self.get_back_url())
