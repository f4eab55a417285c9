"""Columns of the desk's lists."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import Column, NumberColumn, StatusTagColumn, TitleColumn

from cpor_cases.actions import mails
from cpor_cases.mail import wording
from cpor_cases.models import Application
from cpor_core.office.working_days import working_days_since

__all__ = [
    "AgeColumn",
    "ApplicationStateColumn",
    "CaseNumberColumn",
    "ChooseColumn",
    "ChooseMailColumn",
    "Column",
    "CountColumn",
    "FigureColumn",
    "MailStateColumn",
    "MomentColumn",
    "RemoveColumn",
    "RowLabelColumn",
    "RevokeColumn",
    "StatusTagColumn",
    "TitleColumn",
]


class CaseNumberColumn(TitleColumn):
    """A case number, set so that it never breaks, as the link to the row."""

    cell_template_name = "cpor_cases/office/cells/case_number.html"


class MomentColumn(Column):
    """A day, with its time if it has one, in both calendars, one above the other; on a card with its heading if it must be."""

    cell_template_name = "cpor_cases/office/cells/moment.html"

    def __init__(self, *args, is_named_on_cards: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_named_on_cards = is_named_on_cards


class CountColumn(NumberColumn):
    """How many there are of something; on a card with its heading."""

    cell_template_name = "cpor_cases/office/cells/count.html"


class AgeColumn(Column):
    """How long a pending application has waited, in working days; red past the first."""

    cell_template_name = "cpor_cases/office/cells/working_days.html"

    def get_value(self, application):
        return working_days_since(application.received_on) if application.is_pending else None

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        days = context["raw_value"]
        context["days"] = days
        context["text"] = "" if days is None else days_in_words(days)
        context["is_late"] = days is not None and days > 1
        return context


class ApplicationStateColumn(StatusTagColumn):
    """The state of an application; the one that asks for work stands out."""

    def __init__(self, **kwargs):
        super().__init__(
            "status",
            label=_("State"),
            accessor="get_status_display",
            sort_key="status",
            primary=lambda application: application.status == Application.Status.PENDING,
            **kwargs,
        )


class MailStateColumn(Column):
    """How a mail fared, in plain words."""

    cell_template_name = "cpor_cases/office/cells/mail_state.html"

    def get_value(self, mail):
        return wording.state_in_words(mail)


def days_in_words(days: int) -> str:
    """Return an age as people say it: less than 1 working day (what came on Saturday did not come today), 1, 4."""
    if days == 0:
        return str(_("less than 1 working day"))
    return ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}


class ChooseColumn(Column):
    """A box to tick, for rows that can be decided together with others."""

    cell_template_name = "cpor_cases/office/cells/choose.html"
    header_template_name = "cpor_cases/office/cells/choose_header.html"
    label_of_all = _("Choose all that wait on this page")


class ChooseMailColumn(ChooseColumn):
    """A box to tick, for mails that can be sent again together with others."""

    cell_template_name = "cpor_cases/office/cells/choose_mail.html"
    label_of_all = _("Choose all on this page that can be sent again")

    def get_value(self, mail):
        return mails.can_be_sent_again(mail)


class RemoveColumn(Column):
    """The link that ends a clerk's service, for whom the reader may remove."""

    cell_template_name = "cpor_cases/office/cells/remove.html"

    def __init__(self, *args, may_remove, **kwargs):
        super().__init__(*args, **kwargs)
        self.may_remove = may_remove

    def get_value(self, post):
        return self.may_remove(post)


class RevokeColumn(Column):
    """The link that ends a token of the court's system, while it has not been ended."""

    cell_template_name = "cpor_cases/office/cells/revoke.html"

    def __init__(self, *args, may_revoke, **kwargs):
        super().__init__(*args, **kwargs)
        self.may_revoke = may_revoke

    def get_value(self, token):
        return self.may_revoke(token)


class RowLabelColumn(Column):
    """What a row of figures stands for: the heading of the row."""

    cell_template_name = "cpor_cases/office/cells/row_label.html"


class FigureColumn(Column):
    """A figure of a report, set so that figures stand below each other; a dash where there is nothing to count."""

    cell_template_name = "cpor_cases/office/cells/figure.html"

    def __init__(self, figure, *, is_sortable: bool):
        sort_key = figure.key if is_sortable else None
        super().__init__(figure.key, label=figure.heading, classname="office-figure", sort_key=sort_key)
        self.figure = figure

    def get_value(self, row):
        return self.figure.in_words(row.counts)
