"""Every link of every mail leads to a page in the reader's language."""

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from cpor_cases.actions import account_activation, digests, second_factors
from cpor_cases.actions.imports import import_rows
from cpor_cases.mail import notifications, rendering
from cpor_cases.mail.messages import MESSAGES, account_notices
from cpor_cases.models import Announcement, CaseAccess, ImportRun, Litigant, OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db

LANGUAGES = {"zh-hant": r"/(?!en/)", "en": r"/en/"}
SITE_LINK = re.compile(r"http://testserver(/[^\s\"'<>]*)")


def _activation(person, case):
    person.is_active = False
    person.save()
    application = factories.make_access(person, case).application
    account_activation.invite(account=person, application=application)


def _case_added(person, case):
    notifications.case_added(factories.make_access(person, case))


def _progress(person, case, **choice):
    factories.make_kind("judgment")
    access = factories.make_access(person, case)
    CaseAccess.objects.filter(pk=access.pk).update(mails_show_entry=True, **choice)
    import_rows([(2, factories.row(case))], source=ImportRun.Source.COMMAND)


def _digest(person, case):
    _progress(person, case, mail_preference="digest")
    digests.post_due(Announcement.objects.get().run.ended_at + dt.timedelta(days=2))


def _hearing_reminder(person, case):
    at = timezone.now() + dt.timedelta(days=1)
    factories.make_entry(case, kind="preparatory", hearing_at=at)
    access = factories.make_access(person, case)
    access.hearing_at = at
    notifications.hearing_reminders([access], days=1)


def _query_ending(person, case):
    case.closed_on = timezone.localdate()
    case.save()
    notifications.query_ending([factories.make_access(person, case)])


def _second_factor_link(person, _case):
    person.is_staff = True
    person.save()
    second_factors.issue_link(account=person)


def _email_confirmation(person, _case):
    address = EmailAddress.objects.create(user=person, email="new@example.com")
    notifications.email_confirmation(person, email_address_id=address.pk, address=address.email)


def _address_in_use(person, case):
    _email_confirmation(factories.make_user("asks"), case)
    EmailAddress.objects.update(email=person.email)
    OutgoingMail.objects.update(address=person.email)


POSTERS = {
    "activation": _activation,
    "case_added": _case_added,
    "progress": _progress,
    "digest": _digest,
    "hearing_reminder": _hearing_reminder,
    "query_ending": _query_ending,
    "password_reset": lambda person, _case: notifications.password_reset(person),
    "second_factor_link": _second_factor_link,
    "email_confirmation": _email_confirmation,
    "address_in_use": _address_in_use,
    "welcome": lambda person, _case: notifications.welcome(person),
    "email_changed": lambda person, _case: notifications.email_changed(person, former="old@example.com"),
}


def links_of(mail: OutgoingMail) -> set[str]:
    written = rendering.render(mail)
    headers = " ".join(written.extra_headers.values())
    return set(SITE_LINK.findall(f"{written.body} {written.html} {headers}"))


def test_every_kind_of_mail_is_tried():
    assert set(POSTERS) - {"address_in_use"} == set(MESSAGES) - {"account_notice"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", POSTERS)
def test_the_links_of_a_mail(kind, language, litigant, case):
    Litigant.objects.store(litigant, language=language)
    POSTERS[kind](litigant, case)
    mail = OutgoingMail.objects.latest("pk")
    found = links_of(mail)

    assert found
    assert [each for each in found if not re.match(LANGUAGES[language], each)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", sorted(filter(None, account_notices.NOTICES)))
def test_the_links_of_a_notice(notice, language, litigant, case):
    Litigant.objects.store(litigant, language=language)
    about = {"notice": notice, "day": f"{timezone.localdate()}"}
    access = factories.make_access(litigant, case)
    mail = OutgoingMail.objects.create(kind="account_notice", account=litigant, access=access, about=about)

    found = links_of(mail)

    assert found
    assert [each for each in found if not re.match(LANGUAGES[language], each)] == []
