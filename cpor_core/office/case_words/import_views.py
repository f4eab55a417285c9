"""Views of the CSV export and import of case words."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from cpor_core.downloads import name_file

from . import csv_exchange

LIST = "wagtailsnippets_cpor_core_caseword:list"
MAY_CHANGE = ("cpor_core.add_caseword", "cpor_core.change_caseword")
may_change_words = permission_required(MAY_CHANGE, raise_exception=True)


class FileForm(forms.Form):
    """A CSV file, or the text of one that has been previewed."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        help_text=gettext_lazy("Export the list first, change it, and import it with the same columns."),
    )
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def clean(self) -> None:
        super().clean()
        cleaned = self.cleaned_data
        if not cleaned.get("file") and not cleaned.get("text"):
            raise forms.ValidationError(_("Choose a file."))
        try:
            if cleaned.get("file"):
                cleaned["text"] = csv_exchange.as_text(cleaned["file"])
            cleaned["plan"] = csv_exchange.plan(cleaned["text"])
        except csv_exchange.UnreadableFile as error:
            raise forms.ValidationError(str(error)) from error


@require_safe
@may_change_words
def export(request) -> HttpResponse:
    """Download every word with all its columns."""
    response = HttpResponse(csv_exchange.export(), content_type="text/csv; charset=utf-8")
    ending = f"{timezone.localdate():%Y-%m-%d}.csv"
    title = pgettext("downloaded file", "Case words")
    name_file(response, f"{title}-{ending}", fallback=f"case-words-{ending}")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@may_change_words
def import_file(request) -> HttpResponse:
    """Preview the changes of an uploaded file; apply them once the editor confirms."""
    form = FileForm(request.POST or None, request.FILES or None)
    plan = form.cleaned_data["plan"] if form.is_valid() else None
    if plan and "confirm" in request.POST:
        csv_exchange.carry_out(plan, by=request.user)
        counts = {"added": len(plan.added), "changed": len(plan.changed)}
        messages.success(request, _("Done: %(added)s added, %(changed)s changed.") % counts)
        return redirect(LIST)
    text = form.cleaned_data["text"] if plan else ""
    return render(
        request, "cpor_core/office/case_words/import.html", {"form": form, "plan": plan, "text": text}
    )
