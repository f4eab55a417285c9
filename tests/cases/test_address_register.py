"""One address, one account: the service's own table says so, and the database refuses anything else."""

import importlib

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection

from cpor_cases.actions import account_activation, application_corrections, applications, clerk_posts
from cpor_cases.actions import application_addresses as corrected_addresses
from cpor_cases.address_register import find_by_address
from cpor_cases.mail import bounce_reports, bounces
from cpor_cases.models import AccountAddress, Application, BouncedAddress, OutgoingMail
from cpor_cases.office.applications.forms import AddressForm, ApplicationForm
from cpor_core.email_addresses import NormalEmailField
from tests import factories
from tests.support.constraints import is_refused

pytestmark = pytest.mark.django_db

PLAIN, ODD = "jia@demo.example", "\u200bＪia@demo。example\u200e"
IDN_TYPED, IDN = "jia14@資訊.台灣", "jia14@xn--9z2ax7c.xn--kpry57d"
LONG = "a" * 64 + "@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 60 + ".example"


def owned(account) -> set[str]:
    return set(account.own_addresses.values_list("address", flat=True))


@pytest.mark.parametrize(("typed", "stored"), [(ODD, PLAIN), (IDN_TYPED, IDN), ("JIA@Demo.Example", PLAIN)])
def test_an_account_owns_its_address_in_the_normal_form_and_is_found_by_every_spelling(typed, stored):
    account = factories.make_user("jia", email=typed)

    account.refresh_from_db()
    assert account.email == stored
    assert owned(account) == {stored}
    assert find_by_address(typed) == find_by_address(stored) == find_by_address(stored.upper()) == account


def test_the_database_refuses_a_second_account_for_another_spelling_of_an_address():
    factories.make_user("jia", email=PLAIN)

    assert is_refused(lambda: factories.make_user("other", email=ODD))


def test_the_database_refuses_an_account_for_an_address_that_another_has_proven(litigant):
    EmailAddress.objects.create(user=litigant, email="second@demo.example", verified=True)

    assert is_refused(lambda: factories.make_user("other", email="Second@demo.example"))


def test_an_address_that_waits_to_be_proven_is_nobodys(litigant):
    EmailAddress.objects.create(user=litigant, email="wanted@demo.example", verified=False)

    assert find_by_address("wanted@demo.example") is None
    assert factories.make_user("other", email="wanted@demo.example").pk


def test_an_address_that_is_given_up_is_free(litigant):
    second = EmailAddress.objects.create(user=litigant, email="second@demo.example", verified=True)
    litigant.email = "new@demo.example"
    litigant.save(update_fields=["email"])
    second.delete()

    assert owned(litigant) == {"new@demo.example"}
    assert not is_refused(lambda: factories.make_user("other", email="litigant@example.com"))


def test_a_log_in_does_not_read_the_register(litigant, django_assert_num_queries):
    with django_assert_num_queries(1):
        litigant.save(update_fields=["last_login"])


def test_every_address_of_ours_is_stored_in_a_field_that_normalises():
    """A new table with an address must not fall behind."""
    fields = [
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model._meta.app_label in {"cpor_cases", "cpor_core", "cpor_site"}
        for field in model._meta.get_fields()
        if field.get_internal_type() == "EmailField" and not isinstance(field, NormalEmailField)
    ]

    assert not fields


def test_the_actions_store_the_normal_form_whoever_calls_them(clerk, court):
    application = factories.make_application(court, by=clerk, email=ODD)
    assert application.email == PLAIN

    facts = {
        "court": court,
        "category": application.case.category,
        "number": application.case.full_number,
        "applicant_name": "王大明",
        "role": application.role,
        "received_on": application.received_on,
        "receipt_number": "",
        "phone": "",
        "language": "zh-hant",
    }
    application_corrections.edit(application=application, by=clerk, email=IDN_TYPED, **facts)
    granted = applications.approve(application=application, by=clerk)
    assert (granted.account.email, Application.objects.get().email) == (IDN, IDN)

    moved = corrected_addresses.correct(application=application, email=ODD, by=clerk)
    assert (moved.account.email, Application.objects.get().email) == (PLAIN, PLAIN)


