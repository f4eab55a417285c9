"""Describes one entry of the log in words."""

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpor_cases.models import CaseAccess, CourtLogEntry
from cpor_cases.models.log_facts import ROWS_VIEWED
from cpor_core.model_fields import field_of
from cpor_core.punctuation import listed


def what_of(entry: CourtLogEntry) -> str:
    """Return the action in words. The only rows that Wagtail logs as created are applications."""
    return str(_("Application recorded")) if entry.action == "wagtail.create" else str(entry.message)


def note_of(entry: CourtLogEntry) -> str:
    """Return what the data of an entry add to its message; empty if nothing."""
    data = entry.data
    if entry.action == ROWS_VIEWED:
        return _rows_in_words(entry)
    if data.get("same_person_under_another_name"):
        return _("The clerk confirmed that the account, which did not carry this name, is the same person's.")
    if "differs" in data:
        return _petition_in_words(entry, data["differs"])
    if changed := data.get("changed"):
        return _("Changed: %(fields)s") % {"fields": listed(_label(entry, name) for name in changed)}
    if "to_division" in data:
        return _("From %(before)s to %(after)s") % {
            "before": data["from_division"] or "—",
            "after": data["to_division"] or "—",
        }
    if "before" in data and "after" in data:
        return f"{data['before']} → {data['after']}"
    if "merged_number" in data:
        return f"{data['merged_number']} → {data['into_number']}"
    words = [revoked_because(data.get("reason", "")), data.get("reason_given", "")]
    return " · ".join(word for word in words if word)


def _petition_in_words(entry: CourtLogEntry, differs: list[str]) -> str:
    """How an application recorded from a petition differs from what was typed on the site: in which fields, never how."""
    if not differs:
        return _("From a petition, as typed on the site")
    fields = listed(_label(entry, name) for name in differs)
    return _("From a petition; differs from what was typed on the site: %(fields)s") % {"fields": fields}


def _rows_in_words(entry: CourtLogEntry) -> str:
    """How many rows a list showed and, while it is kept, the text of the search (`views.with_search_texts`)."""
    count = len(entry.rows.split())
    words = [ngettext("%(count)d row shown", "%(count)d rows shown", count) % {"count": count}]
    if "search" in entry.data:
        text = getattr(entry, "search_text", "")
        words.append(_("Search: %(text)s") % {"text": text} if text else _("Search, no longer kept"))
    return " · ".join(words)


def revoked_because(reason: str) -> str:
    """Return the label of a reason for revoking an access; empty for any other text."""
    known = CaseAccess.REVOKED_BECAUSE
    return str(CaseAccess.EndReason(reason).label) if reason in known else ""


def _label(entry: CourtLogEntry, name: str) -> str:
    """Return the label of a field of the entry's row; its plain name where the model no longer exists."""
    key = entry.content_type_id
    model = ContentType.objects.get_for_id(key).model_class() if key else None
    return str(field_of(model, name).verbose_name) if model else name
