"""Protection of snippets that cases, applications or posts refer to: they cannot be deleted, and the editor is told so."""

from django.contrib import messages
from django.db.models import PROTECT, ForeignObjectRel, Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks

from cpor_core.punctuation import listed


def is_in_use(instance: Model) -> bool:
    """Whether a protected foreign key of another row refers to `instance`."""
    relations = (
        field
        for field in instance._meta.get_fields(include_hidden=True)
        if isinstance(field, ForeignObjectRel)
    )
    return any(
        relation.field.model._base_manager.filter(**{relation.field.name: instance}).exists()
        for relation in relations
        if relation.on_delete is PROTECT
    )


@hooks.register("before_delete_snippet")
def keep_what_is_in_use(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Refuse the deletion of several snippets as a whole if any of them is in use."""
    used = [instance for instance in instances if is_in_use(instance)]
    if not used:
        return None
    sentence = _("In use and therefore kept: %(names)s. Nothing was deleted.")
    messages.error(request, sentence % {"names": listed(used)})
    return redirect(used[0].snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]  # set by Wagtail
