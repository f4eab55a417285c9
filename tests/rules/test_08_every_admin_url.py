"""Rule 8, on every URL of the admin: no role is shown, or changes, a row of a court at which it has no post.

Every URL registered below the admin is asked, ours and Wagtail's, by GET and POST, by each role, over the planted rows of
another court. No body, export, header or message may hold the planted text, no search may behave differently because of
it, and no POST may change the planted rows. A URL with an argument that `ARGUMENTS` does not know fails: whoever registers
one says here with which keys of another court it is to be tried.
"""

import datetime as dt
import io
import json
import re
import types
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.log_actions import log
from wagtail.models import Locale, Page, Site

from cpor_cases.actions import applications
from cpor_cases.mail import notifications
from cpor_cases.manifests.groups import CaseGroup
from cpor_cases.models import (
    AccountAddress,
    Activation,
    Announcement,
    ApiToken,
    Application,
    BouncedAddress,
    Case,
    CaseAccess,
    CourtClosure,
    CourtDelay,
    CourtLogEntry,
    CourtRhythm,
    HearingNotice,
    ImportRun,
    IncomingFile,
    IncomingFilePart,
    Manifest,
    ManifestDifference,
    ManifestPart,
    MergedCase,
    Occasion,
    OutgoingMail,
    PastEntry,
    Petition,
    ProgressEntry,
    RejectedRow,
    RejectionGroup,
    RunWarning,
    StaffInvitation,
)
from cpor_core.models import ClerkPost, Court
from tests import factories
from tests.support.made_petitions import make_petition
from tests.support.quick_requests import NOWHERE, quick_requests, rows_for_a_module

pytestmark = pytest.mark.django_db  # `world` makes the rows once, each test works in a savepoint of its own

# What is planted at the other court: about its cases and litigants, and about its staff.
OF_CASES = ("籣", "zzother", "8675309")
OF_STAFF = ("鸑", "zzstaff")
SHARED_ADDRESS = "both@example.com"  # of a person with cases at both courts: known to both
ROLES = [
    "visitor",
    "litigant",
    "clerk",
    "court manager",
    "service manager",
    "editor",
    "chief editor",
    "superuser",
]
OUTSIDERS = {"visitor", "litigant"}
SEARCHING = {"clerk", "court manager", "superuser"}
WITH_STAFF_LISTS = {"service manager", "superuser"}  # they appoint managers: they see who serves where
# Pairs of words, the first of which only the other court has on record: a search must treat both alike.
ORACLES = [("德萬", "德億"), ("zzoth", "zzotq"), ("115訴8675309", "115訴8675301"), ("RCP-9", "RCP-8")]
# Not asked: they end the session, or raise on purpose.
NOT_ASKED = {"wagtailadmin_logout", "wagtailadmin_error_test"}


# --- the planted rows


