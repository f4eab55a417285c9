"""What a person wants to be mailed, and the way out of it."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from cpor_cases import outbox
from cpor_cases.letters import unsubscribe_path
from cpor_cases.models import CaseAccess
from tests import factories

pytestmark = pytest.mark.django_db

SETTINGS = reverse("cpor_cases:settings")


def form_of(*accesses, **over):
    form = {"language": "zh-hant", "mails-TOTAL_FORMS": len(accesses), "mails-INITIAL_FORMS": len(accesses)}
    for position, right in enumerate(accesses):
        form[f"mails-{position}-id"] = right.pk
        form[f"mails-{position}-mail_preference"] = "none"
    return form | over


def test_a_person_chooses_language_and_mails(client, litigant):
    right = factories.make_access(litigant)
    client.force_login(litigant)

    form = form_of(right, language="en", **{"mails-0-mails_show_entry": "on"})
    assert client.post(SETTINGS, form).status_code == 302

    right.refresh_from_db()
    litigant.refresh_from_db()
    assert (right.mail_preference, right.mails_show_entry) == (CaseAccess.MailPreference.NONE, True)
    assert litigant.language == "en"


def test_nobody_changes_the_mails_of_another(client, litigant, stranger):
    own, theirs = factories.make_access(litigant), factories.make_access(stranger)
    client.force_login(litigant)

    client.post(SETTINGS, form_of(own, **{"mails-0-id": theirs.pk, "mails-0-mails_show_entry": "on"}))

    theirs.refresh_from_db()
    assert not theirs.mails_show_entry


def test_a_post_without_log_in_stops_the_mails_and_a_mail_confirms_it(client, litigant):
    right = factories.make_access(litigant)

    page = client.post(unsubscribe_path(litigant.pk), {"List-Unsubscribe": "One-Click"})
    outbox.deliver.call_local()

    right.refresh_from_db()
    assert page.status_code == 200
    assert right.mail_preference == CaseAccess.MailPreference.NONE
    assert [letter.to for letter in mail.outbox] == [[litigant.email]]


def test_one_click_needs_no_csrf_token(litigant):
    factories.make_access(litigant)

    assert Client(enforce_csrf_checks=True).post(unsubscribe_path(litigant.pk)).status_code == 200


def test_a_link_scanner_that_only_looks_changes_nothing(client, litigant):
    right = factories.make_access(litigant)

    assert client.get(unsubscribe_path(litigant.pk)).status_code == 200

    right.refresh_from_db()
    assert right.mail_preference == CaseAccess.MailPreference.AT_ONCE


def test_a_forged_link_is_not_found(client, litigant, stranger):
    signature = unsubscribe_path(litigant.pk).rstrip("/").rsplit(":", 1)[-1]
    forged = unsubscribe_path(stranger.pk).rsplit(":", 1)[0] + f":{signature}/"

    assert client.post(forged).status_code == 404
