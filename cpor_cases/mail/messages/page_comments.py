"""The mail to staff about comments on a page that they follow, or in which they took part."""

from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_latest_str, get_user_display_name
from wagtail.models import Comment, CommentReply, Page

from cpor_cases.mail import links

from .base import Context
from .to_the_office import OfficeMessage


class PageComments(OfficeMessage):
    """Says who commented, and what; the texts are read when the mail is sent. Of deleted ones there is only the number."""

    kind = "page_comments"
    label = _("comments on a page")
    subject = _("There are comments on a page that you follow")

    def get_context(self) -> Context | None:
        about: dict[str, Any] = self.mail.about
        page = Page.objects.filter(pk=about["page"]).first()
        url = page and AdminURLFinder(self.reader).get_edit_url(page)
        if not page or not url or not self.reader.is_active:
            return None  # the page is gone, or no longer the reader's to edit
        by = get_user_model().objects.filter(pk=about["by"]).first()
        return {
            "title": get_latest_str(page),
            "by": get_user_display_name(by) if by else str(_("Somebody")),
            "new": _texts(Comment, about["new"]),
            "resolved": _texts(Comment, about["resolved"]),
            "replies": _texts(CommentReply, about["replies"]),
            "deleted": about["deleted"],
            "url": links.to_office(url),
        }


def _texts(model, keys: list[int]) -> list[str]:
    return [*model.objects.filter(pk__in=keys).order_by("pk").values_list("text", flat=True)]
