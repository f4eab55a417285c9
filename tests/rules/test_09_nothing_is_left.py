"""Rule 9: of a person who is forgotten nothing is left: no name, no address, no receipt number, wherever it got to.

Every table that refers to an account gets a row of the person, and every text column of these rows their name. So a new
model or column is covered by itself: a new model must be planted here (or be one of staff), a new column is filled.
"""

import datetime as dt
import sqlite3

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings as project_settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import connection, models
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from cpor_cases.actions import access, account_activation, applications, retention
from cpor_cases.mail import delivery, links, notifications
from cpor_cases.models import (
    Activation,
    Announcement,
    Application,
    BouncedAddress,
    CalendarFeed,
    CaseAccess,
    ClarityVote,
    CourtLogEntry,
    EnrolmentLink,
    IncomingFile,
    IncomingFilePart,
    OutgoingMail,
    PastPassword,
    RejectedRow,
    SavedSearch,
)
from cpor_pages.models import SearchPage
from cpor_pages.signals import search_missed
from tests import factories
from tests.support import traces

pytestmark = pytest.mark.django_db

NAME = "端木清和"
ADDRESS = "qinghe.duanmu@person.example"
NEW_ADDRESS = "duanmu.new@person.example"
RECEIPT = "收文8675309號"
IP = "192.0.2.86"
BROWSER = "TraceBrowser"
WORDS = [NAME, ADDRESS, NEW_ADDRESS, RECEIPT, IP, BROWSER]
NOW = timezone.now()

# Who made or changed a row of the office, never a litigant.
OF_STAFF = {
    "cpor_site.User_groups",
    "cpor_site.User_user_permissions",
    "cpor_core.CaseWordRecord",
    "cpor_pages.CourtForm",
    "cpor_core.ClerkPost",
    "cpor_cases.StaffInvitation",
    "cpor_cases.MergedCase",
    "cpor_cases.ApiToken",
    "cpor_cases.ImportRun",
    "cpor_cases.IncomingFile",
    "cpor_cases.Manifest",
    "cpor_cases.RejectionGroup",
    "cpor_cases.CourtClosure",
    "wagtaildocs.Document",
    "wagtailimages.Image",
    "wagtailadmin.EditingSession",
    "wagtailadmin.FormState",
    "wagtailcore.APIToken",
    "wagtailcore.Revision",
    "wagtailcore.UploadedFile",
    "wagtailcore.WorkflowState",
    "wagtailcore.TaskState",
    "wagtailcore.Page",
    "wagtailcore.PageLogEntry",
    "wagtailcore.Comment",
    "wagtailcore.CommentReply",
    "wagtailcore.PageSubscription",
}
# Text columns that the program alone fills, with keys and codes.
OF_THE_PROGRAM = {
    "action",
    "object_id",
    "actor_role",
    "rows",
    "occasion",
    "message_id",
    "request_id",
    "type",
    "password",
    "view",
    "key",
}


@pytest.fixture
def folders(settings, tmp_path):
    settings.EMAIL_BACKEND = "cpor_cases.mail.eml_files.EmlFileBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return [settings.EMAIL_FILE_PATH, settings.MEDIA_ROOT]


@pytest.fixture
def person(court, clerk, folders):
    """A litigant who has used whatever there is to use, and whose access has then been revoked."""
    case = factories.make_case(court)
    paper = {"applicant_name": NAME, "email": ADDRESS, "receipt_number": RECEIPT, "by": clerk}
    granted = applications.approve(application=factories.make_application(case=case, **paper), by=clerk)
    person = granted.account
    activate(person)
    refused = factories.make_application(court, **paper)
    applications.refuse(application=refused, by=clerk, reason=factories.make_reason())
    factories.make_application(court, **paper)
    use_the_site(person, granted)
    plant_rows(person, granted, clerk, court)
    delivery.deliver.call_local()
    access.revoke(access=granted, by=clerk, remark=f"{NAME}已非代理人", now=NOW)
    return person


def activate(person):
    account_activation.activate(
        token=links.activation_path(person.activation).rstrip("/").rpartition("/")[2],
        name=NAME,
        username="duanmu",
        password=factories.PASSWORD,
        language="zh-hant",
    )
    person.refresh_from_db()