def plant(court: Court, clerk, *, name: str, mark: str, slug: str, number: int) -> dict:
    """Make a row of every kind at a court, all texts of which hold `mark` or `slug`; return them by what they are."""
    factories.make_kind("hearing_set", hearing_effect="sets")
    case = factories.make_case(court, number=number, division=mark, cause=f"{mark}返還")
    second = factories.make_case(court, number=number - 1, cause=f"{mark}二案")
    facts = {"by": clerk, "case": case, "applicant_name": name, "receipt_number": f"{mark}RCP-{number % 100}"}
    pending = factories.make_application(email=f"{slug}pending@example.com", **facts)
    granted = applications.approve(
        application=factories.make_application(email=f"{slug}new@example.com", **facts), by=clerk
    )
    follower = factories.make_user(f"{slug}-follower", email=f"{slug}follower@example.com")
    access = applications.approve(
        application=factories.make_application(email=follower.email, **facts), by=clerk, same_person=True
    )
    CaseAccess.objects.filter(pk=access.pk).update(own_name=f"{mark}甲案", note=f"{mark}筆記")
    both = applications.approve(
        application=factories.make_application(email=SHARED_ADDRESS, **facts), by=clerk, same_person=True
    )
    token, _secret = factories.make_token(court, label=f"{mark}系統")
    run = factories.make_run(court=court, token=token, file_name=f"{slug}.csv", rows_rejected=1, rows_read=1)
    RejectedRow.objects.create(run=run, line=2, reason=f"{mark}錯", row={"detail": f"{mark}列", "word": mark})
    RunWarning.objects.create(
        run=run, line=2, entry_id=f"{slug}E1", code="hearing_unclear", parameters={"dates": []}
    )
    RejectionGroup.objects.create(run=run, code="missing", rows=1)
    RejectionGroup.objects.create(
        run=run, code="not_json", rows=1, answer="other", note=f"{mark}備", answered_at=timezone.now()
    )
    CourtRhythm.objects.create(court=court)
    factories.make_delay(court)
    plant_manifest(court, token, case)
    entry = factories.make_entry(
        case,
        "hearing_set",
        changed_in=run,
        detail=f"{mark}詳情",
        courtroom=f"{mark}法庭",
        entry_id=f"{slug}E1",
        hearing_at=timezone.now() + dt.timedelta(days=1),
    )
    PastEntry.objects.create(
        entry=entry,
        kind=entry.kind,
        detail=f"{mark}原文",
        recorded_at=entry.recorded_at,
        replaced_at=timezone.now(),
    )
    typed_run = factories.make_run(court=court, source="typed")
    held = factories.make_entry(
        case,
        "hearing_set",
        changed_in=typed_run,
        detail=f"{mark}保留",
        entry_id=f"{slug}E2",
        held_until=timezone.now() + dt.timedelta(minutes=5),
    )
    Announcement.objects.create(access=access, run=run)
    notifications.hearing_reminders([factories.make_reminder(access, timezone.localdate())])
    notice = factories.make_notice(access, run)
    failed = (
        OutgoingMail.objects.filter(access=both).first() or OutgoingMail.objects.filter(court=court).first()
    )
    OutgoingMail.objects.filter(pk=failed.pk).update(
        state="failed", ended_at=timezone.now(), last_answer=f"550 {mark}"
    )
    OutgoingMail.objects.create(
        kind="digest",
        account=both.account,
        address=SHARED_ADDRESS,
        court=court,
        access=both,
        state="sent",
        ended_at=timezone.now(),
    )
    BouncedAddress.objects.create(address=follower.email, hardness="hard", answer=f"550 {mark}")
    result = {"entries": [], "rejections": [[2, f"{mark}錯"]], "counts": {}}
    waiting = IncomingFile.objects.create(
        court=court, clerk=clerk, file_name=f"{slug}-waits.csv", state="ready", dry_run_result=result
    )
    IncomingFilePart.keep(waiting, [f"{mark}".encode()])
    taking = factories.make_run(court=court, state="running", ended_at=None, source="upload")
    IncomingFile.objects.create(
        court=court, clerk=clerk, file_name=f"{slug}-takes.csv", state="importing", run=taking
    )
    MergedCase.objects.create(
        court=court,
        category="civil",
        year=115,
        word="訴",
        number=number - 2,
        case=case,
        merged_by=clerk,
        public_id=uuid4(),
    )
    refused = factories.make_application(email=f"{slug}refused@example.com", **facts)
    applications.refuse(application=refused, by=clerk, reason=factories.make_reason())
    log(instance=case, action="cpor_cases.case.view", user=follower)
    log(instance=case, action="cpor_cases.case.inspect", user=clerk)
    log(instance=access, action="cpor_cases.access.revoke", user=clerk, data={"reason_given": f"{mark}備註"})
    return {
        "case": case,
        "second case": second,
        "pending": pending,
        "petition": make_petition(
            court, applicant_name=name, address=f"{slug}petition@example.com", division=mark
        ),
        "closure": CourtClosure.objects.create(
            court=court, first_day=timezone.localdate(), last_day=timezone.localdate(), reason="颱風"
        ),
        "granted": granted.application,
        "access": access,
        "account": follower,
        "notice": notice,
        "activation": Activation.objects.get(account=granted.account),
        "entry": entry,
        "held entry": held,
        "run": run,
        "running": taking,
        "upload": waiting,
        "mail": OutgoingMail.objects.get(pk=failed.pk),
        "post": ClerkPost.objects.filter(court=court, user=clerk).get(),
        "token": token,
        "court": court,
        "clerk": clerk,
        "invitation": factories.make_invitation(
            court, email=f"{clerk.username}-invited@example.com", last_name=clerk.last_name or "新"
        ),
    }


