"""The mails to staff about pages and forms that are handed in for approval, approved, or sent back for changes."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_latest_str, get_user_display_name
from wagtail.models import TaskState

from cpor_cases.mail import links

from .base import Context
from .to_the_office import OfficeMessage


class OfAnApproval(OfficeMessage):
    """Says what happened to a page or form, and who did it."""

    @property
    def state(self) -> TaskState | None:
        states = TaskState.objects.select_related("workflow_state__requested_by", "finished_by")
        return states.filter(pk=self.mail.about["task"]).first()

    def is_of_use(self, state: TaskState) -> bool:
        """Whether it is still to be told."""
        return True

    def get_context(self) -> Context | None:
        state = self.state
        if state is None or not self.reader.is_active or not self.is_of_use(state):
            return None
        edited = state.workflow_state.content_object
        if edited is None:
            return None
        url = AdminURLFinder(self.reader).get_edit_url(edited)
        return {
            "title": get_latest_str(edited),
            "by": _name(state.finished_by or state.workflow_state.requested_by),
            "comment": state.get_comment(),
            "url": links.to_office(url) if url else "",
        }


class HandedIn(OfAnApproval):
    """Goes to all who may approve; nobody is sent it once one of them has decided."""

    kind = "handed_in"
    label = _("handed in for approval")
    subject = _("A page or form awaits your approval")

    def is_of_use(self, state: TaskState) -> bool:
        return state.status == TaskState.STATUS_IN_PROGRESS


class Approved(OfAnApproval):
    kind = "approved"
    label = _("approved")
    subject = _("What you handed in has been approved")


class SentBack(OfAnApproval):
    kind = "sent_back"
    label = _("sent back for changes")
    subject = _("Changes are asked for in what you handed in")


def _name(person) -> str:
    return get_user_display_name(person) if person else str(_("Somebody"))
