"""Names and addresses are kept no longer than needed (rule 9)."""

import datetime as dt
import json
import os
from io import StringIO
from zipfile import ZipFile

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.utils import timezone
from django.utils.html import strip_tags

from cpor_cases.accounts import data_export
from cpor_cases.actions import access, account_closing, applications, retention
from cpor_cases.mail import eml_files, notifications, rendering
from cpor_cases.models import (
    Application,
    CaseAccess,
    CourtLogEntry,
    Litigant,
    Manifest,
    OutgoingMail,
    RejectedRow,
)
from tests import factories

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def later(**delta):
    return NOW + dt.timedelta(**delta)


def test_a_refused_application_goes_after_six_months(clerk, court):
    application = factories.make_application(court, by=clerk)
    applications.refuse(application=application, by=clerk, reason=factories.make_reason())

    retention.purge_expired(later(days=170))
    assert Application.objects.exists()

    assert retention.purge_expired(later(days=190))["refused applications"] == 1
    assert not Application.objects.exists()


def test_an_ended_access_loses_name_address_and_views_after_six_months(client, clerk, court, litigant):
    right = factories.make_access(litigant, factories.make_case(court))
    client.force_login(litigant)
    client.get("/cases/")
    access.revoke(access=right, by=clerk)

    retention.purge_expired(later(days=190))

    right.application.refresh_from_db()
    assert (right.application.applicant_name, right.application.email) == ("", "")
    assert not CourtLogEntry.objects.filter(action="cpor_cases.case.view").exists()
    assert CaseAccess.objects.get().end_reason == CaseAccess.EndReason.REVOKED


def test_a_living_access_keeps_its_name(litigant):
    right = factories.make_access(litigant)

    retention.purge_expired(later(days=800))

    right.application.refresh_from_db()
    assert right.application.applicant_name == "王大明"


def test_a_sent_mails_address_goes_after_twelve_months(litigant):
    OutgoingMail.objects.create(
        kind="account_notice",
        account=litigant,
        address=litigant.email,
        state="failed",
        ended_at=NOW,
        last_answer=f"550 no {litigant.email}",
    )

    retention.purge_expired(later(days=360))
    assert OutgoingMail.objects.get().address

    retention.purge_expired(later(days=370))
    assert (OutgoingMail.objects.get().address, OutgoingMail.objects.get().last_answer) == ("", "")


def told_before(days, **options):
    """Purge so many days from now, and 31 days before that, when people are told."""
    retention.purge_expired(later(days=days - 31), **options)
    return retention.purge_expired(later(days=days), **options)


def notices():
    return [
        mail.about["notice"] for mail in OutgoingMail.objects.filter(kind="account_notice").order_by("pk")
    ]


def test_an_account_never_activated_is_emptied_after_six_months_and_its_address_is_free_again(clerk, court):
    applications.approve(application=factories.make_application(court, by=clerk), by=clerk)

    told_before(200)

    assert not get_user_model().objects.filter(email="wang@example.com").exists()
    assert CaseAccess.objects.get().end_reason == CaseAccess.EndReason.NEVER_ACTIVATED
    assert Application.objects.get().email == ""
    again = applications.approve(application=factories.make_application(court, by=clerk), by=clerk)
    assert again.account.email == "wang@example.com"


def test_nobody_is_emptied_who_was_not_told_thirty_days_before(clerk, court):
    applications.approve(application=factories.make_application(court, by=clerk), by=clerk)

    assert retention.purge_expired(later(days=300))["accounts never activated"] == 0
    assert notices() == ["activation_ending"]
    assert retention.purge_expired(later(days=329))["accounts never activated"] == 0
    assert retention.purge_expired(later(days=331))["accounts never activated"] == 1
    assert notices() == ["activation_ending"]


def test_an_account_without_a_case_is_told_and_emptied_after_six_months(client, clerk, court, litigant):
    right = factories.make_access(litigant, factories.make_case(court))
    client.force_login(litigant)
    access.revoke(access=right, by=clerk, now=NOW)

    retention.purge_expired(later(days=150))
    assert notices() == []
    retention.purge_expired(later(days=155))
    assert notices() == ["account_ending"]
    retention.purge_expired(later(days=182))
    litigant.refresh_from_db()
    assert litigant.email
    assert retention.purge_expired(later(days=190))["accounts without a case"] == 1

    litigant.refresh_from_db()
    assert (litigant.email, litigant.is_active, litigant.has_usable_password()) == ("", False, False)
    assert client.get("/cases/").status_code == 302