def plant_manifest(court: Court, token, case) -> None:
    facts = {"state": "compared", "compared_at": timezone.now(), "is_complete": True}
    manifest = Manifest.objects.create(court=court, token=token, by="case", **facts)
    ManifestPart.objects.create(manifest=manifest, number=0, rows=[])
    ManifestDifference.objects.create(
        manifest=manifest,
        court=court,
        by="case",
        group=CaseGroup(case.category, case.year, case.word, case.number).key,
        kind="missing",
        entries_there=1,
        entries_here=0,
        since=timezone.now(),
    )


@dataclass
class World:
    own: dict
    other: dict
    people: dict
    role: int = field(default_factory=lambda: factories.make_role().pk)  # as forms ask for it
    reasons: list = field(default_factory=lambda: [factories.make_reason().pk, "mandate_ended"])

    def client(self, role: str) -> Client:
        """A client logged in as this role, for one test: its session goes with the test's savepoint."""
        client = Client(raise_request_exception=False)
        if self.people[role]:
            client.force_login(self.people[role])
        return client


def make_staff(court: Court | None, username: str, group: str | None, last_name="", **over):
    person = factories.make_user(username, password=None, last_name=last_name, **over)
    person.groups.set(Group.objects.filter(name=group))
    if court:
        ClerkPost.objects.create(user=person, court=court)
    return person


def build_world() -> World:
    Page.objects.get(depth=2).save_revision()
    own_court = factories.make_court("TPD", name_zh="臺灣臺北地方法院")
    other_court = factories.make_court("SLD", name_zh="臺灣士林地方法院")
    clerk = make_staff(own_court, "clerk-here", "Clerks")
    clerk_elsewhere = make_staff(other_court, "zzstaff-clerk", "Clerks", last_name="鸑", first_name="鸑")
    make_staff(other_court, "zzstaff-manager", "Court managers", last_name="鸑", first_name="鸑")
    own = plant(own_court, clerk, name="王大明", mark="我", slug="here", number=1234)
    other = plant(other_court, clerk_elsewhere, name="籣德萬", mark="籣", slug="zzother", number=8675309)
    people = {
        "visitor": None,
        "litigant": own["account"],
        "clerk": clerk,
        "court manager": make_staff(own_court, "manager-here", "Court managers"),
        "service manager": make_staff(None, "overseer", "Service managers"),
        "editor": make_staff(None, "editor", "Editors"),
        "chief editor": make_staff(None, "chief", "Chief editors"),
        "superuser": make_staff(None, "operator", None, is_superuser=True),
    }
    return World(own, other, people)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with rows_for_a_module(django_db_blocker), quick_requests():
        yield build_world()


# --- the URLs and their arguments


def other(*names: str):
    """Arguments that are keys of the other court's rows."""
    return lambda world: [world.other[name].pk for name in names]


def first(model, **facts):
    return lambda world: list(model.objects.filter(**facts).values_list("pk", flat=True)[:1]) or [1]


def fixed(*values):
    return lambda world: list(values)


