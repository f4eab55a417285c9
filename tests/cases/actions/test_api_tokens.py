"""Tokens of the courts' systems: kept as a hash, each of one court, ended at once."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from cpor_cases.actions import api_tokens
from cpor_cases.models import ApiToken, CourtLogEntry
from tests.factories import make_clerk, make_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(court):
    return make_clerk(court, group="Court managers")


def test_the_secret_is_long_known_by_its_beginning_and_stored_nowhere(court, manager):
    token, secret = api_tokens.issue(court=court, label="Case system", by=manager)

    assert secret.startswith(token.prefix)
    assert len(bytes.fromhex(secret.removeprefix(token.prefix))) * 8 >= 160
    assert ApiToken.objects.of_secret(secret).get() == token
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            assert secret not in str(cursor.fetchall())


def test_two_tokens_are_never_alike(court):
    assert len({make_token(court)[1] for _ in range(20)}) == 20


def test_making_and_revoking_are_on_record_without_the_secret(court, manager):
    token, secret = api_tokens.issue(court=court, label="Case system", by=manager)

    api_tokens.revoke(token=token, by=manager)

    made, revoked = CourtLogEntry.objects.filter(action__startswith="cpor_cases.token").order_by("pk")
    assert (made.action, revoked.action) == ("cpor_cases.token.issue", "cpor_cases.token.revoke")
    assert {made.court, revoked.court} == {court}
    assert {made.user, revoked.user} == {manager}
    assert secret not in f"{made.label}{made.data}{revoked.label}{revoked.data}"


@pytest.mark.parametrize("group", ["Clerks", "Service managers"])
def test_nobody_but_the_courts_manager_makes_or_revokes(court, group):
    token, _secret = make_token(court)
    somebody = make_clerk(court, group=group)

    with pytest.raises(PermissionDenied):
        api_tokens.issue(court=court, label="Mine", by=somebody)
    with pytest.raises(PermissionDenied):
        api_tokens.revoke(token=token, by=somebody)


def test_a_manager_elsewhere_makes_and_revokes_nothing_here(court, other_court):
    token, _secret = make_token(court)
    elsewhere = make_clerk(other_court, group="Court managers")

    with pytest.raises(PermissionDenied):
        api_tokens.issue(court=court, label="Mine", by=elsewhere)
    with pytest.raises(PermissionDenied):
        api_tokens.revoke(token=token, by=elsewhere)
    assert ApiToken.objects.active().get() == token


def test_a_label_serves_one_standing_token_of_a_court(court, other_court, manager):
    token, _secret = api_tokens.issue(court=court, label="Case system", by=manager)

    with pytest.raises(api_tokens.LabelTaken):
        api_tokens.issue(court=court, label="Case system", by=manager)

    make_token(other_court, label="Case system")
    api_tokens.revoke(token=token, by=manager)
    api_tokens.issue(court=court, label="Case system", by=manager)
    assert ApiToken.objects.active().count() == 2


def test_revoking_twice_keeps_the_first(court, manager):
    token, _secret = api_tokens.issue(court=court, label="Case system", by=manager)
    assert api_tokens.revoke(token=token, by=manager)
    first = ApiToken.objects.get().revoked_at

    assert not api_tokens.revoke(token=token, by=make_clerk(court, group="Court managers"))

    assert ApiToken.objects.get().revoked_at == first
    assert ApiToken.objects.get().revoked_by == manager


def test_a_token_ends_after_the_days_of_the_setting(court, settings):
    settings.CPOR = settings.CPOR | {"API_TOKEN_DAYS": 30}
    now = timezone.now()

    token, _secret = make_token(court, now=now)

    assert ApiToken.objects.active(now + dt.timedelta(days=29, hours=23)).exists()
    assert not ApiToken.objects.active(now + dt.timedelta(days=30)).exists()
    assert token.is_active


def test_last_use_is_noted_but_not_at_every_call(court, django_assert_num_queries):
    token, _secret = make_token(court)
    first = timezone.now()
    api_tokens.note_use(token, first)
    token.refresh_from_db()
    assert token.last_used_at == first

    with django_assert_num_queries(0):
        api_tokens.note_use(token, first + dt.timedelta(minutes=9))
    api_tokens.note_use(token, first + dt.timedelta(minutes=10))

    token.refresh_from_db()
    assert token.last_used_at == first + dt.timedelta(minutes=10)
