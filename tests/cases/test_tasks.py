"""The periodic tasks, and Wagtail's own work on our queue."""

import logging

import pytest
from django_tasks.base import TaskResultStatus
from huey.contrib.djhuey import HUEY
from huey.contrib.djhuey.tasks_backend import HueyBackend
from modelsearch.tasks import insert_or_update_object_task

from cpor_cases import tasks
from cpor_site.settings import base
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_mailbox_that_cannot_be_read_is_logged_without_its_password(settings, caplog):
    settings.CPOR = settings.CPOR | {"BOUNCES_URL": "maildir://bounces:secret@/nowhere/at/all"}

    with caplog.at_level(logging.ERROR):
        tasks.read_bounces.call_local()

    assert "BOUNCES_URL" in caplog.text
    assert "secret" not in caplog.text


def test_wagtails_tasks_run_on_our_queue_and_only_after_the_commit(django_capture_on_commit_callbacks):
    backend = HueyBackend("default", base.TASKS["default"])
    person = factories.make_user()

    with django_capture_on_commit_callbacks() as callbacks:
        enqueued = backend.enqueue(insert_or_update_object_task, ["cpor_site", "user", str(person.pk)], {})

    assert enqueued.status == TaskResultStatus.READY
    assert HUEY.get(f"djt.{enqueued.id}", peek=True) is None
    [callback] = callbacks
    callback()
    assert backend.get_result(enqueued.id).finished_at
