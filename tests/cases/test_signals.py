"""What other sites attach to the service is told of it, once it is committed, and cannot stop it."""

import pytest

from cpor_cases import signals
from cpor_cases.actions import access, account_activation, account_closing, applications
from cpor_cases.intake import run as runs
from cpor_cases.mail import links, queue
from cpor_cases.models import Activation, CaseAccess, ImportRun, OutgoingMail
from tests.factories import (
    PASSWORD,
    make_access,
    make_application,
    make_case,
    make_clerk,
    make_kind,
    make_run,
    make_word,
    row,
)
from tests.support.imports import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """What the receivers of each signal were told."""
    facts = {}
    receivers = {}
    for name in dir(signals):
        signal = getattr(signals, name)
        if isinstance(signal, signals.Signal):
            receivers[name] = lambda name=name, **given: facts.setdefault(name, []).append(
                {key: value for key, value in given.items() if key not in {"signal", "sender"}}
            )
            signal.connect(receivers[name])
    yield facts
    for name, receiver in receivers.items():
        getattr(signals, name).disconnect(receiver)


@pytest.fixture
def decided(court):
    make_word("訴")
    return make_application(court=court)


def test_a_decision_is_told_when_it_is_committed(told, court, decided, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        applications.approve(application=decided, by=make_clerk(court))
        assert "application_decided" not in told

    assert told["application_decided"] == [{"application": decided.pk, "status": "approved"}]


def test_a_receiver_that_fails_changes_nothing_and_is_logged(
    court, decided, django_capture_on_commit_callbacks, caplog
):
    def fail(**_facts):
        raise ValueError("of the host")

    signals.application_decided.connect(fail)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            applications.approve(application=decided, by=make_clerk(court))
    finally:
        signals.application_decided.disconnect(fail)

    decided.refresh_from_db()
    assert decided.status == "approved"
    assert "of the host" in caplog.text


def test_the_end_of_an_access_is_told_with_its_reason(
    told, court, decided, django_capture_on_commit_callbacks
):
    granted = applications.approve(application=decided, by=make_clerk(court))

    with django_capture_on_commit_callbacks(execute=True):
        access.revoke(access=granted, by=make_clerk(court))

    assert told["access_ended"] == [{"access": granted.pk, "reason": CaseAccess.EndReason.REVOKED}]


def test_a_mail_that_is_given_up_is_told(told, court, decided, django_capture_on_commit_callbacks):
    applications.approve(application=decided, by=make_clerk(court))
    mail = OutgoingMail.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        queue.end(mail, OutgoingMail.State.FAILED, "550 no such person")

    assert told["mail_failed"] == [{"mail": mail.pk, "kind": mail.kind, "answer": "550 no such person"}]


def test_the_end_of_an_import_is_told(told, django_capture_on_commit_callbacks):
    run = make_run(state=ImportRun.State.RUNNING, ended_at=None)

    with django_capture_on_commit_callbacks(execute=True):
        runs.stop(run)

    assert told["import_ended"] == [{"run": run.pk, "state": "stopped"}]


def test_new_entries_are_told_once_with_the_number_of_people(
    told, litigant, court, django_capture_on_commit_callbacks
):
    right = make_access(litigant, make_case(court))
    make_kind("judgment")

    with django_capture_on_commit_callbacks(execute=True):
        run = take(row(right.case, kind="judgment"))

    assert told["entries_announced"] == [{"run": run.pk, "people": 1}]
    assert told["import_ended"] == [{"run": run.pk, "state": "done"}]


def test_an_activation_is_told(told, court, decided, django_capture_on_commit_callbacks):
    applications.approve(application=decided, by=make_clerk(court))
    activation = Activation.objects.get()
    token = links.activation_path(activation).rstrip("/").rsplit("/", 1)[1]

    with django_capture_on_commit_callbacks(execute=True):
        account_activation.activate(
            token=token, name="王大明", username="wang", password=PASSWORD, language="en"
        )

    assert told["account_activated"] == [{"account": activation.account_id}]


def test_a_closed_account_ends_each_of_its_accesses(
    told, litigant, court, django_capture_on_commit_callbacks
):
    right = make_access(litigant, make_case(court))

    with django_capture_on_commit_callbacks(execute=True):
        account_closing.close(account=litigant)

    assert told["access_ended"] == [{"access": right.pk, "reason": CaseAccess.EndReason.ACCOUNT_CLOSED}]
