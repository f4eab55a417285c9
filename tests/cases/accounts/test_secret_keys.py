"""The site's secret key is replaced: what was signed or encrypted by the old one, step by step."""

from io import StringIO

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import encrypt
from django.core.management import CommandError, call_command
from django.test import Client

from cpor_cases.accounts import known_browsers, unsaved_forms
from cpor_cases.actions import second_factors
from cpor_cases.mail import links
from cpor_cases.models import EnrolmentLink
from tests.support.factors import SECRET, code_now, log_in, set_up_app

pytestmark = pytest.mark.django_db

OLD, NEW = "the-old-key" * 6, "the-new-key" * 6


@pytest.fixture
def keys(settings):
    def use(key, *fallbacks):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = key, list(fallbacks)

    use(OLD)
    return use


def rotate() -> str:
    out = StringIO()
    call_command("rotate_secrets", stdout=out)
    return out.getvalue()


def opens_by_code(account, code) -> bool:
    client = Client()
    log_in(client, account, code=code)
    return "_auth_user_id" in client.session


def test_apps_and_recovery_codes_live_through_a_new_key(keys, litigant):
    set_up_app(litigant)
    codes = RecoveryCodes.activate(litigant).get_unused_codes()
    assert opens_by_code(litigant, codes[0])

    keys(NEW, OLD)
    assert opens_by_code(litigant, codes[1])
    assert "2 " in rotate()
    keys(NEW)

    assert opens_by_code(litigant, code_now())
    assert opens_by_code(litigant, codes[2])
    assert not opens_by_code(litigant, codes[1])  # used it stays
    assert SECRET not in str(Authenticator.objects.values())


def test_without_the_command_the_old_key_is_still_needed(keys, litigant):
    set_up_app(litigant)

    keys(NEW)

    assert not opens_by_code(litigant, code_now())


def test_the_command_may_be_repeated_and_names_what_no_key_reads(keys, litigant, other_litigant):
    set_up_app(litigant)
    keys("a-key-that-was-lost" * 4)
    TOTP.activate(other_litigant, SECRET)
    keys(NEW, OLD)

    for _ in range(2):
        with pytest.raises(CommandError, match="other_litigant"):
            rotate()

    keys(NEW)
    assert opens_by_code(litigant, code_now())


def test_codes_taken_over_from_another_system_are_reencrypted_too(keys, litigant):
    codes = RecoveryCodes.activate(litigant)
    codes.instance.data["migrated_codes"] = [encrypt("12345678")]
    codes.instance.save()
    keys(NEW, OLD)
    rotate()
    keys(NEW)

    assert Authenticator.objects.get().wrap().get_unused_codes() == ["12345678"]


def mark_of_browser(rf, account):
    request = rf.get("/")
    response = Client().get("/healthz")
    known_browsers.note(request, response, account)
    name = known_browsers.cookie_name()
    request.COOKIES[name] = response.cookies[name].value
    return request


def test_what_the_old_key_signed_is_good_until_it_is_dropped(keys, clerk, rf):
    """Links in mails, log-ins, the marks of browsers and forms."""
    address = EmailAddress.objects.create(user=clerk, email="new@example.com")
    link = second_factors.issue_link(account=clerk, is_mailed=False)
    session = Client()
    log_in(session, clerk)
    browser = mark_of_browser(rf, clerk)
    path = links.enrolment_path(link)
    unsubscribe = links.unsubscribe_path(clerk.pk).rstrip("/").rpartition("/")[2]
    clerk.refresh_from_db()
    reset = default_token_generator.make_token(clerk)
    confirmation = EmailConfirmationHMAC(address).key
    mark = unsaved_forms.owner_mark(clerk)

    def what_is_good():
        clerk.refresh_from_db()
        return {
            "enrolment link": Client().get(path).status_code == 302,
            "unsubscribing": links.read_unsubscribe_token(unsubscribe) is not None,
            "reset of a password": default_token_generator.check_token(clerk, reset),
            "confirmation of an address": EmailConfirmationHMAC.from_key(confirmation) is not None,
            "known browser": known_browsers.is_known(browser, clerk),
            "form": unsaved_forms._owner_of({"typed_by": mark}) is not None,
        }

    assert set(what_is_good().values()) == {True}
    keys(NEW, OLD)
    assert set(what_is_good().values()) == {True}
    assert session.get("/accounts/").status_code == 200
    keys(NEW)
    assert set(what_is_good().values()) == {False}
    assert EnrolmentLink.objects.get().is_usable()  # a new mail or print-out of it would be


def test_a_log_in_of_the_old_key_goes_on_under_the_new_one(keys, litigant):
    client = Client()
    log_in(client, litigant)
    keys(NEW, OLD)
    assert client.get("/cases/").status_code == 200  # signed anew by this request

    keys(NEW)

    assert client.get("/cases/").status_code == 200