# What `pk` means, by the namespace of the URL or its full name.
KEYS = {
    "office_applications": other("pending", "granted"),
    "office_applications:petition": other("petition"),
    "office_cases": other("case", "second case"),
    "office_cases:correct_entry": other("entry", "held entry"),
    "office_cases:withdraw_entry": other("entry", "held entry"),
    "office_cases:choose_hearing": other("entry", "held entry"),
    "office_cases:publish_entry": other("held entry"),
    "office_cases:revoke_access": other("access"),
    "office_activations": other("activation"),
    "office_hearing_notices": other("notice"),
    "office_mails": other("mail"),
    "office_imports": other("run", "running"),
    "office_imports:dry_run": other("upload"),
    "office_imports:upload_progress": other("upload"),
    "office_imports:discard": other("upload"),
    "office_rhythms": other("court"),
    "office_rhythms:reopen": other("closure"),
    "office_posts": other("post"),
    "office_courts": other("court"),
    "office_staff": other("clerk", "account"),
    "office_staff:again": other("invitation"),
    "office_staff:withdraw": other("invitation"),
    "office_tokens": other("token"),
    "office_reasons": lambda world: [factories.make_reason().pk],
    "page_review_note": first(Page, depth=2),
    "wagtailadmin_api:pages": first(Page, depth=2),
    "wagtailadmin_api:documents": fixed(1),
    "wagtailadmin_api:images": fixed(1),
    "wagtailadmin_pages": first(Page, depth=2),
    "wagtailadmin_collections": fixed(1),
    "wagtailadmin_workflows": fixed(1),
    "wagtailsettings": fixed(1),
    "wagtaillocales": first(Locale),
    "wagtailsites": first(Site),
    "wagtailusers_users": other("account", "clerk"),
    "wagtailusers_groups": lambda world: [Group.objects.get(name="Clerks").pk],
    "wagtaildocs_chooser": fixed("1"),
    "wagtailimages_chooser": fixed("1"),
    "simple_translation": other("pending"),
}
MODELS = [
    ("cpor_cases", "application"),
    ("cpor_cases", "case"),
    ("cpor_cases", "courtlogentry"),
    ("cpor_site", "user"),
]
app_labels = fixed(*(label for label, _model in MODELS))
model_names = fixed(*(model for _label, model in MODELS))
any_page = first(Page, depth=2)
any_key = fixed(1)
# What the other arguments of URLs mean, whichever URL has them.
ARGUMENTS = {
    "code": fixed("missing", "not_json", "all"),
    "into": lambda world: [world.own["case"].pk, world.other["case"].pk],
    "kind": fixed("csv", "xlsx", "exe"),
    "page_id": any_page,
    "page_pk": any_page,
    "parent_page_id": any_page,
    "page_to_move_id": any_page,
    "destination_id": any_page,
    "revision_id": lambda world: [Page.objects.exclude(latest_revision=None).first().latest_revision_id],
    "revision_id_a": fixed("earliest"),
    "revision_id_b": fixed("latest"),
    "content_type_app_name": fixed("cpor_pages", "cpor_cases", "cpor_core"),
    "content_type_model_name": fixed("homepage", "case"),
    "app_label": app_labels,
    "app_name": app_labels,
    "model_name": model_names,
    "object_id": lambda world: [world.other[name].pk for name in ("pending", "case", "case", "account")],
    "session_id": any_key,
    "workflow_pk": any_key,
    "workflow_state_id": any_key,
    "task_id": any_key,
    "task_state_id": any_key,
    "action_name": fixed("approve"),
    "collection_id": any_key,
    "redirect_id": any_key,
    "document_id": any_key,
    "doc_id": any_key,
    "image_id": any_key,
    "uploaded_file_id": any_key,
    "filter_spec": fixed("original"),
    "uidb64": fixed("MQ"),
    "token": fixed("none"),
}
# Patterns without a name, by their route.
UNNAMED = {
    "login/": "login/",
    "logout/": "logout/",
    "test404/": "test404/",
    "^password_reset/.*$": "password_reset/",
    "^.*/$": NOWHERE,
}


