"""Wagtail's screens of users, limited to accounts of staff. Litigants are not listed or edited there."""

from django import forms
from django.contrib.auth.models import Group
from django.db.models.functions import Concat
from django.http import Http404
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import TitleColumn
from wagtail.users.forms import UserEditForm
from wagtail.users.views import groups, users
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction

from cpor_cases.actions import viewing
from cpor_cases.office.search_box import KeyedSearchForm
from cpor_cases.office.views import OnRecordMixin
from cpor_cases.permission_policies import RowsPolicy
from cpor_cases.permissions import manageable_accounts
from cpor_cases.saved_search import KeyedSearchMixin
from cpor_core.actors import role_name
from cpor_core.office.spelled_search import SpelledSearchMixin

NAMES = ["username", Concat("last_name", "first_name"), "email"]


class StaffAccountPolicy(RowsPolicy):
    """Django's model permissions, but only for accounts that are not a litigant's."""

    def instances_user_has_any_permission_for(self, user, actions):
        if not self.user_has_any_permission(user, actions):
            return self.model._default_manager.none()
        return manageable_accounts()


def _no_court(account) -> None:
    """The list is of no court."""


class StaffAccountListView(KeyedSearchMixin, SpelledSearchMixin, OnRecordMixin, users.IndexView):
    search_fields = NAMES
    template_name = "cpor_cases/office/list.html"  # ours has no bulk actions

    def get_search_form(self):
        return KeyedSearchForm(self.search_query, self.search_key)

    def search_queryset(self, queryset):
        return queryset.none() if self.search_problem else super().search_queryset(queryset)

    def show_people(self, context: dict) -> None:
        search = self.search_key if self.search_query else ""
        viewing.show_rows(
            self.request,
            context["object_list"],
            title=self.get_page_title(),
            court_of=_no_court,
            search=search,
        )

    def get_base_queryset(self):
        return super().get_base_queryset().filter(pk__in=manageable_accounts().values("pk"))

    @property
    def columns(self):
        return [column for column in super().columns if column.name != "bulk_actions"]


class RolesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, role: Group) -> str:
        return role_name(role)


class StaffAccountForm(UserEditForm):
    """The account of a member of staff, with its roles in the reader's language and without its password."""

    groups = RolesField(
        Group.objects.order_by("name"),
        required=False,
        label=pgettext_lazy("staff", "Roles"),
        widget=forms.CheckboxSelectMultiple,
    )
    password_enabled = False


class StaffAccountEditView(OnRecordMixin, users.EditView):
    def show_people(self, context: dict) -> None:
        viewing.show(self.request, self.object)

    def get_queryset(self):
        return manageable_accounts()


class StaffAccountHistoryView(users.HistoryView):
    def get_base_object_queryset(self):
        return manageable_accounts()


class StaffAccountViewSet(users.UserViewSet):
    """Accounts are deactivated, never deleted: the log names who did what by them. New ones are invited (`views`)."""

    copy_view_enabled = False
    index_view_class = StaffAccountListView
    edit_view_class = StaffAccountEditView
    history_view_class = StaffAccountHistoryView

    def get_form_class(self, for_update=False):
        return StaffAccountForm

    def get_common_view_kwargs(self, **kwargs):
        not_here = dict.fromkeys(("add_url_name", "delete_url_name", "usage_url_name"))
        return super().get_common_view_kwargs(**not_here | kwargs)

    def get_urlpatterns(self):
        return [each for each in super().get_urlpatterns() if each.name not in {"add", "delete", "usage"}]


class RoleListView(groups.IndexView):
    columns = [
        TitleColumn(
            "name",
            label=pgettext_lazy("staff", "Role"),
            accessor=role_name,
            sort_key="name",
            url_name="wagtailusers_groups:edit",
        ),
    ]


class RoleViewSet(groups.GroupViewSet):
    """Wagtail's screens of groups, whose list says their names in the reader's language."""

    index_view_class = RoleListView


def switched_off(action_class) -> type:
    """Return a bulk action that refuses everything, to replace one of Wagtail's, which would reach every account."""

    def dispatch(self, *args, **kwargs):
        raise Http404

    return type(f"No{action_class.__name__}", (action_class,), {"dispatch": dispatch})


NO_BULK_ACTIONS = [
    switched_off(each) for each in (AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction)
]
