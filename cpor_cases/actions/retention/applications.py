"""Applications and the accesses they opened: deleted, or blanked where the case stays on record."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cpor_cases.models import Application, CaseAccess, CourtLogEntry
from cpor_core import conf


def ended_before(at: dt.datetime) -> Q:
    """Accesses that ended before `at`, by an end of their own or because the query period of their case was over."""
    closed_before = timezone.localdate(at) - relativedelta(months=conf.QUERY_PERIOD_MONTHS)
    return Q(ended_at__lt=at) | Q(ended_at=None, case__closed_on__lt=closed_before)


def blank(applications: QuerySet[Application], words: set[str]) -> int:
    """Blank who handed these in, and add it to `words`; return how many named anybody."""
    facts = ("applicant_name", "email", "receipt_number", "phone")
    named = applications.exclude(**dict.fromkeys(facts, ""))
    for values in named.values_list(*facts):
        words |= set(values)
    return named.update(**dict.fromkeys(facts, ""))


def delete_refused(now: dt.datetime, words: set[str]) -> int:
    before = now - relativedelta(months=conf.KEEP_REFUSED_APPLICATION_MONTHS)
    refused = Application.objects.filter(status=Application.Status.REFUSED, decided_at__lt=before)
    return _delete(refused, words)


def delete_undecided(now: dt.datetime, words: set[str]) -> int:
    before = now - relativedelta(months=conf.KEEP_UNDECIDED_APPLICATION_MONTHS)
    return _delete(Application.objects.pending().filter(recorded_at__lt=before), words)


@transaction.atomic
def _delete(applications: QuerySet[Application], words: set[str]) -> int:
    applications = Application.objects.filter(pk__in=list(applications.values_list("pk", flat=True)))
    blank(applications, words)
    return applications.delete()[1].get("cpor_cases.Application", 0)


@transaction.atomic
def blank_of_ended_accesses(now: dt.datetime, words: set[str]) -> int:
    """Blank who applied, and delete their views, where an access or the query period of its case ended long ago."""
    before = now - relativedelta(months=conf.KEEP_ENDED_ACCESS_MONTHS)
    over = CaseAccess.objects.filter(ended_before(before))
    over.exclude(own_name="", note="").update(own_name="", note="")
    named = Application.objects.approved().filter(accesses__in=over)
    named = named.exclude(applicant_name="", email="", receipt_number="", phone="")
    keys = list(named.values_list("pk", flat=True))
    ended = over.filter(application__in=keys)
    for account, case in ended.values_list("account", "case"):
        CourtLogEntry.objects.forget_views(user_id=account, case_id=case)
    _blank_remarks(list(ended.values_list("pk", flat=True)))
    return blank(Application.objects.filter(pk__in=keys), words)


def _blank_remarks(accesses: list[int]) -> None:
    """Blank what a clerk typed when the access was revoked: it is about its person, named or not."""
    remarks = CourtLogEntry.objects.get_for_model(CaseAccess).filter(
        object_id__in=map(str, accesses), action="cpor_cases.access.revoke", data__has_key="reason_given"
    )
    for entry in remarks:
        CourtLogEntry.objects.filter(pk=entry.pk).update(data=entry.data | {"reason_given": ""})
