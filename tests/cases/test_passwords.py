"""Which passwords are taken, and for how long."""

import datetime as dt

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from cpor_cases.models import PastPassword
from tests import factories

pytestmark = pytest.mark.django_db


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

    assert "none of your last 3" in page


def test_a_password_does_not_age_unless_the_court_wishes_it(client, litigant, settings):
    set_password(litigant, "second passphrase")
    PastPassword.objects.filter(account=litigant).update(set_at=timezone.now() - dt.timedelta(days=91))
    client.force_login(litigant)

    assert client.get("/cases/").status_code == 200
    settings.PASSWORD_MAX_AGE_DAYS = 90
    assert client.get("/cases/").headers["Location"] == "/accounts/password/change/"
    assert client.get("/accounts/password/change/").status_code == 200


def test_a_password_changed_in_time_is_good(client, litigant, settings):
    settings.PASSWORD_MAX_AGE_DAYS = 90
    client.force_login(litigant)

    assert client.get("/cases/").status_code == 200
