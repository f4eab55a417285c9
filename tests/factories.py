"""Things of the court, made with as little as a test cares to say."""

import csv
import datetime as dt
import re
from functools import cache
from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from cpor_cases.actions import api_tokens, applications, staff_invitations
from cpor_cases.hearings.unclear import keep_unclear
from cpor_cases.mail.notifications import Reminder
from cpor_cases.models import (
    Application,
    Case,
    CaseAccess,
    CourtDelay,
    HearingNotice,
    ImportRun,
    Litigant,
    Occasion,
    OutgoingMail,
    ProgressEntry,
    RefusalReason,
)
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import CaseWord, Category, ClerkPost, Court, PartyRole, ProgressKind
from cpor_core.models.progress_kinds import CHANGES_OF_HEARINGS
from cpor_core.reference.files import FOLDER
from cpor_core.translated.columns import texts_from
from cpor_core.translated.fields import fields_of

PASSWORD = "a long walk to the court"

PROFILE_FIELDS = {field.name for field in Litigant._meta.get_fields()} - {"account"}

_serial = count(1)


def make_user(username="", *, email=None, password=PASSWORD, **over):
    username = username or f"person-{next(_serial)}"
    email = f"{username}@example.com" if email is None else email
    of_profile = {name: over.pop(name) for name in PROFILE_FIELDS & over.keys()}
    user = get_user_model().objects.create_user(username, email=email, password=password, **over)
    if of_profile:
        Litigant.objects.store(user, **of_profile)
    return user


def make_clerk(court: Court, username="", *, group="Clerks", **over):
    clerk = make_user(username or f"clerk-{next(_serial)}", **over)
    clerk.groups.set(Group.objects.filter(name=group))
    ClerkPost.objects.create(user=clerk, court=court)
    return clerk


def with_texts(model, facts: dict) -> dict:
    """Return facts whose texts are told by language (`name_zh`, `name_en`) as a model takes them."""
    for field in fields_of(model):
        if found := texts_from(facts, field.name):
            facts = facts | {field.name: found}
    return {name: value for name, value in facts.items() if not re.search("_(zh|en)$", name)}


def make_invitation(court: Court, *, email="", **over):
    """An open invitation to serve at a court as a clerk."""
    facts = {"last_name": "新", "is_mailed": False, "role": Group.objects.get(name="Clerks")}
    email = email or f"invited-{next(_serial)}@example.com"
    return staff_invitations.invite(email=email, court=court, **facts | over)


def make_court(code="TPD", **over) -> Court:
    """The court of the reference data with this code, or a new one."""
    facts = {"name_zh": f"臺灣{code}地方法院", "name_en": f"{code} District Court", "tier": "district"}
    return Court.objects.get_or_create(code=code, defaults=with_texts(Court, facts | over))[0]


def make_word(
    word="訴", *, category=Category.CIVIL, court_tier="district", openness="yes", **over
) -> CaseWord:
    return CaseWord.objects.update_or_create(
        category=category,
        court_tier=court_tier,
        word=word,
        defaults=with_texts(CaseWord, {"openness": openness} | over),
    )[0]


def make_kind(code="judgment", **over) -> ProgressKind:
    """A kind that does to hearings what the packaged kind of this code does."""
    facts = {
        "name_zh": f"種類{code}",
        "name_en": code,
        "hearing_effect": _packaged_effects().get(code, "none"),
    }
    return ProgressKind.objects.get_or_create(code=code, defaults=with_texts(ProgressKind, facts | over))[0]


