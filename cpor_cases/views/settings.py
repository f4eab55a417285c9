"""What a person wants to be mailed, and the way out of it."""

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from cpor_cases import letters
from cpor_cases.actions import cases
from cpor_cases.models import CaseAccess


class LanguageForm(forms.ModelForm):
    class Meta:
        model = get_user_model()
        fields = ["language"]
        labels = {"language": gettext_lazy("Language of your mails")}
        help_texts = {"language": ""}


class MailForm(forms.ModelForm):
    """What is mailed about one case."""

    mails_show_entry = forms.BooleanField(label=gettext_lazy("Show the entry in the mail"), required=False)

    reminders = forms.BooleanField(
        label=gettext_lazy("Remind me 7 days and 1 day before a hearing, and before the last day of query"),
        required=False,
    )

    field_order = ["mail_preference", "mails_show_entry", "reminders"]

    class Meta:
        model = CaseAccess
        fields = ["mail_preference", "mails_show_entry", "reminders"]
        labels = {"mail_preference": gettext_lazy("Mail me when there is news")}

    def save(self, commit: bool = True) -> None:
        cases.choose_mails(
            self.instance,
            preference=self.cleaned_data["mail_preference"],
            show_entry=self.cleaned_data["mails_show_entry"],
            reminders=self.cleaned_data["reminders"],
        )


MailFormSet = forms.modelformset_factory(CaseAccess, form=MailForm, extra=0)


@method_decorator(never_cache, name="dispatch")
class SettingsView(LoginRequiredMixin, View):
    """The language of the mails, and for each case whether to be mailed and whether to see the entry there."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(LanguageForm(instance=request.user), self._mail_forms())

    def post(self, request: HttpRequest) -> HttpResponse:
        language, mails = LanguageForm(request.POST, instance=request.user), self._mail_forms(request.POST)
        if not (language.is_valid() and mails.is_valid()):
            return self._page(language, mails)
        with transaction.atomic():
            language.save()
            mails.save()
        messages.success(request, _("Your settings are saved."))
        return redirect("cpor_cases:settings")

    def _mail_forms(self, data=None):
        own = CaseAccess.objects.visible_to(self.request.user).select_related("case__court").order_by("pk")
        return MailFormSet(data, queryset=own, prefix="mails")

    def _page(self, language: LanguageForm, mails) -> HttpResponse:
        context = {"language_form": language, "mail_forms": mails}
        return render(self.request, "cpor_cases/settings.html", context)


@method_decorator([never_cache, csrf_exempt], name="dispatch")
class UnsubscribeView(View):
    """RFC 8058: one POST from the mail program, without log-in, ends the mails; a GET (a link scanner's) changes nothing."""

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponse:
        account_id = letters.read_unsubscribe_token(token)
        self.account = get_user_model().objects.filter(pk=account_id, is_active=True).first()
        if self.account is None:
            raise Http404
        return super().dispatch(request, token)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return render(request, "cpor_cases/unsubscribe.html")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        cases.stop_mails(self.account)
        return render(request, "cpor_cases/unsubscribed.html")
