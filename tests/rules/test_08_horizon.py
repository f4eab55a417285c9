"""Rule 8: a clerk's horizon is the court. (The office's addresses are walked in tests/cases/office.)"""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import (
    access,
    account_activation,
    api_tokens,
    application_addresses,
    application_corrections,
    applications,
    bounces,
    case_merging,
    case_transfer,
    clerk_posts,
    courts,
    entries,
    exports,
    mails,
    uploads,
)
from cpor_cases.actions.imports import import_rows
from cpor_cases.models import (
    Activation,
    Application,
    BouncedAddress,
    Case,
    CaseAccess,
    CourtLogEntry,
    ImportRun,
    OutgoingMail,
    ProgressEntry,
)
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import Court
from tests import factories

pytestmark = pytest.mark.django_db

MODELS_OF_A_COURT = [Activation, Application, Case, CaseAccess, ImportRun, OutgoingMail, ProgressEntry]


@pytest.fixture
def rows_of_the_court(clerk, court):
    """One row of each kind at the clerk's court."""
    granted = applications.approve(application=factories.make_application(court, by=clerk), by=clerk)
    granted.account.is_active = True
    granted.account.save()
    import_rows(
        [(1, factories.row(granted.case, kind=factories.make_kind().code))],
        source="typed",
        court=court,
        by=clerk,
    )
    return granted


@pytest.mark.parametrize("model", MODELS_OF_A_COURT, ids=lambda model: model.__name__)
def test_a_clerk_sees_the_rows_of_the_own_court_and_none_of_another(
    rows_of_the_court, model, clerk, clerk_elsewhere
):
    assert model.objects.for_clerk(clerk).exists()
    assert not model.objects.for_clerk(clerk_elsewhere).exists()


@pytest.mark.parametrize("model", [*MODELS_OF_A_COURT, Court], ids=lambda model: model.__name__)
def test_litigants_and_former_staff_see_no_rows_as_a_clerk_does(rows_of_the_court, model, clerk, litigant):
    clerk.is_active = False
    clerk.save()

    assert not model.objects.for_clerk(litigant).exists()
    assert not model.objects.for_clerk(clerk).exists()


@pytest.mark.parametrize(
    "model", [*MODELS_OF_A_COURT, Court, CourtLogEntry], ids=lambda model: model.__name__
)
def test_a_superuser_without_a_post_sees_no_rows(rows_of_the_court, model, court):
    operator = factories.make_user(is_superuser=True)

    assert not model.objects.for_clerk(operator).exists()

    clerk_posts.assign(user=operator, court=court, by=factories.make_clerk(court, group="Court managers"))
    assert model.objects.for_clerk(operator).exists()


@pytest.mark.parametrize(
    "model", [*MODELS_OF_A_COURT, Court, CourtLogEntry], ids=lambda model: model.__name__
)
def test_a_service_manager_sees_no_rows_even_with_a_post_from_before(rows_of_the_court, model, court):
    overseer = factories.make_clerk(court, group="Service managers")

    assert not model.objects.for_clerk(overseer).exists()


@pytest.mark.parametrize("group", ["Service managers", "Court managers", None])
def test_nobody_appoints_themselves(client, court, other_court, group):
    person = factories.make_clerk(other_court, group=group, is_superuser=group is None)
    client.force_login(person)
    typed = {"person": person.username, "court": court.pk}

    answer = client.post(reverse("office_posts:add"), typed)

    assert answer.context["form"].errors
    with pytest.raises((clerk_posts.NotAssignable, PermissionDenied)):
        clerk_posts.assign(user=person, court=court, by=person)
    assert not person.posts.filter(court=court).exists()


def test_a_service_manager_is_given_no_post(client, court):
    manager = factories.make_clerk(court, group="Court managers")
    overseer = factories.make_clerk(court, group="Service managers")
    overseer.posts.all().delete()
    client.force_login(manager)

    answer = client.post(reverse("office_posts:add"), {"person": overseer.username, "court": court.pk})

    assert answer.context["form"].errors["person"]
    assert not overseer.posts.exists()


