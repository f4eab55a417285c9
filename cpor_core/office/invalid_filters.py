"""A filter that cannot be understood lists nothing, says so, and refuses the file: in every list of the admin.

Wagtail leaves such a filter out and lists everything, so that a mistyped day exports the whole log. It offers no setting
for this. Its one class of lists is changed here, when the app is ready, for its own reports and lists and for ours; a test
notices if Wagtail moves it. What is wrong is said by `wagtailadmin/shared/listing/filter_partials.html`.
"""

from functools import wraps

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import BaseListingView

EXPORT = "export"


def install() -> None:
    """Put the rule in place, once."""
    if hasattr(BaseListingView, "has_invalid_filter"):
        return
    original_filter, original_is_filtering = (
        BaseListingView.filter_queryset,
        BaseListingView.is_filtering.func,
    )

    @wraps(original_filter)
    def filter_queryset(self, queryset):
        return queryset.none() if self.has_invalid_filter else original_filter(self, queryset)

    _add_property("has_invalid_filter", _has_invalid_filter)
    _add_property("is_filtering", lambda self: self.has_invalid_filter or original_is_filtering(self))
    BaseListingView.filter_queryset = filter_queryset
    BaseListingView.dispatch = _dispatch


def _add_property(name: str, function) -> None:
    added = cached_property(function)
    added.__set_name__(BaseListingView, name)
    setattr(BaseListingView, name, added)


def _has_invalid_filter(view: BaseListingView) -> bool:
    if not view.filters:
        return False
    try:
        _refuse_neither_yes_nor_no(view.filters.form)
        return not view.filters.is_valid()
    except OverflowError:  # SQLite raises it for a key beyond 64 bits
        return True


def _refuse_neither_yes_nor_no(form: forms.Form) -> None:
    """Add an error for a value that Django's NullBooleanField takes for no answer."""
    if not form.is_valid():
        return
    for name, field in form.fields.items():
        is_empty = isinstance(field, forms.NullBooleanField) and form.cleaned_data.get(name) is None
        if is_empty and form.data.get(form.add_prefix(name), "") not in {"", "unknown"}:
            form.add_error(name, _("Choose yes or no."))


def _dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
    """Answer with the list, empty and saying why, and a refusal (400) where a file was asked for."""
    is_refused = EXPORT in request.GET and self.has_invalid_filter
    if is_refused:
        self.is_export = False
    response = super(BaseListingView, self).dispatch(request, *args, **kwargs)
    if is_refused and response.status_code == 200:
        response.status_code = 400
    return response
