"""The forms of a new password and of the other log-ins, with the box that ends a person's calendar address as well.

The address opens the hearings without either: whoever learnt it keeps it, unless the person ends it.
"""

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import ResetPasswordKeyForm as AllauthResetPasswordKeyForm
from allauth.usersessions.forms import ManageUserSessionsForm
from django import forms
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.actions import calendar_feeds
from cpor_cases.models import CalendarFeed


class CalendarEnding(forms.Form):
    """A part of a form of somebody's account, `account`: the box is there for those who have a calendar address."""

    user: AbstractUser  # set by allauth

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if CalendarFeed.objects.filter(account=self.account).exists():
            self.fields["end_calendar"] = forms.BooleanField(
                label=_("End my calendar address, too"),
                required=False,
                help_text=_(
                    "It shows your hearings to whoever has it, without log-in or password. Tick this if somebody else may"
                    " know it; afterwards you can make a new one."
                ),
            )

    @property
    def account(self):
        return self.user

    def end_calendar(self) -> None:
        """End the address if the person wished so."""
        if self.cleaned_data.get("end_calendar"):
            calendar_feeds.switch_off(self.account)


class PasswordLabels(forms.Form):
    """A part of allauth's forms of passwords: labels in the site's own words, with one capital each."""

    LABELS = {
        "oldpassword": _("Current password"),
        "password1": pgettext_lazy("account", "New password"),
        "password2": _("New password, once more"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in self.LABELS.items():
            if name in self.fields:
                self.fields[name].label = label


class ChangePasswordForm(CalendarEnding, PasswordLabels, AllauthChangePasswordForm):
    def save(self) -> None:
        super().save()
        self.end_calendar()


class ResetPasswordKeyForm(CalendarEnding, PasswordLabels, AllauthResetPasswordKeyForm):
    def save(self) -> None:
        super().save()
        self.end_calendar()


class EndSessionsForm(CalendarEnding, ManageUserSessionsForm):
    @property
    def account(self):
        return self.request.user

    def save(self, request: HttpRequest) -> None:
        super().save(request)
        self.end_calendar()
