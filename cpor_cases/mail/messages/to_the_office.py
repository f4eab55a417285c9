"""What the mails to members of staff about their work in the office have in common."""

from wagtail.users.models import UserProfile

from .base import NOTICE, Message


class OfficeMessage(Message):
    """Goes to a member of staff, in the language that its reader has chosen for the office, if any."""

    priority = NOTICE
    is_for_staff = True

    @property
    def language(self) -> str:
        return UserProfile.get_for_user(self.reader).preferred_language or super().language
