"""The form field of a text in several languages: one input for each, with its language."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import pgettext
from wagtail.admin.widgets import AdminAutoHeightTextInput

from cpor_core import languages


def errors_of(
    texts: Mapping[str, str], *, is_required: bool, max_length: int | None
) -> dict[str, ValidationError]:
    """Return what is wrong with the text in each language, with the language named where there are several."""
    demanded = languages.required() if is_required else []
    errors = {}
    for code in dict.fromkeys([*languages.codes(), *texts]):
        field = forms.CharField(required=code in demanded, max_length=max_length)
        try:
            field.clean(texts.get(code, ""))
        except ValidationError as error:
            errors[code] = ValidationError(
                [_with_language(code, message) for message in error.messages], params={"language": code}
            )
    return errors


def _with_language(code: str, message: str) -> ValidationError:
    if len(languages.codes()) > 1:
        sentence = pgettext("text in one language", "%(language)s: %(message)s")
        message = sentence % {"language": languages.name(code), "message": message}
    return ValidationError(message, params={"language": code})


class TranslatedInput(forms.Widget):
    """An input for each language of the site. Their names are `name_<language code>`."""

    template_name = "cpor_core/widgets/translated_input.html"
    label = ""

    def __init__(self, attrs=None, *, widget: forms.Widget | None = None):
        super().__init__(attrs)
        self.widget = widget or forms.TextInput()

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["inputs"] = [
            self._input(code, name, (value or {}).get(code, ""), context["widget"]["attrs"])
            for code in languages.codes()
        ]
        return context

    def _input(self, code: str, name: str, text: str, attrs: dict) -> dict:
        own = attrs | {"lang": languages.tag(code), "aria-label": f"{self.label} ({languages.name(code)})"}
        own["required"] = bool(attrs.get("required")) and code in languages.required()
        if "id" in attrs:
            own["id"] = f"{attrs['id']}_{code}"
        context = self.widget.get_context(f"{name}_{code}", text, own)
        # Of a text of several lines it is said how long it is and how long it may be: a one-line input shows it by itself.
        longest = int(attrs.get("maxlength", 0)) if isinstance(self.widget, forms.Textarea) else 0
        return context["widget"] | {
            "language": languages.name(code),
            "length": len(text),
            "longest": longest,
        }

    def id_for_label(self, id_):
        return f"{id_}_{languages.first()}" if id_ else id_

    def value_from_datadict(self, data, files, name):
        return {code: data.get(f"{name}_{code}", "") for code in languages.codes()}

    def value_omitted_from_data(self, data, files, name):
        return not any(f"{name}_{code}" in data for code in languages.codes())

    @property
    def media(self):
        return self.widget.media


class _TranslatedBoundField(forms.BoundField):
    """Tells the widget its label, which each input is named by."""

    def as_widget(self, widget=None, attrs=None, only_initial=False):
        shown = widget or self.field.widget
        shown.label = self.label
        return super().as_widget(widget, attrs, only_initial)


class TranslatedFormField(forms.Field):
    """Takes and returns texts by language: {"zh-hant": "最高法院", "en": "Supreme Court"}."""

    widget = TranslatedInput

    def __init__(
        self, *, max_length: int | None = None, is_whole: bool = False, is_multiline: bool = False, **kwargs
    ):
        self.max_length, self.is_whole = max_length, is_whole
        if "widget" not in kwargs:
            kwargs["widget"] = TranslatedInput(widget=AdminAutoHeightTextInput() if is_multiline else None)
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return {"maxlength": str(self.max_length)} if self.max_length else {}

    def get_bound_field(self, form, field_name):
        return _TranslatedBoundField(form, self, field_name)

    def to_python(self, value):
        return {code: text.strip() for code, text in (value or {}).items() if text and text.strip()}

    def validate(self, value):
        is_required = self.required or (self.is_whole and bool(value))
        errors = errors_of(value, is_required=is_required, max_length=self.max_length)
        if errors:
            raise ValidationError(list(errors.values()))

    def has_changed(self, initial, data):
        return not self.disabled and self.to_python(initial) != self.to_python(data)