def test_an_account_whose_last_query_period_is_over_is_emptied_too(litigant):
    case = factories.make_case(closed_on=NOW.date() - dt.timedelta(days=100))
    factories.make_access(litigant, case)

    told_before(200)

    litigant.refresh_from_db()
    assert litigant.email == ""


@pytest.mark.parametrize("case_again", [True, False])
def test_who_is_given_a_case_again_meanwhile_is_kept(clerk, court, litigant, case_again):
    right = factories.make_access(litigant, factories.make_case(court))
    access.revoke(access=right, by=clerk, now=NOW)
    retention.purge_expired(later(days=155))

    if case_again:
        factories.make_access(litigant, factories.make_case(court))

    assert retention.purge_expired(later(days=190))["accounts without a case"] == (0 if case_again else 1)


def test_an_account_that_lost_its_case_again_is_told_again(clerk, court, litigant):
    access.revoke(access=factories.make_access(litigant, factories.make_case(court)), by=clerk, now=NOW)
    retention.purge_expired(later(days=155))
    again = factories.make_access(litigant, factories.make_case(court))
    access.revoke(access=again, by=clerk, now=later(days=160))

    assert retention.purge_expired(later(days=350))["accounts without a case"] == 0
    assert notices() == ["account_ending"] * 2


def test_staff_without_a_case_are_kept_and_not_told(clerk, court):
    access.revoke(access=factories.make_access(clerk, factories.make_case(court)), by=clerk, now=NOW)

    told_before(400)

    clerk.refresh_from_db()
    assert clerk.email
    assert notices() == []


@pytest.mark.parametrize("message", ["activation_ending", "account_ending"])
@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_the_notice_says_the_day_and_names_neither_case_nor_person(court, litigant, message, language):
    right = factories.make_access(litigant, factories.make_case(court))
    Litigant.objects.store(litigant, language=language)
    notifications.account_ending(litigant, message, day=dt.date(2027, 3, 4), now=NOW)

    mail = rendering.render(OutgoingMail.objects.get())

    day = {"zh-hant": "民國 116 年 3 月 4 日（2027-03-04）", "en": "4 March 2027"}[language]
    assert day in mail.body.replace("\xa0", " ")
    assert day in strip_tags(mail.html).replace("\xa0", " ")
    for word in (right.application.applicant_name, str(right.case.full_number), right.case.court.name):
        assert word not in mail.body + mail.html


def test_an_undecided_application_goes_after_six_months(clerk, court):
    factories.make_application(court, by=clerk)

    retention.purge_expired(later(days=170))
    assert Application.objects.exists()

    assert retention.purge_expired(later(days=190))["undecided applications"] == 1
    assert not Application.objects.exists()


def test_rejected_rows_go_after_six_months_and_their_figures_stay(court):
    run = factories.make_run(rows_read=1, rows_rejected=1, file_name="王大明.csv")
    RejectedRow.objects.create(run=run, line=1, reason="x", row={"detail": "王大明"})

    retention.purge_expired(later(days=170))
    assert RejectedRow.objects.exists()

    assert retention.purge_expired(later(days=190))["rejected rows"] == 1
    run.refresh_from_db()
    assert (run.rows_rejected, run.file_name) == (1, "")


def compared(court, *, received_at, **difference) -> Manifest:
    facts = {"state": "compared", "compared_at": received_at, "received_at": received_at, "by": "day"}
    manifest = Manifest.objects.create(court=court, **facts)
    if difference:
        counts = {"entries_there": 1, "entries_here": 0, "kind": "missing", "by": "day"}
        manifest.differences.create(court=court, since=received_at, **counts | difference)
    return manifest


def test_manifests_go_after_six_months_with_what_they_found_unless_it_is_still_open(court):
    settled = {"group": "2026-01-05", "closed_at": NOW}
    compared(court, received_at=NOW, **settled)
    still_open = compared(court, received_at=NOW, group="2026-01-06")

    retention.purge_expired(later(days=170))
    assert Manifest.objects.count() == 2

    assert retention.purge_expired(later(days=190))["manifests"] == 1
    assert Manifest.objects.get() == still_open
    assert still_open.differences.exists()


