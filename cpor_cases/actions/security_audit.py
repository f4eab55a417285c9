"""Copies what the security log says about staff to the audit, where the managers of their courts read it."""

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from cpor_cases.models import CourtLogEntry
from cpor_cases.models.log_facts import actor_facts
from cpor_core.actors import ActorKind, kind_of
from cpor_core.models import ClerkPost
from cpor_core.security_log import Event, Outcome

PREFIX = "cpor_cases.security."
# The actions themselves log these.
NOTED_BY_ACTIONS = {Event.POST_ASSIGNED, Event.POST_REMOVED, Event.SESSION_ENDED, Event.ENROLMENT_LINK}


def note(event: Event, outcome: Outcome, *, account, actor, data: dict | None = None, **_rest) -> None:
    """Log an event at each court of the member of staff whom it concerns, else at that of who caused it.

    A failed log-in runs the same statements whether there is such an account or not, so that the time it takes does not
    tell.
    """
    about = account or actor
    is_failed_login = event == Event.LOGIN and outcome == Outcome.FAILURE
    if event in NOTED_BY_ACTIONS or not (is_failed_login or (about and kind_of(about) == ActorKind.STAFF)):
        return
    courts: list[int | None] = list(
        ClerkPost.objects.filter(user=about).values_list("court_id", flat=True)
    ) or [None]
    facts = (
        actor_facts(actor)
        if actor
        else {"actor_kind": ActorKind.ANONYMOUS if outcome == Outcome.FAILURE else ActorKind.SYSTEM}
    )
    CourtLogEntry.objects.bulk_create(
        CourtLogEntry(
            content_type=ContentType.objects.get_for_model(get_user_model()),
            object_id=str(about.pk if about else ""),
            label=about.get_username() if about else "",
            court_id=court,
            action=f"{PREFIX}{event}_{outcome}",
            timestamp=timezone.now(),
            data=data or {},
            deleted=False,
            **facts,
        )
        for court in courts
    )
