"""Log of the starter content that was created, so that what an editor renamed, moved or deleted is not created again."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, Page, PageLogEntry

BEGUN = "cpor_pages.begin"


def note(made: Model, mark: str) -> None:
    """Record that `made` is the one that its mark in the starter content stands for."""
    log(instance=made, action=BEGUN, data={"starter": mark})


def keys_of(model: type[Model], mark: str) -> list[int]:
    """Return the keys that were given to what the mark stands for, whether it is still there or not."""
    entries = _entries(model).filter(data__starter=mark)
    if issubclass(model, Page):
        return list(entries.values_list("page_id", flat=True))
    return [int(key) for key in entries.values_list("object_id", flat=True)]


def was_made(mark: str, model: type[Model] = Page) -> bool:
    return bool(keys_of(model, mark))


def _entries(model: type[Model]):
    if issubclass(model, Page):
        return PageLogEntry.objects.filter(action=BEGUN)
    return ModelLogEntry.objects.filter(action=BEGUN, content_type=ContentType.objects.get_for_model(model))
