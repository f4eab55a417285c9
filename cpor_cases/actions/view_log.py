"""Logging of views: who viewed which rows about people, and when (rule 9)."""

import datetime as dt
from collections.abc import Iterable
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.functional import Promise
from wagtail.log_actions import get_active_log_context

from cpor_cases.models import Case, CaseAccess, CourtLogEntry
from cpor_cases.models.log_facts import (
    CASE_VIEWED,
    ROWS_VIEWED,
    VIEWS,
    actor_facts,
    court_id_of,
    nameless_title_of,
    nameless_titles_of,
)
from cpor_core.models import Court

SAME_VIEW = dt.timedelta(minutes=10)
INSPECTED = {
    "application": "cpor_cases.application.inspect",
    "petition": "cpor_cases.petition.inspect",
    "case": "cpor_cases.case.inspect",
    "activation": "cpor_cases.activation.inspect",
    "outgoingmail": "cpor_cases.mail.inspect",
    "importrun": "cpor_cases.import.inspect",
    "account": "cpor_cases.account.inspect",
}


def inspection_of(row: Model) -> str | None:
    """Return the log action for a page that shows all there is to this row; None if such a page is not logged."""
    return INSPECTED.get("account" if isinstance(row, AbstractBaseUser) else str(row._meta.model_name))


class Shown:
    """What the page of a request shows, as its view and its panels report it."""

    def __init__(self) -> None:
        self.inspected: dict[str, Model] = {}
        self.rows: dict[int | None, dict[str, None]] = {}
        self.title: str | Promise = ""
        self.search = ""
        self.by: AbstractBaseUser | None = None
        self.is_search = False

    def __bool__(self) -> bool:
        return bool(self.inspected or self.rows or self.is_search)


def log_views(shown: Shown, *, by, view: str, now: dt.datetime | None = None) -> None:
    """Log what a page showed. The same page opened again within ten minutes, as after each action, is the same view."""
    now = now or timezone.now()
    recent = CourtLogEntry.objects.filter(user=by, timestamp__gt=now - SAME_VIEW, action__in=VIEWS)
    known = {_identity(entry) for entry in recent.defer("label")}
    actor, group = actor_facts(by), get_active_log_context().uuid
    entries = [*_inspections(shown), *_lists(shown, by, view)]
    new = [entry for entry in entries if _identity(entry) not in known]
    for entry in new:
        entry.timestamp, entry.uuid, entry.deleted = now, group, False
        for name, value in actor.items():
            setattr(entry, name, value)
    if new:
        CourtLogEntry.objects.bulk_create(new)


def _identity(entry: CourtLogEntry) -> tuple:
    """Return what makes two views the same. Another search that finds the same rows is another view."""
    search = entry.data.get("search")
    return entry.action, entry.content_type_id, entry.object_id, entry.court_id, entry.rows, search


def _inspections(shown: Shown) -> list[CourtLogEntry]:
    return [
        CourtLogEntry(
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            label=nameless_title_of(row),
            court_id=court_id_of(row),
            action=inspection_of(row),
        )
        for row in shown.inspected.values()
    ]


def _lists(shown: Shown, by, view: str) -> list[CourtLogEntry]:
    rows = shown.rows
    if shown.is_search and not rows:
        rows = {_only_court_of(by): {}}
    with translation.override(settings.LANGUAGE_CODE):
        title = str(shown.title)
    data = {"view": view} | ({"search": shown.search} if shown.search else {})
    court_type = ContentType.objects.get_for_model(Court)
    return [
        CourtLogEntry(
            content_type=court_type,
            object_id=str(court_id or ""),
            label=title,
            court_id=court_id,
            action=ROWS_VIEWED,
            rows=f" {' '.join(tokens)} ",
            data=data,
        )
        for court_id, tokens in rows.items()
    ]


def _only_court_of(user) -> int | None:
    """Return the court at which a search without a result is logged: None if its author serves at several."""
    courts = list(Court.objects.for_clerk(user).values_list("pk", flat=True)[:2])
    return courts[0] if len(courts) == 1 else None


@transaction.atomic
def log_case_views(
    accesses: Iterable[CaseAccess], *, by, opened: bool, now: dt.datetime | None = None
) -> None:
    """Log that a person viewed these cases (rule 9), in two statements however many they are.

    What is new in a case stays new until the case is `opened`: a view of the list does not make it old. The given objects
    keep the time of the view before, so that the page can still say what is new.
    """
    now, viewed = now or timezone.now(), list(accesses)
    facts = actor_facts(by) | {"timestamp": now, "uuid": uuid4(), "deleted": False}
    content_type = ContentType.objects.get_for_model(Case)
    CourtLogEntry.objects.bulk_create(
        CourtLogEntry(
            content_type=content_type,
            object_id=str(access.case_id),
            label=label,
            court_id=access.case.court_id,
            action=CASE_VIEWED,
            **facts,
        )
        for access, label in zip(viewed, nameless_titles_of(viewed), strict=True)
    )
    if opened:
        CaseAccess.objects.filter(pk__in=[access.pk for access in viewed]).update(last_seen_at=now)