def use_the_site(person, granted):
    client = Client(REMOTE_ADDR=IP, HTTP_USER_AGENT=f"{BROWSER}/1.0")
    client.post("/accounts/login/", {"login": ADDRESS, "password": "wrong"})
    client.post("/accounts/login/", {"login": ADDRESS, "password": factories.PASSWORD})
    page = reverse("cpor_cases:case", args=[granted.case.public_id])
    mark = client.get(page).content.decode().split('name="typed_by" value="')[1].split('"')[0]
    client.get("/cases/")
    search_missed.send(sender=SearchPage, query=NAME, request=RequestFactory().get("/search/"))
    client.post(page, {"own_name": NAME, "note": ADDRESS, "typed_by": mark})
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    client.post(page, {"own_name": NAME, "note": ADDRESS, "typed_by": mark})


def plant_rows(person, granted, clerk, court):
    """Add what the person has not come by on the pages, and what others keep of them."""
    run = factories.make_run(rows_read=1, rows_rejected=1, file_name=f"{NAME}.csv")
    RejectedRow.objects.create(run=run, line=1, reason=f"{NAME}?", row={"detail": NAME, "court": [ADDRESS]})
    upload = IncomingFile.objects.create(court=court, clerk=clerk, file_name=f"{NAME}.csv", state="ready")
    IncomingFilePart.keep(upload, [NAME.encode("cp950")])
    Announcement.objects.create(run=run, access=granted)
    notifications.hearing_reminders([factories.make_reminder(granted, timezone.localdate())])
    factories.make_notice(granted, run)
    ClarityVote.objects.create(account=person, entry=factories.make_entry(granted.case), question="happened")
    BouncedAddress.objects.create(address=ADDRESS, hardness="hard", answer=f"550 {ADDRESS}")
    CalendarFeed.objects.create(account=person, key_hash="x", title=NAME)
    PastPassword.objects.create(account=person, hash="x")
    EmailAddress.objects.create(user=person, email=NEW_ADDRESS)
    Authenticator.objects.create(user=person, type="totp", data={"name": NAME})
    EnrolmentLink.objects.create(account=person, expires_at=NOW)
    UserProfile.objects.get_or_create(user=person)
    UserSession.objects.get_or_create(
        session_key="elsewhere", defaults={"user": person, "ip": IP, "user_agent": BROWSER}
    )
    SavedSearch.objects.keep(NAME, account=person, view="cases")
    SavedSearch.objects.keep(NAME, account=clerk, view="applications", for_days=9000)
    ModelLogEntry.objects.log_action(person, "wagtail.edit", user=person)
    log(
        instance=granted.case,
        action="cpor_cases.case.inspect",
        user=clerk,
        data={"reason_given": f"問 {ADDRESS}"},
    )
    log(instance=granted, action="cpor_cases.access.leave", user=person)
    EmailMessage("subject", NAME, to=[f"{NAME} <{ADDRESS}>"]).send()


def rows_of(model, person):
    """Return the rows of a model that belong to the person, as the applicant, the account or the reader."""
    roots = {
        get_user_model(): [person.pk],
        Application: Application.objects.filter(account=person).values("pk"),
        CaseAccess: CaseAccess.objects.filter(account=person).values("pk"),
        Activation: Activation.objects.filter(account=person).values("pk"),
        OutgoingMail: OutgoingMail.objects.filter(account=person).values("pk"),
    }
    keys = [
        field
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.model in roots
    ]
    if not keys and model is not get_user_model():
        return None
    belongs = models.Q(pk=person.pk) if model is get_user_model() else models.Q()
    for field in keys:
        belongs |= models.Q(**{f"{field.name}__in": roots[field.remote_field.model]})
    return model._default_manager.filter(belongs)


def models_of_people():
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in OF_STAFF
        and not any(parent._meta.label in OF_STAFF for parent in model._meta.get_parent_list())
    ]


def fill_every_text_column(person):
    for model in models_of_people():
        rows = rows_of(model, person)
        for field in text_columns_of(model) if rows is not None else []:
            for row in rows.all():
                rows.model._base_manager.filter(pk=row.pk).update(**{field.name: filled(field, row)})


