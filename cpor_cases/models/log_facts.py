"""What an entry of the log says about its row and about the person who acted."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.utils import translation

from cpor_core.actors import ActorKind, kind_of, role_of
from cpor_core.models.courts import Court

from .activations import Activation
from .applications import Application
from .case_accesses import CaseAccess
from .cases import Case
from .outgoing_mails import OutgoingMail
from .petitions import Petition
from .progress_entries import ProgressEntry

# A litigant viewed one of their own cases.
CASE_VIEWED = "cpor_cases.case.view"
# A page that showed rows about several people at once: one entry a court, with the keys of the rows.
ROWS_VIEWED = "cpor_cases.rows.view"
# Views, by the person whose case it is or in the office, as opposed to actions.
VIEWS = [
    CASE_VIEWED,
    "cpor_cases.case.inspect",
    "cpor_cases.application.inspect",
    "cpor_cases.petition.inspect",
    "cpor_cases.activation.inspect",
    "cpor_cases.mail.inspect",
    "cpor_cases.import.inspect",
    "cpor_cases.account.inspect",
    ROWS_VIEWED,
]


def row_token(row: models.Model) -> str:
    """Return how an entry names one of the rows that a page showed: “application:12”."""
    return f"{row._meta.model_name}:{row.pk}"


def actor_facts(user) -> dict:
    """Return the fields of a log entry that say who acted, as they are at this moment; `user` is None for the system."""
    if user is None:
        return {"user": None, "actor_kind": ActorKind.SYSTEM}
    return {
        "user": user,
        "actor_username": user.get_username(),
        "actor_name": user.get_full_name(),
        "actor_kind": kind_of(user),
        "actor_role": role_of(user),
    }


def court_id_of(instance) -> int | None:
    """Return the key of the court a row belongs to; None for what belongs to no single court."""
    if isinstance(instance, Court):
        return instance.pk
    if isinstance(instance, Application | CaseAccess):
        return instance.case.court_id
    if isinstance(instance, Activation):
        case = _case_of_activation(instance)
        return case.court_id if case else None
    return getattr(instance, "court_id", None)


def nameless_title_of(instance) -> str:
    """Return the label of a row in the log: by its case if it has one, in the site's first language.

    The log is kept longer than people's names, so the label has none of them.
    """
    return nameless_titles_of([instance])[0]


def nameless_titles_of(instances: Iterable[models.Model]) -> list[str]:
    """Return what log entries call these rows; the language is changed once."""
    with translation.override(settings.LANGUAGE_CODE):
        return [_title_of(instance) for instance in instances]


def _title_of(instance) -> str:
    if isinstance(instance, Petition):  # whose number is half of what opens it
        return " ".join(filter(None, [str(instance.court), str(instance.case_number or "")]))
    case = _case_of(instance)
    if case is None:
        return str(instance)
    if isinstance(instance, ProgressEntry):
        return f"{case} · {instance}"
    if isinstance(instance, OutgoingMail):
        return f"{case} · {instance.get_kind_display()}"
    return str(case)


def _case_of(instance) -> Case | None:
    if isinstance(instance, Application | CaseAccess | ProgressEntry):
        return instance.case
    if isinstance(instance, OutgoingMail):
        return instance.access.case if instance.access else None
    return _case_of_activation(instance) if isinstance(instance, Activation) else None


def _case_of_activation(activation: Activation) -> Case | None:
    """Return the case whose approval sent the link: the latest one."""
    approved = Application.objects.filter(account=activation.account_id).select_related("case__court")
    latest = approved.order_by("-decided_at").first()
    return latest.case if latest else None
