"""Everything the service keeps about a person, for that person: a ZIP of JSON files with a README in their language.

Of cases it holds what the pages show at this moment, and no more.
"""

import datetime as dt
import json
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.template.loader import render_to_string
from django.utils import timezone, translation

from cpor_cases.hearings.of_cases import attach_to
from cpor_cases.hearings.standing import Hearing
from cpor_cases.intake.columns import CASE_TEXTS, ENTRY_VALUES
from cpor_cases.models import (
    Announcement,
    Application,
    BouncedAddress,
    CalendarFeed,
    CaseAccess,
    CourtLogEntry,
    Litigant,
    Occasion,
    OutgoingMail,
    Petition,
    ProgressEntry,
    litigant_of,
)
from cpor_cases.models.case_accesses import CaseAccessQuerySet
from cpor_cases.models.log_facts import ROWS_VIEWED
from cpor_cases.query_period import attach_ends
from cpor_core.active_sessions import active
from cpor_core.email_addresses import normalise

IN_MEMORY = 2 * 1024 * 1024  # a larger archive is built on disk
CHUNK = 2000
# What choices are called in the archive, where it is not what the model calls them.
NAMES = {
    "language": "language_of_mails",
    "mail_preference": "mails_about_news",
    "digest_hour": "hour_of_the_daily_mail",
    "switched_off": "mails_switched_off",
}


def archive_of(account, now: dt.datetime | None = None) -> IO[bytes]:
    """Return the archive, open at its start; the number of queries does not depend on how much there is."""
    now, profile = now or timezone.now(), litigant_of(account)
    accesses = list(shown_to(account))
    numbers = {access.case_id: _number(access) for access in accesses}
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the response closes it)
    with translation.override(profile.language), ZipFile(file, "w", ZIP_DEFLATED) as archive:
        readme = render_to_string("cpor_cases/account/readme.txt", {"account": account, "now": now})
        archive.writestr("README.txt", readme.replace("\n", "\r\n"))
        archive.writestr("account.json", _json(_account(account), indent=2))
        attach_to(accesses)
        _write_list(archive, "cases.json", map(_case, accesses))
        _write_list(archive, "ended_cases.json", map(_ended_case, _lately_over(account)))
        _write_list(archive, "petitions.json", _petitions(account))
        _write_list(archive, "mails.json", _mails(account, numbers))
        _write_list(archive, "views.json", _views(account, numbers))
    file.seek(0)
    return file


def shown_to(account) -> CaseAccessQuerySet:
    """The accesses whose cases the archive holds: those the person may see at this moment."""
    return (
        CaseAccess.objects.visible_to(account)
        .with_latest_entries()
        .with_mail_choices()
        .select_related("case__court", "application__role")
        .order_by("pk")
    )


def _choices() -> list[str]:
    """Return the fields that hold what a person chose."""
    return [each.name for each in Litigant._meta.concrete_fields if each.name not in {"account", "closed_at"}]


def _account(account) -> dict:
    profile = litigant_of(account)
    bounced = BouncedAddress.objects.of(account.email).first()
    return {
        "account_name": account.username,
        "name": account.get_full_name(),
        "email": account.email,
        **{NAMES.get(name, name): getattr(profile, name) for name in _choices()},
        "made_at": _moment(account.date_joined),
        "last_login_at": _moment(account.last_login),
        "addresses": _addresses(account),
        "mail_comes_back_since": _moment(bounced and bounced.since),
        "second_factors": _second_factors(account),
        "log_ins": _log_ins(account),
        "calendar_address": _calendar_address(account),
    }


def _addresses(account) -> list[dict]:
    return [
        {"email": each.email, "is_verified": each.verified, "is_primary": each.primary}
        for each in EmailAddress.objects.filter(user=account).order_by("pk")
    ]


def _second_factors(account) -> list[dict]:
    return [
        {"kind": each.type, "made_at": _moment(each.created_at), "last_used_at": _moment(each.last_used_at)}
        for each in Authenticator.objects.filter(user=account).order_by("pk")
    ]


def _log_ins(account) -> list[dict]:
    return [
        {
            "since": _moment(each.created_at),
            "last_seen_at": _moment(each.last_seen_at),
            "ip_address": each.ip,
            "browser": each.user_agent,
        }
        for each in active(UserSession.objects.filter(user=account)).order_by("pk")
    ]


def _calendar_address(account) -> dict | None:
    feed = CalendarFeed.objects.filter(account=account).first()
    if feed is None:
        return None
    return {
        "made_at": _moment(feed.made_at),
        "last_fetched_at": _moment(feed.last_fetched_at),
        "title": feed.title,
    }


def _case(access: CaseAccess) -> dict:
    case = access.case
    return {
        "case": _number(access),
        "category": case.get_category_display(),
        **{column.key: getattr(case, column.key) for column in CASE_TEXTS},
        "last_query_day": case.last_query_day and case.last_query_day.isoformat(),
        "hearings": [_hearing(hearing) for hearing in case.hearings.ahead],
        "entries": list(map(_entry, case.latest_entries)),
        "own_name": access.own_name,
        "note": access.note,
        "open_to_you_since": _moment(access.granted_at),
        "last_opened_at": _moment(access.last_seen_at),
        "mails_about_news": access.wanted_mails,
        "mails_show_entry": access.shows_entry,
        "reminders": access.is_reminded,
        "reminder_days": access.reminded_before,
        "application": _application(access.application),
    }


