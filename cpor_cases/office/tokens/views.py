"""The tokens of the court's system: the manager's page."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.widgets.button import HeaderButton

from cpor_cases.actions import api_tokens
from cpor_cases.models import ApiToken
from cpor_cases.office.views import ActionView, OfficeListView
from cpor_core.office.columns import ActionLinkColumn, MomentColumn
from cpor_core.office.views import OfficeFormView

from .forms import TokenForm


class TokenListView(OfficeListView):
    related = ("court", "created_by")
    is_about_people = False
    default_ordering = "-created_at"
    stacks = True
    empty_message = gettext_lazy(
        "The court's system has no token yet. With one it sends progress entries by itself."
    )

    @cached_property
    def columns(self):
        return [
            Column("label", label=_("Label"), classname="title"),
            Column("prefix", label=_("Begins with"), accessor=lambda token: f"{token.prefix}…"),
            StatusTagColumn("state", label=_("State"), primary=lambda token: token.is_active),
            Column("court", label=_("Court"), sort_key="court"),
            MomentColumn(
                "created_at",
                label=pgettext("record", "Created"),
                sort_key="created_at",
                is_named_on_cards=True,
            ),
            Column("created_by", label=_("Created by"), accessor=maker_of),
            MomentColumn(
                "last_used_at",
                label=pgettext("account", "Last used"),
                sort_key="last_used_at",
                is_named_on_cards=True,
            ),
            MomentColumn("expires_at", label=_("Expires"), sort_key="expires_at", is_named_on_cards=True),
            ActionLinkColumn(
                "revoke",
                label=pgettext("token", "Revoke"),
                template_name="cpor_cases/office/cells/revoke.html",
                is_offered=self.may_revoke,
            ),
        ]

    def may_revoke(self, token: ApiToken) -> bool:
        return not token.is_revoked and self.user_has_permission("change")

    @cached_property
    def header_buttons(self):
        if not self.user_has_permission("add"):
            return []
        return [HeaderButton(_("Make a token"), url=reverse("office_tokens:add"), icon_name="plus")]


def maker_of(token: ApiToken) -> str:
    return token.created_by.get_full_name() or token.created_by.username


@method_decorator(never_cache, "dispatch")
class IssueView(OfficeFormView):
    """The response to the form is the only page with the secret: a redirect would have to store it in the session."""

    model = ApiToken
    form_class = TokenForm
    page_title = gettext_lazy("Make a token")
    index_url_name = "office_tokens:index"
    button = gettext_lazy("Make a token")

    @method_decorator(sensitive_variables("secret"))
    def form_valid(self, form):
        try:
            token, secret = api_tokens.issue(**form.cleaned_data, by=self.request.user)
        except api_tokens.LabelTaken:
            form.add_error(
                "label", _("A token with this label is in use. Choose another one, or revoke the old.")
            )
            return self.form_invalid(form)
        self.template_name = "cpor_cases/office/tokens/created.html"
        context = self.get_context_data(form=form, token=token, secret=secret)
        return self.render_to_response(context | {"page_title": _("The token has been made")})


class RevokeTokenView(ActionView):
    model = ApiToken
    related = ("court",)
    index_url_name = "office_tokens:index"
    question = gettext_lazy("Revoke this token?")
    explanation = gettext_lazy(
        "From the next call on, the system that uses it is refused. What it sent stays. This cannot be undone."
    )
    button = gettext_lazy("Revoke the token")
    is_serious = True

    def get_back_url(self) -> str:
        return reverse(self.index_url_name)

    def post(self, request, *args, **kwargs):
        if api_tokens.revoke(token=self.object, by=request.user):
            messages.success(request, _("The token has been revoked."))
        else:
            messages.info(request, _("The token had been revoked before."))
        return redirect(self.get_back_url())
