"""Columns of the list of mails."""

from wagtail.admin.ui.tables import Column

from cpor_cases.actions import mails
from cpor_cases.mail import wording
from cpor_core.office.columns import ChooseColumn


class MailStateColumn(Column):
    """The state of a mail in words."""

    cell_template_name = "cpor_cases/office/cells/mail_state.html"

    def get_value(self, mail):
        return wording.state_in_words(mail)


class ChooseMailColumn(ChooseColumn):
    """A box for mails that can be sent again."""

    cell_template_name = "cpor_cases/office/cells/choose_mail.html"

    def get_value(self, mail):
        return mails.can_be_sent_again(mail)
