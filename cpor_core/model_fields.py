"""The fields of models, by name."""

from django.core.exceptions import FieldDoesNotExist
from django.db import models


def field_of(model: models.Model | type[models.Model], name: str) -> models.Field:
    """Return a field that the model itself has. Raises FieldDoesNotExist for a relation that leads to it from elsewhere."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise FieldDoesNotExist(f"{model._meta.object_name} has no field of its own named {name!r}")
    return field