@dataclass(frozen=True)
class AdminURL:
    name: str
    arguments: tuple[str, ...]
    route: str
    exports: bool = False

    @property
    def is_ours(self) -> bool:
        return self.name.startswith("office_")

    def variants(self, world: World) -> list[dict]:
        """With which queries a list is read as well."""
        if self.arguments:
            return []
        keys = [queries_of(world)] if self.is_ours or self.exports else []
        return keys + [{"export": kind} for kind in ("csv", "xlsx") if self.exports]

    def addresses(self, world: World) -> list[str]:
        """The URL with each of its arguments, as it is tried. Raises KeyError for an argument that is not known."""
        if not self.name:
            return [mount() + UNNAMED[self.route]]
        if self.name == "wagtail_bulk_action":
            return [reverse(self.name, args=args) for args in bulk_actions()]
        values = {each: self.values_of(each, world) for each in self.arguments}
        longest = max((len(each) for each in values.values()), default=1)
        tried = [{name: some[i % len(some)] for name, some in values.items()} for i in range(longest)]
        return list(dict.fromkeys(reverse(self.name, kwargs=each) for each in tried))

    def values_of(self, argument: str, world: World) -> list:
        if argument != "pk":
            return ARGUMENTS[argument](world)
        namespace = self.name.rpartition(":")[0]
        if snippet := re.fullmatch(r"wagtailsnippet(?:s|choosers)_(cpor_\w+?)_(\w+)", namespace):
            return first(apps.get_model("_".join(snippet[1].split("_")), snippet[2]))(world)
        known = [each for each in (self.name, namespace, self.name.split(":")[0]) if each in KEYS]
        if not known:
            raise KeyError(f"pk of {self.name}")
        return KEYS[known[0]](world)


def bulk_actions() -> list[tuple[str, str, str]]:
    bulk_action_registry._scan_for_bulk_actions()
    registered = bulk_action_registry.actions
    every = [
        (label, model, action)
        for label in registered
        for model in registered[label]
        for action in registered[label][model]
    ]
    return [*every, *((label, model, "delete") for label, model in MODELS)]


def mount() -> str:
    return reverse("wagtailadmin_home")


def patterns(resolver=None, route="", namespaces=()):
    for each in (resolver or get_resolver()).url_patterns:
        inner = route + str(each.pattern)
        if isinstance(each, URLPattern):
            name = ":".join([*namespaces, each.name]) if each.name else ""
            view = getattr(each.callback, "view_class", type(each.callback))
            yield inner, name, tuple(each.pattern.regex.groupindex), issubclass(view, SpreadsheetExportMixin)
        else:
            yield from patterns(each, inner, (*namespaces, each.namespace) if each.namespace else namespaces)


def admin_urls() -> list[AdminURL]:
    """Every URL below the admin's first page, wherever the site has put it."""
    prefix = mount().lstrip("/")
    found = [
        AdminURL(name, arguments, route.removeprefix(prefix), exports)
        for route, name, arguments, exports in patterns()
        if route.startswith(prefix)
    ]
    return [each for each in dict.fromkeys(found) if each.name not in NOT_ASKED and each.route != "logout/"]


# Lists of reference data and forms are Wagtail's own views, alike for each model: for all roles but the superuser, who may
# open every one of them, these stand for the others.
STANDING_FOR_ALL = {"cpor_core_caseword", "cpor_pages_courtform"}


def urls_for(role: str) -> list[AdminURL]:
    def is_asked(url: AdminURL) -> bool:
        snippet = re.match(r"wagtailsnippet(?:s|choosers)_(cpor_\w+?):", url.name)
        return role == "superuser" or not snippet or snippet[1] in STANDING_FOR_ALL

    return list(filter(is_asked, admin_urls()))


# --- asking, and what must not be in an answer


