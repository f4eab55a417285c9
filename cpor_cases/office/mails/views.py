"""The mails: the list, the page of one mail, sending again."""

from typing import cast

from django.contrib import messages
from django.db.models import QuerySet
from django.shortcuts import redirect
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn

from cpor_cases.actions import mails
from cpor_cases.mail import messages as mail_messages
from cpor_cases.mail import rendering
from cpor_cases.mail.links import blanked
from cpor_cases.mail.wording import state_in_words, with_state_in_words
from cpor_cases.models import Application, Case, OutgoingMail, litigant_of
from cpor_cases.models.outgoing_mails import OutgoingMailQuerySet
from cpor_cases.office import searches
from cpor_cases.office.bulk_views import BulkListMixin, BulkView
from cpor_cases.office.views import ActionView, DetailView, OfficeListView
from cpor_core.office.columns import MomentColumn

from .columns import ChooseMailColumn, MailStateColumn
from .filters import MailFilterSet

APPLICATIONS_SHOWN = 10
JOINT = "occasions__access__case"


class MailListView(BulkListMixin, OfficeListView):
    bulk_url_name = "office_mails:bulk"
    bulk_button = gettext_lazy("Send the chosen ones again")
    bulk_hint = gettext_lazy(
        "Tick what is to be sent again; the next page shows each before anything happens."
    )
    related = ("account", "court", "access__case")
    prefetched = (JOINT,)
    stacks = True
    filterset_class = MailFilterSet
    is_searchable = True
    default_ordering = "-created_at"
    empty_message = gettext_lazy("Emails about your court's cases appear here as soon as there are any.")

    @cached_property
    def columns(self):
        columns = [
            TitleColumn(
                "kind",
                label=pgettext_lazy("mail", "Email"),
                accessor="get_kind_display",
                url_name="office_mails:inspect",
            ),
            Column("address", label=pgettext("mail", "To"), sort_key="address"),
            Column("case", label=_("Case"), accessor=case_numbers_of),
            MailStateColumn("state", label=_("State"), sort_key="state"),
            MomentColumn("created_at", label=pgettext("record", "Created"), sort_key="created_at"),
        ]
        if self.can_choose:
            columns.insert(0, ChooseMailColumn(_("Choose all on this page that can be sent again")))
        return columns

    def get_base_queryset(self):
        rows = cast(OutgoingMailQuerySet, super().get_base_queryset())
        return rows.with_awaited() if self.can_choose else rows

    def find(self, queryset, text):
        return searches.mails(queryset, text)


def cases_of(mail) -> list[Case]:
    """Return the cases that a mail tells of, each once, as far as its own row or its occasions name them."""
    accesses = [mail.access] if mail.access else [occasion.access for occasion in mail.occasions.all()]
    return list(dict.fromkeys(access.case for access in accesses))


def case_numbers_of(mail) -> str:
    """Return the number of the case that a mail tells of; of several the first, and how many more there are."""
    numbers = [str(case.full_number) for case in cases_of(mail)]
    if len(numbers) < 2:
        return "".join(numbers)
    more = ngettext("%(first)s and %(count)d more", "%(first)s and %(count)d more", len(numbers) - 1)
    return more % {"first": numbers[0], "count": len(numbers) - 1}


class MailDetailView(DetailView):
    related = ("account", "court", "access__case__court", "run")
    template_name = "cpor_cases/office/mails/inspect.html"

    def get_page_title(self) -> str:
        return self.object.get_kind_display()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            in_words=state_in_words(self.object),
            cases=cases_of(self.object),
            can_be_sent_again=self.user_has_permission("change") and mails.can_be_sent_again(self.object),
            preview=preview_of(self.object),
            applications=self.get_applications(),
            **kwargs,
        )

    def get_applications(self):
        """Return the person's approved applications at the clerk's courts, where the address or the access is changed."""
        own = Application.objects.for_clerk(self.request.user).approved().filter(account=self.object.account)
        return own.select_related("case").order_by("-decided_at")[:APPLICATIONS_SHOWN]


def preview_of(mail: OutgoingMail) -> dict | None:
    """Return subject and text of a mail as it would be written now, its links blanked; None if the mail is void,
    or may name cases of other courts."""
    mail_messages.prefetch([mail])
    told = mail_messages.message_of(mail)
    if not told.is_previewed or not told.keep_to_its_court():
        return None
    with translation.override(litigant_of(mail.account).language):
        message = rendering.render(mail)
    if message is None:
        return None
    return {
        "subject": message.subject,
        "text": blanked(str(message.body)),
        "language": litigant_of(mail.account).language,
    }


class SendAgainView(ActionView):
    model = OutgoingMail
    related = ("account", "court", "access__case")
    index_url_name = "office_mails:index"
    inspect_url_name = "office_mails:inspect"
    question = gettext_lazy("Send this email again?")
    explanation = gettext_lazy(
        "It goes to the address the account has now. If the address itself is wrong, correct it instead."
    )
    button = gettext_lazy("Send again")

    def get_subject(self) -> str:
        return f"{self.object.get_kind_display()} · {mails.address_for_clerk(self.object)}"

    def post(self, request, *args, **kwargs):
        try:
            mails.send_again(mail=self.object, by=request.user)
        except mails.NotAgain:
            messages.error(
                request, _("This email cannot be sent again: it is on its way, or is no longer needed.")
            )
        else:
            messages.success(request, _("The email is on its way again."))
        return redirect(self.get_detail_url())


class BulkResendView(BulkView):
    """Mails sent again after the cause of their failure was removed."""

    model = OutgoingMail
    template_name = "cpor_cases/office/mails/bulk_resend.html"
    page_title = gettext_lazy("Send emails again")
    index_url_name = "office_mails:index"
    skipped_message = gettext_lazy("%(count)d cannot be sent again; review them one by one.")

    def load(self, rows: QuerySet) -> list[OutgoingMail]:
        rows = rows.select_related("account__litigant", "court", "access__case__court")
        chosen = with_state_in_words(rows.with_awaited().order_by("pk"))  # type: ignore[attr-defined]  # rows of the model above
        for mail in chosen:
            mail.address_shown = mails.address_for_clerk(mail)
        return chosen

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            sendable=[mail for mail in self.chosen if mails.can_be_sent_again(mail)],
            others=[mail for mail in self.chosen if not mails.can_be_sent_again(mail)],
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        count = mails.send_again_in_bulk(mails=self.chosen, by=request.user)
        return self.finish(count, _("%(count)d emails are on their way again."))