def test_a_dry_run_says_how_much_would_go_and_changes_nothing(clerk, court, litigant, settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    (tmp_path / "1.eml").write_bytes(b"To: a@example.com\r\n\r\ntext")
    factories.make_application(court, by=clerk)
    account_closing.close(account=litigant, now=NOW)

    would_go = retention.purge_expired(later(days=190), dry_run=True)

    litigant.refresh_from_db()
    assert litigant.email
    assert Application.objects.exists()
    assert (tmp_path / "1.eml").exists()
    assert would_go["undecided applications"] == would_go["closed accounts"] == would_go["mail files"] == 1
    assert retention.purge_expired(later(days=190)) == would_go


def test_the_command_tells_the_dry_run_apart(clerk, court):
    for arguments, ending in (["--dry-run"], " (dry run)"), ([], ""):
        out = StringIO()
        call_command("purge_expired", *arguments, stdout=out)
        assert f"undecided applications: 0{ending}\n" in out.getvalue()


def test_a_session_goes_with_its_address_and_browser_when_it_is_over(client, litigant):
    client.force_login(litigant)
    client.get("/cases/")
    Session.objects.update(expire_date=NOW)

    purged = retention.purge_sessions(later(seconds=1))

    assert (purged["records of log-ins"], purged["sessions"]) == (1, 1)
    assert not UserSession.objects.exists()


def test_a_session_in_use_is_kept(client, litigant):
    client.force_login(litigant)
    client.get("/cases/")

    retention.purge_sessions()

    assert UserSession.objects.exists()
    assert client.get("/cases/").status_code == 200


def test_the_download_lists_no_log_in_that_is_over(client, litigant):
    old = UserSession.objects.create(
        user=litigant, session_key="old", ip="192.0.2.77", user_agent="Old browser"
    )
    UserSession.objects.filter(pk=old.pk).update(last_seen_at=NOW - dt.timedelta(days=800))
    client.force_login(litigant)
    client.get("/cases/")

    with data_export.archive_of(litigant) as file, ZipFile(file) as archive:
        log_ins = json.loads(archive.read("account.json"))["log_ins"]

    assert [each["ip_address"] for each in log_ins] == ["127.0.0.1"]


def test_expired_rows_of_a_cache_in_the_database_go(db, settings):
    call_command("createcachetable", "cache_of_test", verbosity=0)
    database_cache = DatabaseCache("cache_of_test", {})
    settings.CACHES = {"default": {"BACKEND": "…db.DatabaseCache", "LOCATION": "cache_of_test"}}
    database_cache.set("login:192.0.2.77", [1], timeout=60)
    database_cache.set("login:192.0.2.78", [1], timeout=600)

    assert retention.purge_sessions(timezone.now() + dt.timedelta(seconds=62))["entries of the cache"] == 1
    assert database_cache.get("login:192.0.2.78") == [1]


def test_mail_files_go_after_their_term_or_with_their_person(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    for name, address in (
        ("old", "a@example.com"),
        ("kept", "b@example.com"),
        ("gone", "Wang <c@example.com>"),
    ):
        (tmp_path / f"{name}.eml").write_text(f"To: {address}\n\ntext")
    os.utime(tmp_path / "old.eml", times=(later(days=-40).timestamp(),) * 2)

    assert eml_files.purge(NOW, addresses={"C@example.com"}) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["kept.eml"]


def test_purging_twice_does_no_harm(clerk, court):
    applications.approve(application=factories.make_application(court, by=clerk), by=clerk)
    told_before(200)

    assert set(retention.purge_expired(later(days=200)).values()) == {0}


def test_a_closed_account_is_forgotten_after_six_months(litigant):
    right = factories.make_access(litigant)
    account_closing.close(account=litigant, now=NOW)
    before = litigant.email

    retention.purge_expired(later(days=170))
    litigant.refresh_from_db()
    assert litigant.email == before

    assert retention.purge_expired(later(days=190))["closed accounts"] == 1
    litigant.refresh_from_db()
    right.application.refresh_from_db()
    assert (litigant.email, right.application.applicant_name, right.application.email) == ("", "", "")
    assert not OutgoingMail.objects.exclude(address="").exists()
    assert retention.purge_expired(later(days=190))["closed accounts"] == 0


def test_after_that_the_address_begins_anew(litigant, court):
    factories.make_access(litigant)
    address = litigant.email
    account_closing.close(account=litigant, now=NOW)
    retention.purge_expired(later(days=190))
    factories.make_word("訴")
    clerk = factories.make_clerk(court)
    paper = factories.make_application(court, by=clerk, email=address)

    granted = applications.approve(application=paper, by=clerk)

    assert granted.account != litigant
    assert granted.account.email == address


def test_a_closed_account_called_back_by_an_approval_is_kept(litigant, court):
    account_closing.close(account=litigant, now=NOW)
    factories.make_word("訴")
    clerk = factories.make_clerk(court)
    paper = factories.make_application(court, by=clerk, email=litigant.email)
    applications.approve(application=paper, by=clerk, same_person=True, now=later(days=180))

    assert retention.purge_expired(later(days=190))["closed accounts"] == 0

    litigant.refresh_from_db()
    assert litigant.email
