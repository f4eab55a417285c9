"""A log-in that is idle for half an hour ends."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db


def lapse(**time):
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(**time))


def test_an_idle_log_in_ends_by_the_clock_of_the_server(client, litigant):
    client.force_login(litigant)
    left = Session.objects.get().expire_date - timezone.now()
    lapse(seconds=1)

    assert left <= dt.timedelta(minutes=30)
    assert client.get("/cases/").headers["Location"].startswith("/accounts/login/")


def test_every_request_begins_the_half_hour_anew(client, litigant):
    client.force_login(litigant)
    Session.objects.update(expire_date=timezone.now() + dt.timedelta(minutes=1))

    assert client.post("/accounts/go-on/").status_code == 204
    assert Session.objects.get().expire_date > timezone.now() + dt.timedelta(minutes=29)


def test_whose_log_in_has_ended_cannot_go_on(litigant):
    assert Client().post("/accounts/go-on/").status_code == 403


def test_pages_of_a_person_bring_the_warning_and_those_of_strangers_do_not(client, litigant):
    assert "js/idle.js" not in client.get("/accounts/login/").content.decode()
    client.force_login(litigant)

    assert 'data-seconds="1800"' in client.get("/cases/").content.decode()
