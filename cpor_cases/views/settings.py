"""What a person wants to be mailed, and the way out of it."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from cpor_cases.actions import mail_preferences, viewing
from cpor_cases.mail import links
from cpor_cases.mail.messages import with_own_choice
from cpor_cases.models import CaseAccess, Litigant, litigant_of, reminder_days
from cpor_cases.models.litigants import AS_ACCOUNT

from .own_cases import OwnCasesMixin

YES_OR_NO = {True: gettext_lazy("yes"), False: gettext_lazy("no")}
SHOW_ENTRY = gettext_lazy("Show the entry in the email")
REMIND = gettext_lazy("Remind me before a hearing, and before the last day I can view a case")
WHEN_TO_REMIND = gettext_lazy("When to remind me of a hearing")
CASES_A_PAGE = 20


class AccountMailForm(forms.ModelForm):
    """What is mailed about every case that has no choice of its own."""

    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour of the daily email"),
        help_text=gettext_lazy("Used only for the daily email."),
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        coerce=int,
    )
    mails_show_entry = forms.BooleanField(label=SHOW_ENTRY, required=False)
    reminders = forms.BooleanField(label=REMIND, required=False)

    class Meta:
        model = Litigant
        fields = [
            "mail_preference",
            "digest_hour",
            "mails_show_entry",
            "reminders",
            "reminder_days",
            "mails_without_links",
            "language",
        ]
        labels = {
            "mail_preference": gettext_lazy("Email me when there is news"),
            "reminder_days": WHEN_TO_REMIND,
            "mails_without_links": gettext_lazy(
                "Emails without links: I type the address of the service myself"
            ),
            "language": gettext_lazy("Language of your emails"),
        }
        help_texts = {
            "mails_without_links": gettext_lazy(
                "Then you know that an email with a link is forged, unless you have just asked for it: an email that only"
                " works by a link, such as the one to set a new password, keeps it."
            ),
            "language": "",
        }
        widgets = {"mail_preference": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for message in with_own_choice():
            self.fields[f"mail_{message.kind}"] = forms.BooleanField(
                label=message.choice_label,
                required=False,
                initial=message.kind not in self.instance.switched_off,
            )

    def save(self, commit: bool = True) -> None:
        chosen = self.cleaned_data
        mail_preferences.choose_for_account(
            self.instance.account,
            **{name: chosen[name] for name in self.Meta.fields},
            switched_off=[
                message.kind for message in with_own_choice() if not chosen[f"mail_{message.kind}"]
            ],
        )


class CaseMailForm(forms.ModelForm):
    """What is mailed about one case, where it is to differ from the others."""

    class Meta:
        model = CaseAccess
        fields = ["mail_preference"]
        labels = {"mail_preference": gettext_lazy("Email me when there is news")}

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        profile = litigant_of(account)
        preference = cast(forms.ChoiceField, self.fields["mail_preference"])
        preference.choices = [
            (AS_ACCOUNT, _as_account(profile.get_mail_preference_display())),
            *CaseAccess.MailPreference.choices,
        ]
        for name, label in (("mails_show_entry", SHOW_ENTRY), ("reminders", REMIND)):
            choices = [("", _as_account(YES_OR_NO[getattr(profile, name)])), *YES_OR_NO.items()]
            self.fields[name] = forms.TypedChoiceField(
                label=label,
                choices=choices,
                coerce=lambda typed: typed == "True",
                empty_value=None,
                required=False,
            )
            own = getattr(self.instance, name)
            self.initial[name] = "" if own is None else own
        as_account = _as_account(reminder_days.in_words(profile.reminder_days))
        self.fields["reminder_days"] = forms.ChoiceField(
            label=WHEN_TO_REMIND, choices=[("", as_account), *reminder_days.choices()], required=False
        )
        self.initial["reminder_days"] = self.instance.reminder_days

    def save(self, commit: bool = True) -> None:
        mail_preferences.choose_for_case(
            self.instance,
            preference=self.cleaned_data["mail_preference"],
            show_entry=self.cleaned_data["mails_show_entry"],
            reminders=self.cleaned_data["reminders"],
            reminder_days=self.cleaned_data["reminder_days"],
        )


def _as_account(chosen) -> str:
    return _("as for all my cases (%(chosen)s)") % {"chosen": chosen}


@method_decorator(never_cache, name="dispatch")
class SettingsView(OwnCasesMixin, View):
    """What is mailed about all cases, in which language; and the cases for which something else was chosen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(AccountMailForm(self.typed_before_log_in(), instance=litigant_of(request.user)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AccountMailForm(request.POST, instance=litigant_of(request.user))
        if not form.is_valid():
            return self._page(form)
        form.save()
        messages.success(request, _("Your settings are saved."))
        return redirect("cpor_cases:settings")

    def _page(self, form: AccountMailForm) -> HttpResponse:
        own = self.own_accesses().with_own_mail_choices().select_related("case__court").order_by("pk")
        page = Paginator(own, CASES_A_PAGE).get_page(self.request.GET.get("page"))
        viewing.show_rows(self.request, page, title=gettext_lazy("Own email settings"))
        return render(self.request, "cpor_cases/settings.html", {"form": form, "page_obj": page})


class SameForAllView(LoginRequiredMixin, View):
    """What is chosen for all cases holds for each of them again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        mail_preferences.let_account_decide(request.user)
        messages.success(request, _("Your settings now hold for all your cases."))
        return redirect("cpor_cases:settings")


@method_decorator([never_cache, csrf_exempt], name="dispatch")
class UnsubscribeView(View):
    """RFC 8058: one POST from the mail program, without log-in, ends the mails; a GET (a link scanner's) changes nothing.

    The link of a mail about one case ends that case's; neither page names it. Where the person may not see the case any
    more, there is nothing to end.
    """

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponseBase:
        account_id, access_id = links.read_unsubscribe_token(token) or (None, None)
        self.account = get_object_or_404(get_user_model(), pk=account_id, is_active=True)
        own = CaseAccess.objects.visible_to(self.account).select_related("case__court")
        # The access of the mail may have been joined with another one to the same case.
        self.access = access_id and get_object_or_404(own, case__accesses=access_id)
        return super().dispatch(request, token)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._page("unsubscribe")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.access:
            mail_preferences.stop_for_case(self.access)
        else:
            mail_preferences.stop(self.account)
        return self._page("unsubscribed")

    def _page(self, what: str) -> HttpResponse:
        context = {"is_one_case": bool(self.access), "all_path": links.unsubscribe_path(self.account.pk)}
        return render(self.request, f"cpor_cases/{what}.html", context)
