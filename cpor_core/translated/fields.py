"""A text in several languages as one field of a model: a JSON column {language code: text}.

    name = TranslatedField("name", max_length=120)

    court.name                               the text in the reader's language, or in the first, or in any
    court.name = {"zh-hant": "最高法院", "en": "Supreme Court"}
    texts(court, "name")                     all of them
    Court.objects.filter(name__first="最高法院").order_by("name__reader")

Why not a column for each language: docs/decisions, "Texts in several languages are one column".
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cpor_core import languages

from . import forms, lookups


class ReaderText:
    """Reads a field in the reader's language; sets all its texts."""

    def __init__(self, field: "TranslatedField"):
        self.field = field

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        stored = getattr(instance, self.field.attname)
        return stored.get(languages.reader()) or stored.get(languages.chosen(stored), "")

    def __set__(self, instance, value) -> None:
        setattr(instance, self.field.attname, self.field.to_python(value))


class TranslatedField(models.JSONField):
    """A text in the languages of the site. Empty texts are not stored.

    `max_length` is the limit in each language. A field that is not `blank` has a text in each of the required languages;
    one that is blank and `is_whole` has it in all of them or in none.
    """

    description = _("Text in several languages")

    if TYPE_CHECKING:
        _pyi_private_set_type: Mapping[str, str]
        _pyi_private_get_type: str

    def __init__(
        self,
        verbose_name=None,
        *,
        max_length: int | None = None,
        is_whole: bool = False,
        is_multiline: bool = False,
        **kwargs: Any,
    ):
        self.is_whole, self.is_multiline = is_whole, is_multiline
        super().__init__(verbose_name, max_length=max_length, **{"default": dict} | kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        # What only forms and validation need stays out of migrations.
        return name, path, args, {key: kwargs[key] for key in kwargs if key != "max_length"}

    def get_attname_column(self):
        return f"{self.name}_texts", self.db_column or self.name

    def contribute_to_class(self, cls, name, private_only=False):
        super().contribute_to_class(cls, name, private_only=private_only)
        setattr(cls, name, ReaderText(self))

    def to_python(self, value) -> dict[str, str]:
        if not isinstance(value, Mapping):
            raise TypeError(f"{self.name} takes its texts by language, not {value!r}")
        return {code: text for code, text in value.items() if text}

    def validate(self, value, model_instance):
        errors = self.errors_of(value)
        if errors:
            raise ValidationError(list(errors.values()))

    def errors_of(self, texts: Mapping[str, str], *, is_required: bool = False) -> dict[str, ValidationError]:
        """Return what is wrong with the text in each language."""
        is_required = is_required or not self.blank or (self.is_whole and any(texts.values()))
        return forms.errors_of(texts, is_required=is_required, max_length=self.max_length)

    def formfield(self, **kwargs):
        own = {"form_class": forms.TranslatedFormField, "max_length": self.max_length}
        own |= {"is_whole": self.is_whole, "is_multiline": self.is_multiline}
        return models.Field.formfield(self, **own | kwargs)

    def labelled(self, instance: models.Model) -> list[tuple[str, str]]:
        """Return the text in each language with its label: (meaning (English), "…")."""
        found = self.value_from_object(instance)
        return [
            (f"{self.verbose_name} ({languages.name(code)})", found.get(code, ""))
            for code in languages.codes()
        ]

    def get_searchable_content(self, value: Mapping[str, str]) -> list[str]:
        """Return what Wagtail's index finds: the texts of all languages."""
        return list(value.values())


for transform in (lookups.FirstLanguage, lookups.ReaderLanguage, lookups.EveryLanguage):
    TranslatedField.register_lookup(transform)


def texts(instance: models.Model, name: str) -> dict[str, str]:
    """Return the texts of a field by language."""
    return dict(getattr(instance, _field_of(instance, name).attname))


def text_in(instance: models.Model, name: str, language: str) -> str:
    """Return the text of a field in one language; empty if there is none."""
    return texts(instance, name).get(language, "")


def first_text(instance: models.Model, name: str) -> str:
    """Return the text of a field in the first language: the one by which a row is known, whoever reads."""
    return text_in(instance, name, languages.first())


def language_of(instance: models.Model, name: str) -> str:
    """Return the language of the text that a reader gets of a field."""
    return languages.chosen(texts(instance, name)) or languages.reader()


def fields_of(model: type[models.Model]) -> list[TranslatedField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, TranslatedField)]


def _field_of(instance: models.Model, name: str) -> TranslatedField:
    field = instance._meta.get_field(name)
    if not isinstance(field, TranslatedField):
        raise TypeError(f"{name} is not a text in several languages")
    return field
