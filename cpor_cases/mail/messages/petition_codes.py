"""The mail with the code that proves the address of a petition. It names no case, no court and no person."""

from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import petition_codes
from cpor_core import conf

from .base import AT_A_SCREEN, Context, Message


class PetitionCode(Message):
    kind = "petition_code"
    label = _("code for a petition")
    subject = _("Your code for the petition")
    priority = AT_A_SCREEN
    is_of_the_moment = True
    is_without_account = True
    is_bound_to_its_address = True

    @property
    def language(self) -> str:
        return self.mail.about["language"]

    def get_context(self) -> Context | None:
        mail = self.mail
        if not petition_codes.is_usable(mail.created_at):
            return None
        code = petition_codes.code_of(mail.about["draft"], mail.address, mail.created_at)
        return {"code": f"{code[:3]} {code[3:]}", "minutes": conf.PETITION_CODE_MINUTES}