def text_columns_of(model):
    in_constraints = {
        name for constraint in model._meta.total_unique_constraints for name in constraint.fields
    }
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not (
            field.choices or field.unique or field.name in in_constraints or field.name in OF_THE_PROGRAM
        )
        and not isinstance(field, models.EmailField)
        and field.name != "username"
    ]


def filled(field, row):
    if isinstance(field, models.JSONField):
        return (getattr(row, field.name) or {}) | {"planted": [NAME, {"deeper": ADDRESS}]}
    return NAME


def purge_for_a_year():
    for days in (1, 155, 190, 380):
        now = NOW + dt.timedelta(days=days)
        retention.delete_incoming_files(now)
        retention.purge_sessions(now)
        retention.purge_expired(now)


def test_the_person_stands_in_every_table_that_can_hold_one(person):
    empty = [
        model._meta.label
        for model in models_of_people()
        if (rows := rows_of(model, person)) is not None and not rows.exists()
    ]

    assert empty == [], "plant a row of the person in it, or say that it is one of staff"


def test_the_person_is_found_before(person, folders):
    fill_every_text_column(person)

    found = traces.in_database(WORDS)

    tables = {place.split(".")[0] for place in found}
    assert {"cpor_cases_application", "cpor_cases_courtlogentry", "usersessions_usersession"} <= tables
    assert {"cpor_cases_rejectedrow", "cpor_cases_incomingfilepart", "cpor_pages_searchmisscounter"} <= tables
    assert traces.in_folders(WORDS, *folders)
    assert connection.vendor != "sqlite" or traces.in_raw_file(WORDS)


def test_nothing_of_a_person_is_left_after_all_terms(person, folders):
    fill_every_text_column(person)

    purge_for_a_year()

    assert traces.in_database(WORDS) == []
    assert traces.in_raw_file(WORDS) == []
    assert traces.in_folders(WORDS, *folders) == []


def test_the_actions_on_the_case_stay_on_record(person):
    before = set(
        CourtLogEntry.objects.exclude(action="cpor_cases.case.view").values_list("action", flat=True)
    )

    purge_for_a_year()

    assert before - set(CourtLogEntry.objects.values_list("action", flat=True)) <= {"cpor_cases.rows.view"}


def test_a_clerk_of_the_same_name_keeps_it_in_the_record(person, clerk):
    CourtLogEntry.objects.filter(user=clerk).update(actor_name=NAME)

    purge_for_a_year()

    assert CourtLogEntry.objects.filter(user=clerk, actor_name=NAME).exists()


def test_a_remark_that_names_somebody_of_that_name_who_is_kept_stays(person, clerk, court):
    log(
        instance=factories.make_case(court),
        action="cpor_cases.case.inspect",
        user=clerk,
        data={"reason_given": NAME},
    )
    another = factories.make_access(factories.make_user(), factories.make_case(court))
    Application.objects.filter(pk=another.application_id).update(applicant_name=NAME)

    purge_for_a_year()

    assert CourtLogEntry.objects.filter(data__reason_given=NAME).exists()


def test_a_file_of_sqlite_holds_nothing_that_was_deleted(tmp_path):
    """With the options of the service's own connection: the file and its journal."""
    options = project_settings.SQLITE_OPTIONS
    path = tmp_path / "site.sqlite3"
    with sqlite3.connect(path) as database:
        database.executescript(options["init_command"])
        database.execute("CREATE TABLE people (name text)")
        database.executemany(
            "INSERT INTO people VALUES (?)", [(f"{NAME}{number}",) for number in range(2000)]
        )
        database.commit()
        assert traces.in_bytes(path.read_bytes() + (tmp_path / "site.sqlite3-wal").read_bytes(), [NAME])

        database.execute("DELETE FROM people")
        database.commit()
        database.execute(retention.purge.BEGIN_JOURNAL_ANEW)

        assert traces.in_bytes(path.read_bytes() + (tmp_path / "site.sqlite3-wal").read_bytes(), [NAME]) == []
    database.close()
