"""What the forms of the admin share. A form reads and checks what was typed; actions store it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from cpor_core.models import Court
from cpor_core.models.courts import CourtQuerySet


class ClerkForm(forms.Form):
    """A form that knows the `clerk` who fills it in."""

    def __init__(self, *args, clerk, **kwargs):
        super().__init__(*args, **kwargs)
        self.clerk = clerk


class CourtForm(ClerkForm):
    """A form about one of the clerk's courts. The field is hidden and filled for a clerk of one court (`has_one_court`)."""

    court = forms.ModelChoiceField(Court.objects.none(), label=_("Court"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["court"])
        field.queryset = courts = self.get_courts()
        first_two = list(courts[:2])
        self.has_one_court = len(first_two) == 1
        if self.has_one_court:
            field.initial = first_two[0]
            field.widget = forms.HiddenInput()

    def get_courts(self) -> CourtQuerySet:
        """Return the courts to choose from; a subclass may offer fewer."""
        return Court.objects.for_clerk(self.clerk)


@contextmanager
def as_error_of(form: forms.Form, name: str) -> Iterator[None]:
    """Add a ValueError that is raised inside to the field `name`."""
    try:
        yield
    except ValueError as error:
        form.add_error(name, str(error))