def test_a_search_of_activations_knows_no_name_that_another_court_recorded(client, clerk, clerk_elsewhere):
    here = factories.make_application(by=clerk, applicant_name="王大明", email="wang@example.com")
    there = factories.make_application(
        clerk_elsewhere.posts.get().court,
        by=clerk_elsewhere,
        applicant_name="林秘密",
        email="wang@example.com",
    )
    applications.approve(application=here, by=clerk)
    applications.approve(application=there, by=clerk_elsewhere, same_person=True)
    client.force_login(clerk)

    def found(words):
        return len(
            client.get(reverse("office_activations:index"), {"q": words}, follow=True).context["object_list"]
        )

    assert (found("王大明"), found("林秘密"), found("秘")) == (1, 0, 0)


def test_an_access_at_another_court_does_not_bring_a_mail_back_to_the_list(client, clerk, clerk_elsewhere):
    right = factories.make_access(factories.make_user("both"), factories.make_case(clerk.posts.get().court))
    factories.make_access(right.account, factories.make_case(clerk_elsewhere.posts.get().court))
    facts = {"kind": "case_added", "address": right.account.email, "access": right, "court": right.case.court}
    OutgoingMail.objects.create(account=right.account, state="failed", ended_at=timezone.now(), **facts)
    client.force_login(clerk)

    def listed():
        return len(client.get(reverse("office_mails:index"), {"follow_up": "open"}).context["object_list"])

    assert listed() == 1
    access.revoke(access=right, by=clerk)
    assert listed() == 0


@pytest.fixture
def play(rows_of_the_court, court, clerk):
    """What the actions of the office are tried on."""
    granted = rows_of_the_court
    return SimpleNamespace(
        court=court,
        granted=granted,
        paper=factories.make_application(court, by=clerk),
        entry=factories.make_entry(granted.case),
        mail=OutgoingMail.objects.filter(court=court).first(),
        file=uploads.receive("export.csv", [b"x"], court=court, by=clerk),
        run=factories.make_run(court=court),
    )


