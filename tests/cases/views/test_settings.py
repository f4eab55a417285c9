"""What a person wants to be mailed, and the way out of it."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cpor_cases.actions import access, mail_preferences
from cpor_cases.actions.imports import import_rows
from cpor_cases.mail import delivery
from cpor_cases.mail.links import unsubscribe_path
from cpor_cases.models import CaseAccess, ImportRun, reminder_days
from tests import factories

pytestmark = pytest.mark.django_db

SETTINGS = reverse("cpor_cases:settings")


def chosen(**over):
    """The form of the settings as sent by a browser; what is not ticked is not sent."""
    return {
        "mail_preference": "at_once",
        "digest_hour": "18",
        "reminders": "on",
        "reminder_days": "7,1",
        "language": "zh-hant",
    } | over


def page_of(right):
    return reverse("cpor_cases:case", args=[right.case.public_id])


def mails_of(right):
    return reverse("cpor_cases:case_mails", args=[right.case.public_id])


def take(*rows):
    import_rows(enumerate(rows, start=2), source=ImportRun.Source.COMMAND)


def wish_of(right):
    """What the person of an access is mailed: when, whether with the entry, whether with reminders."""
    right = CaseAccess.objects.with_mail_choices().get(pk=right.pk)
    return right.wanted_mails, right.shows_entry, right.is_reminded


def test_what_is_chosen_holds_for_all_cases_and_for_one_added_later(client, litigant):
    right = factories.make_access(litigant)
    client.force_login(litigant)

    form = chosen(mail_preference="digest", digest_hour="7", mails_show_entry="on", language="en")
    assert client.post(SETTINGS, form).status_code == 302

    assert (litigant.litigant.language, litigant.litigant.digest_hour) == ("en", 7)
    assert wish_of(right) == wish_of(factories.make_access(litigant)) == ("digest", True, True)


def test_one_case_may_differ_from_the_others(client, litigant):
    one, other = factories.make_access(litigant), factories.make_access(litigant)
    client.force_login(litigant)

    client.post(mails_of(one), {"mail_preference": "none", "mails_show_entry": "", "reminders": "False"})
    client.post(SETTINGS, chosen(mail_preference="important", mails_show_entry="on"))

    assert wish_of(one) == ("none", True, False)
    assert wish_of(other) == ("important", True, True)
    settings_page = client.get(SETTINGS).content.decode()
    assert page_of(one) in settings_page
    assert page_of(other) not in settings_page


def reminded_before(right):
    return CaseAccess.objects.with_mail_choices().get(pk=right.pk).reminded_before


def test_when_to_be_reminded_is_chosen_for_all_cases_or_for_one(client, litigant):
    one, other = factories.make_access(litigant), factories.make_access(litigant)
    client.force_login(litigant)
    assert reminded_before(one) == "7,1"

    client.post(SETTINGS, chosen(reminder_days="7,3,1"))
    as_account = {"mail_preference": "account", "mails_show_entry": "", "reminders": ""}
    client.post(mails_of(one), as_account | {"reminder_days": "3"})

    assert (reminded_before(one), reminded_before(other)) == ("3", "7,3,1")
    assert "庭期提醒：庭期前 3 天" in client.get(SETTINGS).content.decode()
    assert "（庭期前 7 天、3 天、1 天）" in client.get(page_of(other)).content.decode()


def test_every_set_of_the_days_offered_can_be_chosen_and_no_other(client, litigant):
    client.force_login(litigant)
    offered = [value for value, _label in reminder_days.choices()]

    assert offered == ["7,1", "7,3,1", "7,3", "3,1", "7", "3", "1"]
    page = client.post(SETTINGS, chosen(reminder_days="5"))
    assert page.context["form"].errors.keys() == {"reminder_days"}


def test_all_cases_can_be_made_alike_again(client, litigant, other_litigant):
    one = factories.make_access(litigant, mail_preference="none", mails_show_entry=True, reminders=False)
    theirs = factories.make_access(other_litigant, mail_preference="none")
    client.force_login(litigant)

    client.post(reverse("cpor_cases:same_for_all"))

    assert wish_of(one) == ("at_once", False, True)
    assert wish_of(theirs)[0] == "none"


def test_nobody_changes_the_mails_of_another(client, litigant, other_litigant):
    theirs = factories.make_access(other_litigant)
    client.force_login(litigant)

    page = client.post(mails_of(theirs), {"mail_preference": "none", "mails_show_entry": "", "reminders": ""})

    assert page.status_code == 404
    assert wish_of(theirs)[0] == "at_once"


def test_an_hour_that_no_clock_has_is_refused_and_the_rest_of_the_form_kept(client, litigant):
    client.force_login(litigant)

    page = client.post(SETTINGS, chosen(mail_preference="digest", digest_hour="24"))

    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"digest_hour"}
    assert page.context["form"]["mail_preference"].value() == "digest"


def test_the_settings_take_a_constant_number_of_queries(client, litigant, django_assert_num_queries):
    client.force_login(litigant)
    for _each in range(3):
        factories.make_access(litigant, mail_preference="none")
    client.get(SETTINGS)
    factories.make_access(litigant, mail_preference="none")
    with CaptureQueriesContext(connection) as few:
        client.get(SETTINGS)

    for _each in range(20):
        factories.make_access(litigant, mail_preference="none")

    with django_assert_num_queries(len(few)):
        assert len(client.get(SETTINGS).context["page_obj"]) == 20


def test_a_post_without_log_in_stops_the_mails_and_a_mail_confirms_it(client, litigant):
    right = factories.make_access(litigant)

    page = client.post(unsubscribe_path(litigant.pk), {"List-Unsubscribe": "One-Click"})
    delivery.deliver.call_local()

    assert page.status_code == 200
    assert wish_of(right) == wish_of(factories.make_access(litigant)) == ("none", False, False)
    assert [message.to for message in mail.outbox] == [[litigant.email]]


def test_the_link_of_a_mail_about_one_case_stops_that_case_alone(client, litigant):
    one, other = factories.make_access(litigant), factories.make_access(litigant)

    page = client.post(unsubscribe_path(litigant.pk, one.pk), {"List-Unsubscribe": "One-Click"})
    client.post(unsubscribe_path(litigant.pk, one.pk))
    delivery.deliver.call_local()

    assert (wish_of(one), wish_of(other)) == (("none", False, False), ("at_once", False, True))
    assert unsubscribe_path(litigant.pk) in page.content.decode()
    assert str(one.case.full_number) not in page.content.decode()
    [message] = mail.outbox
    assert str(one.case.full_number) in message.body


def test_a_mail_about_several_cases_carries_the_link_for_all(litigant, court):
    factories.make_word("訴")
    factories.make_kind("judgment")
    one, other = (factories.make_access(litigant, factories.make_case(court)) for _each in range(2))
    take(factories.row(one.case))
    take(factories.row(one.case), factories.row(other.case))

    delivery.deliver.call_local()

    links = [message.extra_headers["List-Unsubscribe"] for message in mail.outbox]
    paths = [unsubscribe_path(litigant.pk, one.pk), unsubscribe_path(litigant.pk)]
    assert links == [f"<http://testserver{path}>" for path in paths]


def test_one_click_needs_no_csrf_token(litigant):
    factories.make_access(litigant)

    assert Client(enforce_csrf_checks=True).post(unsubscribe_path(litigant.pk)).status_code == 200


def test_a_link_scanner_that_only_looks_changes_nothing(client, litigant):
    right = factories.make_access(litigant)

    for link in (unsubscribe_path(litigant.pk), unsubscribe_path(litigant.pk, right.pk)):
        assert client.get(link).status_code == 200

    assert wish_of(right) == ("at_once", False, True)


def test_a_forged_link_is_not_found(client, litigant, other_litigant):
    signature = unsubscribe_path(litigant.pk).rstrip("/").rsplit(":", 1)[-1]
    forged = unsubscribe_path(other_litigant.pk).rsplit(":", 1)[0] + f":{signature}/"

    assert client.post(forged).status_code == 404


def test_the_mails_of_a_case_whose_access_ends_at_this_very_moment_are_nothing_to_stop(litigant):
    looked_up = factories.make_access(litigant)
    access.revoke(access=looked_up, by=factories.make_clerk(looked_up.case.court))

    assert not mail_preferences.stop_for_case(looked_up)
