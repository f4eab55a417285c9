"""The clock: each tick runs once, however many workers hear it."""

import logging
from importlib import import_module

import pytest
from django.core.cache import cache
from django_tasks.base import TaskResultStatus
from huey.contrib.djhuey import HUEY
from huey.contrib.djhuey.tasks_backend import HueyBackend
from modelsearch.tasks import insert_or_update_object_task

from cpor_cases import tasks
from cpor_site.settings import base
from tests import factories

pytestmark = pytest.mark.django_db


def test_two_workers_run_a_tick_once():
    runs = []

    def tick():
        runs.append(1)

    for _ in range(2):
        tasks.once(tick)()

    assert runs == [1]


def test_the_next_minute_is_another_tick(monkeypatch):
    runs = []

    def tick():
        runs.append(1)

    for minute in (1, 2):
        later = tasks.timezone.now().replace(minute=minute)
        monkeypatch.setattr(tasks.timezone, "now", lambda later=later: later)
        tasks.once(tick)()

    assert runs == [1, 1]


def test_a_cache_that_is_down_stops_no_tick(monkeypatch):
    runs = []

    def tick():
        runs.append(1)

    monkeypatch.setattr(cache, "add", lambda *a, **k: 1 / 0)

    tasks.once(tick)()

    assert runs == [1]


def test_every_periodic_task_of_the_clock_runs_once():
    import_module("cpor_pages.tasks")
    kinds = [type(task) for task in HUEY._registry.periodic_tasks]
    ours = [kind for kind in kinds if kind.__module__ in {"cpor_cases.tasks", "cpor_pages.tasks"}]

    assert len(ours) >= 8
    for kind in ours:
        assert hasattr(getattr(import_module(kind.__module__), kind.__name__).func, "__wrapped__"), kind


def test_a_mailbox_that_cannot_be_read_is_logged_without_its_password(settings, caplog):
    settings.BOUNCES_URL = "maildir://bounces:secret@/nowhere/at/all"

    with caplog.at_level(logging.ERROR):
        tasks.read_bounces.call_local()

    assert "BOUNCES_URL" in caplog.text
    assert "secret" not in caplog.text


def test_wagtails_tasks_run_on_our_queue_and_only_after_the_commit(django_capture_on_commit_callbacks):
    backend = HueyBackend("default", base.TASKS["default"])
    person = factories.make_user()

    with django_capture_on_commit_callbacks() as rings:
        rung = backend.enqueue(insert_or_update_object_task, ["cpor_site", "user", str(person.pk)], {})

    assert rung.status == TaskResultStatus.READY
    assert HUEY.get(f"djt.{rung.id}", peek=True) is None
    [ring] = rings
    ring()
    assert backend.get_result(rung.id).finished_at