def test_a_second_paper_with_another_spelling_joins_the_account(clerk, court):
    first = applications.approve(
        application=factories.make_application(court, by=clerk, email=PLAIN), by=clerk
    )
    second = applications.approve(
        application=factories.make_application(court, by=clerk, email=ODD), by=clerk
    )

    assert first.account == second.account
    account, _is_new = account_activation.find_or_make_inactive(email=IDN_TYPED, language="en")
    assert account.email == IDN
    assert set(OutgoingMail.objects.values_list("address", flat=True)) == {PLAIN}


@pytest.mark.parametrize("form", ["record", "readdress"])
def test_a_clerk_may_type_any_spelling_and_two_of_them_are_alike(form, clerk, court):
    data = {"email": ODD, "email_again": "JIA@demo.example"}
    made = (
        ApplicationForm(data, clerk=clerk)
        if form == "record"
        else AddressForm(data, clerk=clerk, application=factories.make_application(court, by=clerk))
    )

    made.is_valid()

    assert not {"email", "email_again"} & made.errors.keys()
    assert made.cleaned_data["email"] == PLAIN


def test_too_long_an_address_is_told_so_and_never_cut_short_by_the_browser(clerk):
    form = ApplicationForm({"email": LONG, "email_again": LONG}, clerk=clerk)

    assert "254" in str(form.errors["email"])
    assert "maxlength" not in str(form["email"])


def test_a_member_of_staff_is_found_by_any_spelling(clerk):
    assert clerk_posts.find_member_of_staff("ＣＬＥＲＫ@example.com") == clerk


def test_a_bounce_marks_the_address_however_the_server_spells_it(litigant):
    litigant.email = IDN
    litigant.save()
    bounces.mark(IDN_TYPED, answer="550 5.1.1 no such user", hardness=BouncedAddress.Hardness.HARD)

    assert BouncedAddress.objects.get().address == IDN
    assert BouncedAddress.objects.does_bounce(IDN_TYPED.upper())


def test_a_returned_mail_names_the_address_in_either_spelling():
    raw = (
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nIn-Reply-To: <1@x>\r\n\r\n'
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        b"Final-Recipient: rfc822; <JIA@Demo.Example.>\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )

    [report] = bounce_reports.read(raw)

    assert report.addresses == {PLAIN}


# Accounts that a site had before


def register_addresses() -> None:
    """Run the initial migration's own function, as it would find the rows."""
    importlib.import_module("cpor_cases.migrations._addresses").register_addresses(apps, None)


def spell_by_hand(table: str, column: str, key: int, address: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [address, key])  # noqa: S608


def test_the_addresses_of_accounts_that_were_there_before_are_registered_in_normal_form(litigant):
    EmailAddress.objects.create(user=litigant, email="a@b.example", verified=True)
    EmailAddress.objects.create(user=litigant, email="unproven@b.example", verified=False)
    AccountAddress.objects.all().delete()
    spell_by_hand("cpor_site_user", "email", litigant.pk, ODD)

    register_addresses()

    assert owned(litigant) == {PLAIN, "a@b.example"}


def test_two_accounts_of_one_address_stop_the_migration_with_their_keys_and_no_address():
    first, second = factories.make_user("first", email=PLAIN), factories.make_user("second")
    AccountAddress.objects.all().delete()
    spell_by_hand("cpor_site_user", "email", second.pk, "jia@demo\u200b.example")

    with pytest.raises(RuntimeError) as refusal:
        register_addresses()

    assert f"{first.pk}/{second.pk}" in str(refusal.value)
    assert "demo" not in str(refusal.value)
    assert not AccountAddress.objects.exists()