@cache
def _packaged_effects() -> dict[str, str]:
    with (FOLDER / "progress_kinds.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["hearing_effect"] for row in csv.DictReader(file)}


def make_role(name_zh="當事人", *, category=Category.CIVIL, is_entitled=True) -> PartyRole:
    facts = {"name": {"zh-hant": name_zh, "en": name_zh}, "is_entitled": is_entitled}
    return PartyRole.objects.update_or_create(
        category=category, name__first=name_zh, defaults=facts, create_defaults=facts | {"category": category}
    )[0]


def make_reason(code="role_not_entitled") -> RefusalReason:
    return RefusalReason.objects.get_or_create(code=code, defaults={"name": {"zh-hant": code, "en": code}})[0]


def make_case(court: Court | None = None, *, word="訴", category=Category.CIVIL, **over) -> Case:
    facts = {"year": 115, "number": next(_serial)} | over
    return Case.objects.create(court=court or make_court(), category=category, word=word, **facts)


def make_application(court: Court | None = None, *, by=None, case: Case | None = None, **over) -> Application:
    """A pending application that the rules allow to be approved, unless `over` changes that."""
    court = court or (case.court if case else make_court())
    make_word(case.word if case else "訴", category=case.category if case else Category.CIVIL)
    number = CaseNumber(case.year, case.word, case.number) if case else CaseNumber(115, "訴", next(_serial))
    facts = {
        "category": case.category if case else Category.CIVIL,
        "number": number,
        "applicant_name": "王大明",
        "role": None,
        "email": "wang@example.com",
        "received_on": timezone.localdate(),
    } | over
    facts["role"] = facts["role"] or make_role(category=facts["category"])
    return applications.record(court=court, by=by or make_clerk(court, password=None), **facts)


def make_access(account, case: Case | None = None, *, is_told: bool = False, **over) -> CaseAccess:
    """A living right of an account to see a case, as an approval leaves it; `is_told`: with the mail that said so."""
    case = case or make_case()
    clerk = make_clerk(case.court, password=None)
    application = make_application(case=case, by=clerk, email=account.email)
    application.status = Application.Status.APPROVED
    application.account = account
    application.decided_by = clerk
    application.decided_at = timezone.now()
    application.save()
    access = CaseAccess.objects.create(account=account, case=case, application=application, **over)
    if is_told:
        _note_as_told(access)
    return access


def _note_as_told(access: CaseAccess) -> None:
    now = timezone.now()
    whose = {"account": access.account, "address": access.account.email, "court": access.case.court}
    mail = OutgoingMail.objects.create(kind="case_added", state="sent", ended_at=now, **whose)
    Occasion.objects.create(access=access, kind="case_added", day=timezone.localdate(), mail=mail)


def make_run(**over) -> ImportRun:
    now = timezone.now()
    return ImportRun.objects.create(**{"source": "command", "state": "done", "ended_at": now} | over)


def make_delay(court: Court | None = None, **over) -> CourtDelay:
    """That a court's data has not come by an hour ago."""
    usual = timezone.now() - dt.timedelta(hours=2)
    facts = {
        "day": timezone.localdate(usual),
        "opens_at": usual - dt.timedelta(hours=6),
        "usual_at": usual,
        "due_at": usual + dt.timedelta(hours=1),
    }
    return CourtDelay.objects.create(court=court or make_court(), **facts | over)


def make_token(court: Court | None = None, **over):
    """A token of a court's system and its secret, as the court's manager makes it."""
    court = court or make_court()
    facts = {"label": f"system {next(_serial)}", "by": make_clerk(court, group="Court managers")}
    return api_tokens.issue(court=court, **facts | over)


def make_entry(
    case: Case, kind="judgment", *, recorded_at: dt.datetime | None = None, **over
) -> ProgressEntry:
    facts = {
        "entry_id": f"E{next(_serial)}",
        "recorded_at": recorded_at or timezone.now(),
        "kind": make_kind(kind),
    } | over
    if "changed_in" not in facts:
        facts["changed_in"] = make_run(rows_read=1, rows_created=1)
    entry = ProgressEntry.objects.create(case=case, court=case.court, **facts)
    if entry.kind.hearing_effect in CHANGES_OF_HEARINGS:
        keep_unclear([case.pk])
    return entry


def make_notice(access: CaseAccess, run: ImportRun | None = None, **over) -> HearingNotice:
    """That the person of an access has to know of a hearing of tomorrow that has changed."""
    tomorrow = timezone.now() + dt.timedelta(days=1)
    facts = {"access": access, "run": run or make_run(court=access.case.court), "hearing_at": tomorrow}
    return HearingNotice.objects.create(**facts | over)


def make_reminder(access: CaseAccess, day: dt.date, **over) -> Reminder:
    """That a person is to be reminded of a hearing, the day before."""
    return Reminder(**{"access": access, "day": day, "days_before": 1} | over)


def row(case: Case | None = None, **over) -> dict[str, str]:
    """One row of an export, as its file would hold it."""
    facts = {
        "court": case.court.code if case else "TPD",
        "category": case.category if case else "civil",
        "year": str(case.year) if case else "115",
        "word": case.word if case else "訴",
        "number": str(case.number) if case else "123",
        "entry_id": f"E{next(_serial)}",
        "recorded_at": "115/09/24",
        "kind": "judgment",
    }
    return facts | over