FACTS = {
    "category": "civil",
    "number": CaseNumber(115, "訴", 999),
    "applicant_name": "王大明",
    "email": "a@example.com",
    "received_on": dt.date(2026, 9, 24),
}
TYPED = {"recorded_at": "115/09/24", "kind": "judgment", "detail": "", "hearing_at": "", "courtroom": ""}
ACTIONS = {
    "record an application": lambda on, by: applications.record(
        court=on.court, role=factories.make_role(), by=by, **FACTS
    ),
    "edit an application": lambda on, by: application_corrections.edit(
        application=on.paper,
        court=on.court,
        role=factories.make_role(),
        by=by,
        receipt_number="",
        phone="",
        language="en",
        **FACTS,
    ),
    "correct the address of an application": lambda on, by: application_addresses.correct(
        application=on.granted.application, email="new@example.com", by=by
    ),
    "approve": lambda on, by: applications.approve(application=on.paper, by=by),
    "refuse": lambda on, by: applications.refuse(application=on.paper, by=by, reason=factories.make_reason()),
    "revoke an access": lambda on, by: access.revoke(access=on.granted, by=by),
    "unlock a link": lambda on, by: account_activation.unlock(
        activation=on.granted.account.activation, by=by
    ),
    "transfer a case": lambda on, by: case_transfer.transfer(case=on.granted.case, division="孝", by=by),
    "merge a case": lambda on, by: case_merging.merge(
        dropped=factories.make_case(on.court), kept=on.granted.case, by=by
    ),
    "record an entry": lambda on, by: entries.record(on.granted.case, TYPED, by=by),
    "correct an entry": lambda on, by: entries.correct(on.entry, TYPED, by=by),
    "withdraw an entry": lambda on, by: entries.withdraw(on.entry, by=by, reason="x"),
    "publish an entry": lambda on, by: entries.publish_now(on.entry, by=by),
    "send a mail again": lambda on, by: mails.send_again(mail=on.mail, by=by),
    "upload a file": lambda on, by: uploads.receive("export.csv", [b"x"], court=on.court, by=by),
    "import a file": lambda on, by: uploads.start_import(on.file, by=by),
    "stop an import": lambda on, by: uploads.stop_import(on.file, by=by),
    "discard a file": lambda on, by: uploads.discard(on.file, by=by),
    "change the settings of a court": lambda on, by: courts.change_settings(
        court=on.court, phone="1", hours={"zh-hant": "", "en": ""}, tells_waiting_times=False, by=by
    ),
    "issue a token": lambda on, by: api_tokens.issue(court=on.court, label="x", by=by),
    "fetch the audit": lambda on, by: exports.log_audit([on.court], by=by),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_refuses_a_clerk_of_another_court(play, clerk_elsewhere, name):
    with pytest.raises(PermissionDenied):
        ACTIONS[name](play, clerk_elsewhere)


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_refuses_staff_of_the_court_without_the_right(play, court, name):
    reader = factories.make_clerk(court, group=None)
    views = Permission.objects.filter(content_type__app_label="cpor_cases", codename__startswith="view_")
    reader.user_permissions.set(views.exclude(codename="view_courtlogentry"))

    with pytest.raises(PermissionDenied):
        ACTIONS[name](play, reader)


def test_rows_of_another_court_than_the_senders_are_rejected(court, other_court):
    factories.make_word("訴")
    theirs = factories.row(factories.make_case(other_court), kind=factories.make_kind().code)

    run = import_rows([(1, theirs)], source=ImportRun.Source.TYPED, court=court)

    assert run.rows_rejected == 1
    assert not ProgressEntry.objects.exists()


# A court whose access has ended


PRESENT = "present@example.com"  # where the account moved to after the court had opened it a case


@pytest.fixture
def right(court):
    right = factories.make_access(factories.make_user("moved"), factories.make_case(court))
    Activation.objects.create(account=right.account, link_expires_at=timezone.now(), locked_at=timezone.now())
    right.account.email = PRESENT
    right.account.save()
    return right


def end(right, how, clerk):
    if how == "revoked":
        access.revoke(access=right, by=clerk)
    else:
        Case.objects.filter(pk=right.case_id).update(closed_on=timezone.localdate() - dt.timedelta(days=70))


def shown(client, right) -> str:
    """Every page of the office on which a court may read the address of somebody who follows one of its cases."""
    mail = OutgoingMail.objects.get(account=right.account)
    keys = {
        "office_cases": right.case_id,
        "office_applications": right.application_id,
        "office_mails": mail.pk,
    }
    paths = [reverse(f"{name}:inspect", args=[key]) for name, key in keys.items()]
    paths += [reverse(f"{name}:index") for name in [*keys, "office_activations"]]
    paths += [reverse("office_mails:send_again", args=[mail.pk]), reverse("wagtailadmin_home")]
    pages = [client.get(path) for path in paths]
    pages.append(client.post(reverse("office_activations:index"), {"q": PRESENT}, follow=True))
    for name in ("inspect", "unlock"):
        pages.append(client.get(reverse(f"office_activations:{name}", args=[right.account.activation.pk])))
    return " ".join(page.content.decode().replace(f'value="{PRESENT}"', "") for page in pages)


@pytest.mark.parametrize("how", ["revoked", "query period over"])
def test_a_court_whose_access_has_ended_does_not_see_where_the_account_moved(client, clerk, right, how):
    BouncedAddress.objects.create(address=PRESENT)
    facts = {
        "kind": "case_added",
        "address": right.application.email,
        "access": right,
        "court": right.case.court,
    }
    OutgoingMail.objects.create(account=right.account, state="failed", ended_at=timezone.now(), **facts)
    client.force_login(clerk)
    assert PRESENT in shown(client, right)

    end(right, how, clerk)

    assert PRESENT not in shown(client, right)
    assert not Activation.objects.for_clerk(clerk).exists()
    assert not BouncedAddress.objects.for_clerk(clerk).exists()


@pytest.mark.parametrize("how", ["revoked", "query period over"])
def test_what_a_court_wrote_of_an_ended_access_does_not_follow_the_account(clerk, right, how):
    former = right.application.email
    facts = {"account": right.account, "address": former, "kind": "case_added"}
    OutgoingMail.objects.create(state="stopped", access=right, court=right.case.court, **facts)
    BouncedAddress.objects.create(address=former)
    end(right, how, clerk)
    mail = OutgoingMail.objects.get()

    bounces.follow(right.account)

    assert OutgoingMail.objects.get().address == former
    with pytest.raises(mails.NotAgain):
        mails.send_again(mail=mail, by=clerk)
