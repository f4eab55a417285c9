"""The form field of a text in several languages: one input for each, with its language."""

from collections.abc import Collection, Mapping

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
    """A group of inputs, one for each language of the site, named `name_<language code>`."""

    template_name = "cpor_core/widgets/translated_input.html"
    # The bound field sets these before it renders the widget.
    label = ""
    invalid_languages: Collection[str] = ()

    def __init__(self, attrs=None, *, widget: forms.Widget | None = None):
        super().__init__(attrs)
        self.widget = widget or forms.TextInput()

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        codes = languages.codes()
        context["widget"]["inputs"] = [
            self._input(code, name, (value or {}).get(code, ""), context["widget"]["attrs"]) for code in codes
        ]
        context["widget"] |= {"label": self.label, "has_several": len(codes) > 1}
        return context

    def _input(self, code: str, name: str, text: str, attrs: dict) -> dict:
        own = attrs | {"lang": languages.tag(code), "aria-label": f"{self.label} ({languages.name(code)})"}
        own["required"] = bool(attrs.get("required")) and code in languages.required()
        if "id" in attrs:
            own["id"] = f"{attrs['id']}_{code}"
        if self.invalid_languages and code not in self.invalid_languages:
            own.pop("aria-invalid", None)
        context = self.widget.get_context(f"{name}_{code}", text, own)
        # Only a text of several lines has a counter: a one-line input shows its length by itself.
        longest = int(attrs.get("maxlength", 0)) if isinstance(self.widget, forms.Textarea) else 0
        return context["widget"] | {
            "language": languages.name(code),
            "length": len(text),
            "longest": longest,
            "may_be_empty": bool(attrs.get("required")) and not own["required"],
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
    """Passes its label, and the languages that have an error, on to the widget."""

    def as_widget(self, widget=None, attrs=None, only_initial=False):
        shown = widget or self.field.widget
        shown.label, shown.invalid_languages = self.label, self._invalid_languages()
        return super().as_widget(widget, attrs, only_initial)

    def _invalid_languages(self) -> set[str]:
        """Return the languages that have an error; none if the error is about the text as a whole."""
        errors = self.form.errors.as_data().get(self.name, [])
        return {error.params["language"] for error in errors if error.params and "language" in error.params}


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
