"""The clerks of the court: the list, assigning, ending a service."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton

from cpor_cases.actions import clerk_posts
from cpor_cases.office.views import ActionView, OfficeListView
from cpor_cases.permissions import can_remove_post
from cpor_core.actors import role_name
from cpor_core.models import ClerkPost
from cpor_core.office.columns import ActionLinkColumn
from cpor_core.office.views import OfficeFormView
from cpor_core.punctuation import listed

from .forms import PostForm


class PostListView(OfficeListView):
    page_title = gettext_lazy("Clerks of the court")
    related = ("user", "court")
    prefetched = ("user__groups",)
    default_ordering = "court"
    stacks = True
    empty_message = gettext_lazy("Nobody serves at this court yet. Assign the first clerk.")

    @cached_property
    def columns(self):
        return [
            Column("name", label=pgettext("staff", "Name"), accessor=name_of, classname="title"),
            Column("username", label=_("Account name"), accessor="user.username"),
            Column("email", label=pgettext_lazy("person", "Email address"), accessor="user.email"),
            Column("court", label=_("Court"), sort_key="court"),
            Column("groups", label=pgettext("staff", "Groups"), accessor=groups_of),
            ActionLinkColumn(
                "remove",
                label=_("Service"),
                template_name="cpor_cases/office/cells/remove.html",
                is_offered=self.may_remove,
            ),
        ]

    def may_remove(self, post: ClerkPost) -> bool:
        return self.user_has_permission("delete") and can_remove_post(self.request.user, post)

    @cached_property
    def header_buttons(self):
        if not self.user_has_permission("add"):
            return []
        return [HeaderButton(_("Assign a clerk"), url=reverse("office_posts:add"), icon_name="plus")]


def name_of(post: ClerkPost) -> str:
    return post.user.get_full_name() or post.user.username


def groups_of(post: ClerkPost) -> str:
    return listed(role_name(group) for group in post.user.groups.all())


class AssignView(OfficeFormView):
    model = ClerkPost
    form_class = PostForm
    page_title = gettext_lazy("Assign a clerk")
    index_url_name = "office_posts:index"
    button = gettext_lazy("Assign")

    def form_valid(self, form):
        court = form.cleaned_data["court"]
        post = clerk_posts.assign(user=form.cleaned_data["person"], court=court, by=self.request.user)
        messages.success(self.request, _("%(name)s now serves at this court.") % {"name": name_of(post)})
        return redirect(self.get_back_url())


class RemoveView(ActionView):
    model = ClerkPost
    permission_required = "delete"
    related = ("user", "court")
    index_url_name = "office_posts:index"
    question = gettext_lazy("End this clerk's service at the court?")
    explanation = gettext_lazy(
        "From now on this person no longer sees the court's data. What they did stays on record."
    )
    button = gettext_lazy("End the service")
    is_serious = True

    def get_back_url(self) -> str:
        return reverse(self.index_url_name)

    def post(self, request, *args, **kwargs):
        clerk_posts.remove(post=self.object, by=request.user)
        messages.success(request, _("The service has been ended."))
        return redirect(self.get_back_url())
