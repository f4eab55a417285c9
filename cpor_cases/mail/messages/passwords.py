"""The mail with the link under which a new password is set."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import links

from .base import AT_A_SCREEN, Context, Message


class PasswordReset(Message):
    kind = "password_reset"
    label = _("password reset")
    subject = _("Set a new password")
    priority = AT_A_SCREEN
    is_of_the_moment = True

    def get_context(self) -> Context | None:
        account = self.mail.account
        if not account.is_active:
            return None
        key = default_token_generator.make_token(account)  # good once: allauth reads it
        facts = {"uidb36": user_pk_to_url_str(account), "key": key}
        path = reverse("account_reset_password_from_key", kwargs=facts)
        return {"username": account.username, "url": links.absolute(path)}