def _entry(entry: ProgressEntry) -> dict:
    values = {column.key: _plain(getattr(entry, column.key)) for column in ENTRY_VALUES}
    return {**values, "corrected_at": _moment(entry.corrected_at)}


def _application(application: Application) -> dict:
    return {
        "name": application.applicant_name,
        "role": str(application.role),
        "email": application.email,
        "received_on": application.received_on.isoformat(),
        "receipt_number": application.receipt_number,
        "approved_at": _moment(application.decided_at),
    }


def _lately_over(account) -> list[CaseAccess]:
    ended = CaseAccess.objects.lately_over(account).select_related("case__court").order_by("pk")
    accesses = list(ended)
    attach_ends(access.case for access in accesses)
    return accesses


def _ended_case(access: CaseAccess) -> dict:
    """Return what the list says of a case whose query period is over: no entry."""
    case = access.case
    return {
        "case": _number(access),
        "reason": case.ended_by and str(case.ended_by.kind),
        "closed_on": case.closed_on and case.closed_on.isoformat(),
        "last_query_day": case.last_query_day and case.last_query_day.isoformat(),
        "listed_until": case.listed_until and case.listed_until.isoformat(),
    }


def _hearing(hearing: Hearing) -> dict:
    return {
        "at": _moment(hearing.at),
        "courtroom": hearing.courtroom,
        "state": hearing.state().value,
        "was": [_moment(each) for each in hearing.was],
    }


def _petitions(account) -> Iterator[dict]:
    """Return the petitions filled in on the site whose address the person has proved, as long as they are kept; once
    approved, they are told of with their case."""
    proved = Petition.objects.current().filter(
        address=normalise(account.email), address_proved_at__isnull=False
    )
    open_ones = proved.exclude(applications__account__isnull=False).select_related("court", "role")
    for petition in open_ones.prefetch_related("applications").order_by("pk"):
        latest = max(petition.applications.all(), key=lambda application: application.pk, default=None)
        yield {
            "petition_number": petition.grouped_number,
            "court": str(petition.court),
            "case": str(petition.case_number or ""),
            "name": petition.applicant_name,
            "role": str(petition.role),
            "phone": petition.phone,
            "email": petition.address,
            "made_at": _moment(petition.made_at),
            "state": str(Petition.state_of(latest).label),
            "kept_until": None if latest else _moment(petition.expires_at),
        }


def _mails(account, numbers: dict[int, str]) -> Iterator[dict]:
    told = _cases_told_of(account, numbers)
    mails = OutgoingMail.objects.filter(account=account).order_by("pk")
    for mail in mails.select_related("access").iterator(CHUNK):
        yield {
            "kind": mail.get_kind_display(),
            "cases": _cases_of(mail, told, numbers),
            "address": mail.address,
            "written_at": _moment(mail.created_at),
            "state": mail.get_state_display(),
            "ended_at": _moment(mail.ended_at),
        }


def _cases_told_of(account, numbers: dict[int, str]) -> dict[tuple, list[str]]:
    """Return the numbers of the cases of which each import's mail, and each mail that tells of several, told."""
    told: dict[tuple, list[str]] = {}
    announcements = Announcement.objects.filter(access__account=account).order_by("pk")
    rows = announcements.values_list("access__case", "in_digest", "digest", "run", "is_ahead")
    for case, in_digest, digest, *part in rows.iterator(CHUNK):
        if case in numbers:
            told.setdefault(("mail", digest) if in_digest else ("run", *part), []).append(numbers[case])
    occasions = Occasion.objects.filter(access__account=account).order_by("pk")
    for case, mail in occasions.values_list("access__case", "mail").iterator(CHUNK):
        if case in numbers:
            told.setdefault(("mail", mail), []).append(numbers[case])
    return told


def _cases_of(mail: OutgoingMail, told: dict, numbers: dict[int, str]) -> list[str]:
    if mail.access:
        return [numbers[mail.access.case_id]] if mail.access.case_id in numbers else []
    return told.get(("run", mail.run_id, mail.is_ahead) if mail.run_id else ("mail", mail.pk), [])


def _views(account, numbers: dict[int, str]) -> Iterator[dict]:
    views = CourtLogEntry.objects.filter(action="cpor_cases.case.view", user=account).order_by("pk")
    for case, timestamp in views.values_list("object_id", "timestamp").iterator(CHUNK):
        if int(case) in numbers:
            yield {"case": numbers[int(case)], "at": _moment(timestamp)}
    listed = CourtLogEntry.objects.filter(action=ROWS_VIEWED, user=account).order_by("pk")
    for label, rows, timestamp in listed.values_list("label", "rows", "timestamp").iterator(CHUNK):
        cases = [int(key) for model, key in (token.split(":") for token in rows.split()) if model == "case"]
        for case in cases:
            if case in numbers:
                yield {"case": numbers[case], "list": label, "at": _moment(timestamp)}


def _number(access: CaseAccess) -> str:
    return f"{access.case.court} {access.case.full_number}"


def _moment(moment: dt.datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None


def _plain(value) -> str | None:
    return _moment(value) if value is None or isinstance(value, dt.datetime) else str(value)


def _json(value, **options) -> str:
    return json.dumps(value, ensure_ascii=False, **options)


def _write_list(archive: ZipFile, name: str, rows: Iterable[dict]) -> None:
    """Write one row a line, as they come."""
    with archive.open(name, "w") as file:
        before = "[\n"
        for row in rows:
            file.write((before + _json(row)).encode())
            before = ",\n"
        file.write(b"\n]\n" if before == ",\n" else b"[]\n")
