"""The timeline of an application or a case: actions from the log, and mails."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from cpor_cases.mail.wording import state_in_words
from cpor_cases.models import Activation, Application, Case, CaseAccess, CourtLogEntry, Occasion, OutgoingMail
from cpor_cases.models.log_facts import VIEWS
from cpor_core.actors import KIND_LABELS, ActorKind
from cpor_core.models import Court

from .audit.log_wording import note_of, what_of

# The actions that end an access and are logged.
ENDS = {"cpor_cases.access.revoke", "cpor_cases.access.leave", "cpor_cases.account.close"}
# Shown to each court whose cases the account follows; other actions only to the court that did them.
OF_THE_PERSON = ["cpor_cases.activation.activate", "cpor_cases.activation.lock"]


@dataclass(frozen=True)
class Happening:
    at: dt.datetime
    what: str
    by: str = ""
    note: str = ""
    url: str = ""


def of_application(application: Application, clerk) -> list[Happening]:
    """Return what happened to an application, its accesses, its activation and its mails, newest first."""
    accesses = list(application.accesses.all())
    activations = list(Activation.objects.filter(account=application.account_id))
    entries = actions_on([application, *accesses, *activations], clerk)
    about = Q(access__in=accesses)
    about |= Q(pk__in=Occasion.objects.filter(access__in=accesses).values("mail"))
    if application.account_id:
        about |= Q(kind=OutgoingMail.Kind.ACTIVATION, account=application.account_id)
    mails = OutgoingMail.objects.for_clerk(clerk).filter(about)
    return merged(entries, mails)


def of_case(case: Case, clerk) -> list[Happening]:
    """Return what happened to a case, its entries and its accesses (with the names of the people), newest first."""
    accesses = list(case.accesses.select_related("application", "ended_by"))
    entries = list(actions_on([case, *case.entries.all(), *accesses], clerk))
    names = {str(access.pk): access.application.applicant_name for access in accesses}
    kind = ContentType.objects.get_for_model(CaseAccess).pk
    told = [
        _logged(entry, whose=names[entry.object_id] or _("(name no longer kept)"))
        if entry.content_type_id == kind
        else _logged(entry)
        for entry in entries
    ]
    logged = {entry.object_id for entry in entries if entry.content_type_id == kind and entry.action in ENDS}
    ends = [
        _end(access, access.ended_at)
        for access in accesses
        if access.ended_at and str(access.pk) not in logged
    ]
    return _newest_first(told + ends)


def actions_on(instances, clerk) -> QuerySet:
    """Return the log entries of some rows by the clerk's own courts and by the person, without views."""
    keys: dict[type, list[str]] = {}
    for instance in instances:
        keys.setdefault(type(instance), []).append(str(instance.pk))
    wanted = Q(pk__in=[])
    for model, numbers in keys.items():
        wanted |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=numbers)
    own = Q(court__in=Court.objects.for_clerk(clerk)) | Q(action__in=OF_THE_PERSON)
    return CourtLogEntry.objects.filter(wanted, own).exclude(action__in=VIEWS)


def merged(entries: QuerySet, mails: QuerySet) -> list[Happening]:
    return _newest_first([_logged(entry) for entry in entries] + [_mail(mail) for mail in mails])


def _newest_first(happenings: list[Happening]) -> list[Happening]:
    return sorted(happenings, key=lambda happening: happening.at, reverse=True)


def _logged(entry: CourtLogEntry, whose: str = "") -> Happening:
    """Return one entry of the log. `whose` is the person whose access it is about, whom the log does not name."""
    note = " · ".join(part for part in (whose, note_of(entry)) if part)
    return Happening(at=entry.timestamp, what=what_of(entry), by=entry.user_display_name, note=note)


def _end(access: CaseAccess, ended_at: dt.datetime) -> Happening:
    """Return the end of an access that has no log entry of its own: by a merge, or with an account never used."""
    by = access.ended_by
    name = access.application.applicant_name or _("(name no longer kept)")
    return Happening(
        at=ended_at,
        what=_("Access to the case ended"),
        by=(by.get_full_name() or by.get_username()) if by else str(KIND_LABELS[ActorKind.SYSTEM]),
        note=f"{name} · {access.get_end_reason_display()}",
    )


def _mail(mail: OutgoingMail) -> Happening:
    what = _("Email: %(kind)s") % {"kind": mail.get_kind_display()}
    url = reverse("office_mails:inspect", args=[mail.pk])
    return Happening(at=mail.created_at, what=what, note=state_in_words(mail), url=url)