def text_of(response) -> str:
    """All that an answer tells: its body, unpacked and unescaped, the headers that name things, and its messages."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(each) for each in archive.namelist())
    text = body.decode("utf-8", "replace")
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    headers = [response.headers.get(each, "") for each in ("Location", "Content-Disposition")]
    request = getattr(response, "wsgi_request", None)
    told = [str(each) for each in get_messages(request)] if request is not None else []
    return "\n".join([text, *headers, *told])


def leaked(text: str, role: str) -> list[str]:
    marks = OF_CASES if role in WITH_STAFF_LISTS else OF_CASES + OF_STAFF
    return [each for each in marks if each in text]


@contextmanager
def undone(client: Client):
    """Whatever is written in a request is undone, the log-in of the client as well; tells the models that were written."""
    wrote = set()

    def watch(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            wrote.update(model for table, model in WATCHED.items() if table in sql[:100])
        return execute(sql, params, many, context)

    cookies = client.cookies.copy()
    with transaction.atomic(), connection.execute_wrapper(watch):
        yield wrote
        transaction.set_rollback(True)
    client.cookies = cookies


# Whose rows they are: the way from each model to its court, or to the planted address.
ROWS_OF = {
    Activation: "account__applications__case__court",
    Announcement: "access__case__court",
    ApiToken: "court",
    Application: "case__court",
    Case: "court",
    CaseAccess: "case__court",
    ClerkPost: "court",
    CourtLogEntry: "court",
    HearingNotice: "access__case__court",
    ImportRun: "court",
    MergedCase: "court",
    Occasion: "access__case__court",
    OutgoingMail: "court",
    ProgressEntry: "court",
    Petition: "court",
    CourtClosure: "court",
    CourtDelay: "court",
    CourtRhythm: "court",
    Manifest: "court",
    ManifestPart: "manifest__court",
    ManifestDifference: "court",
    PastEntry: "entry__court",
    RejectedRow: "run__court",
    RejectionGroup: "run__court",
    RunWarning: "run__court",
    IncomingFile: "court",
    IncomingFilePart: "file__court",
    StaffInvitation: "court",
}
OF_AN_ADDRESS = {AccountAddress: "address", BouncedAddress: "address", get_user_model(): "email"}
WATCHED = {f'"{model._meta.db_table}"': model for model in [*ROWS_OF, *OF_AN_ADDRESS]}
# Reference data, figures, what is a person's own, and what no page shows: no row of a court. A model that is in none of the three fails.
OF_NO_COURT = {
    "calendarfeed", "caseword", "court", "hearingadvice", "partyrole", "pastpassword", "progresskind", "quietperiod",
    "refusalreason",
    "savedsearch", "enrolmentlink", "passwordresetrequest", "mailslot", "sentform", "tick",
    "unreadreport", "litigant", "rateslot", "casewordrecord", "claritycounter", "clarityvote", "waitingtime",
    "changedkind", "laterentry", "latercasetext", "petitioncounter", "selfcheck", "sendingday", "servicespan", "timetoknow",
}  # fmt: skip


def rows_of(court: Court, role: str, models=(*ROWS_OF, *OF_AN_ADDRESS)) -> dict:
    """All rows of a court, with all they hold; whoever appoints managers may change who serves there."""
    left_out = {ClerkPost, CourtLogEntry, StaffInvitation} if role in WITH_STAFF_LISTS else set()
    if role == "superuser":  # operators say on which days a court is closed
        left_out |= {CourtClosure, CourtRhythm}
    return {model.__name__: rows_of_model(model, court) for model in models if model not in left_out}


def rows_of_model(model, court: Court) -> list:
    facts = (
        {ROWS_OF[model]: court} if model in ROWS_OF else {f"{OF_AN_ADDRESS[model]}__startswith": "zzother"}
    )
    return list(model.objects.filter(**facts).order_by("pk").distinct().values_list())


def typed(world: World, reason) -> dict:
    """What forms of the admin ask for, with keys of the other court wherever a key is asked for."""
    there = world.other
    return {
        "court": there["court"].pk, "category": "civil", "case_number": "115訴4242", "applicant_name": "某某",
        "role": world.role, "email": "new@example.com", "email_again": "new@example.com",
        "language": "zh-hant", "received_on": "115/09/24", "receipt_number": "R-1", "same_person": "on",
        "reason": reason, "remark": "備註", "action": "approve", "id": [there["pending"].pk, there["granted"].pk],
        "application": there["pending"].pk, "like": there["pending"].pk, "clerk": there["clerk"].pk,
        "user": there["clerk"].pk, "division": "新", "number": "115訴4242", "recorded_at": "115/09/24",
        "kind": "hearing_set", "detail": "新", "person": "manager-here", "label": "新系統", "phone": "02-2314-6871",
        "name_zh-hant": "新", "name_en": "New", "title": "新", "q": "德萬", "pk": there["case"].pk,
        "file": SimpleUploadedFile("export.csv", b"court,category\n"), "username": "renamed", "note": "新",
        "next": mount(),
    }  # fmt: skip


def queries_of(world: World) -> dict:
    there = world.other
    keys = {"like": "pending", "application": "pending", "court": "court", "clerk": "clerk", "user": "clerk"}
    return {name: there[row].pk for name, row in keys.items()} | {
        "id": [there["pending"].pk, there["granted"].pk], "person": "德萬", "ordering": "account__email", "p": 1,
    }  # fmt: skip


@dataclass
class Leaks:
    """What is wrong, a line for each."""

    role: str
    lines: list[str] = field(default_factory=list)

    def check(self, response, url: AdminURL, asked: str) -> str:
        """Note what is wrong with an answer; return all that it tells."""
        text = text_of(response)
        if marks := leaked(text, self.role):
            self.lines.append(f"{asked} tells {marks} ({response.status_code})")
        if response.status_code >= 500 and url.is_ours:
            self.lines.append(f"{asked} answers {response.status_code}")
        return text


def read(world: World, client: Client, url: AdminURL, leaks: Leaks) -> str:
    """GET an URL as it is; a list also with keys of the other court, and as an export. Return the page as it is, if any."""
    page = ""
    for address in url.addresses(world):
        for query in [{}, *url.variants(world)]:
            with undone(client):
                response = client.get(address, query)
                text = leaks.check(response, url, f"GET {address} {query}")
            if response.status_code != 200:
                break
            page = page if query else text
    return page


def change(world: World, client: Client, url: AdminURL, leaks: Leaks, before: dict) -> None:
    """POST what forms ask for, and check whether a row of the other court has changed."""
    for address in url.addresses(world):
        for reason in world.reasons:
            with undone(client) as wrote:
                response = client.post(with_keys(address, world), typed(world, reason))
                leaks.check(response, url, f"POST {address}")
                after = rows_of(world.other["court"], leaks.role, wrote)
                if changed := [name for name, rows in after.items() if rows != before[name]]:
                    leaks.lines.append(f"POST {address} changes rows of the other court: {changed}")
            if not url.is_ours or response.status_code in {403, 404, 405}:
                break


def with_keys(address: str, world: World) -> str:
    return f"{address}?id={world.other['pending'].pk}&id={world.other['account'].pk}"


def has_search(page: str) -> bool:
    return bool(re.search(r'name=\\?"q\\?"', page))


def search(world: World, client: Client, url: AdminURL, leaks: Leaks) -> None:
    """A search for what the other court alone has on record answers as one for what nobody has."""
    address = url.addresses(world)[0]
    for pair in ORACLES if url.is_ours else ORACLES[:1]:
        # Twice: a page may differ because a minute is over.
        if not any(are_answered_alike(client, address, pair) for _attempt in range(2)):
            leaks.lines.append(f"search of {address} knows {pair[0]}")


def are_answered_alike(client: Client, address: str, pair: tuple[str, str]) -> bool:
    known, unknown = (without_echo(ask_for(client, address, words), pair) for words in pair)
    return known == unknown


def ask_for(client: Client, address: str, words: str) -> str:
    """What a search tells. Our own lists keep the words and go on to an address with their key, which is left out."""
    with undone(client):
        response = client.get(address, {"q": words}, follow=True)
        text = text_of(response)
    for url, _status in response.redirect_chain:
        for key in parse_qs(urlsplit(url).query).get("s", []):
            text = text.replace(key, "□")
    return text


def without_echo(text: str, pair: tuple[str, str]) -> str:
    """The text without the words that were searched for, and without what differs in each answer."""
    cores = [*pair, *(re.sub(r"^115訴", "", each) for each in pair)]
    for each in [*cores, *(quote(each) for each in cores)]:
        text = text.replace(each, "□")
    return re.sub(r'[0-9A-Za-z]{64}|chart-\d+|data-left="\d+"', "", text)


def walk(world: World, role: str, urls: list[AdminURL] | None = None) -> list[str]:
    leaks, before = Leaks(role), rows_of(world.other["court"], role)
    client = world.client(role)
    assert (client.get(mount()).status_code == 200) == (role not in OUTSIDERS), (
        "the office opens to staff alone"
    )
    for url in urls_for(role) if urls is None else urls:
        page = read(world, client, url, leaks)
        change(world, client, url, leaks, before)
        if not url.arguments and role in SEARCHING and has_search(page):
            search(world, client, url, leaks)
    return leaks.lines


@pytest.mark.parametrize("role", ROLES)
def test_no_role_is_shown_or_changes_a_row_of_another_court(world, role):
    assert walk(world, role) == []


def test_every_url_is_known_with_its_arguments(world):
    unknown = []
    for url in admin_urls():
        try:
            url.addresses(world)
        except KeyError as error:
            unknown.append(f"{url.name or url.route}: {error!r}")
    assert unknown == [], "say in KEYS or ARGUMENTS with which keys of another court these are to be tried"


def test_every_model_of_a_court_is_planted_and_compared(world):
    models = {
        each._meta.model_name
        for app in ("cpor_core", "cpor_cases")
        for each in apps.get_app_config(app).get_models()
    }
    compared = {each._meta.model_name for each in [*ROWS_OF, *OF_AN_ADDRESS]}

    assert models <= compared | OF_NO_COURT
    assert [name for name, rows in rows_of(world.other["court"], "clerk").items() if not rows] == []


# --- that it would catch what it is for


def leaky_page(request, pk):
    return HttpResponse(Application.objects.get(pk=pk).applicant_name)


def leaky_json(request):
    names = Application.objects.values_list("applicant_name", flat=True)
    return HttpResponse(json.dumps({"rows": list(names)}))


def leaky_search(request):
    found = Application.objects.filter(applicant_name__contains=request.GET.get("q", "")).count()
    return HttpResponse(f'<input name="q"> {found} found')


def careless_change(request, pk):
    Case.objects.filter(pk=pk).update(division="")
    return HttpResponse("done")


@pytest.fixture
def urlconf(settings):
    """Put views below the admin of a site."""

    def use(*views):
        module = types.ModuleType("urls_with_leaks")
        admin = get_resolver("cpor_site.urls").url_patterns
        module.urlpatterns = [*views, *admin]
        settings.ROOT_URLCONF = module
        return [each for each in admin_urls() if each.name.startswith("leak")]

    return use


LEAKS = {
    "a page": (path("office/leak/<int:pk>/", leaky_page, name="leak_page"), "tells"),
    "escaped JSON": (path("office/leak/json/", leaky_json, name="leak_json"), "tells"),
    "the count of a search": (path("office/leak/search/", leaky_search, name="leak_search"), "knows"),
    "a change": (path("office/leak/<int:pk>/change/", careless_change, name="leak_change"), "changes rows"),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_view_that_leaks_is_found(world, urlconf, monkeypatch, leak):
    pattern, line_of_leak = LEAKS[leak]
    monkeypatch.setitem(KEYS, "leak_page", other("pending"))
    monkeypatch.setitem(KEYS, "leak_change", other("case"))

    found = walk(world, "clerk", urlconf(pattern))

    assert any(line_of_leak in line for line in found), found


def test_a_view_whose_arguments_nobody_explained_is_found(world, urlconf):
    [url] = urlconf(path("office/leak/<int:case_id>/", leaky_page, name="leak_unknown"))

    with pytest.raises(KeyError):
        url.addresses(world)
