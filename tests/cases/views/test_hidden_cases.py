"""A case that is not one's own to see is not there: on every page, in every file, by every link."""

import datetime as dt
import io
import zipfile
from contextlib import closing

import pytest
from django.urls import reverse
from django.utils import timezone

from cpor_cases.accounts import data_export
from cpor_cases.actions import access, calendar_feeds
from cpor_cases.actions import account_closing as accounts_closing
from cpor_cases.mail.links import unsubscribe_path
from tests import factories

pytestmark = pytest.mark.django_db

# Every address that has a case in it, by what may be asked there.
PAGES = {
    "the case": ("cpor_cases:case", ["get", "post"]),
    "the sheet to print": ("cpor_cases:sheet", ["get"]),
    "what is mailed about it": ("cpor_cases:case_mails", ["post"]),
    "whether it is clear": ("cpor_cases:entry_clarity", ["post"]),
    "leaving it": ("cpor_cases:leave", ["get", "post"]),
    "one hearing": ("cpor_cases:hearing", ["get"]),
}
WAYS = [(what, method) for what, (_name, methods) in PAGES.items() for method in methods]


def anothers(litigant, court, clerk):
    return factories.make_access(factories.make_user("another"), factories.make_case(court)).case


def revoked(litigant, court, clerk):
    right = factories.make_access(litigant, factories.make_case(court))
    access.revoke(access=right, by=clerk)
    return right.case


def ended(litigant, court, clerk):
    long_ago = timezone.localdate() - dt.timedelta(days=100)
    return factories.make_access(litigant, factories.make_case(court, closed_on=long_ago)).case


def left(litigant, court, clerk):
    right = factories.make_access(litigant, factories.make_case(court))
    access.leave(access=right)
    return right.case


def unknown(litigant, court, clerk):
    return factories.make_case(court)


@pytest.fixture(params=[anothers, revoked, ended, left, unknown], ids=lambda make: make.__name__)
def case(request, litigant, court, clerk):
    """A case that is none of this person's; it has a hearing to come."""
    case = request.param(litigant, court, clerk)
    case.hearing = factories.make_entry(
        case, kind="hearing_set", hearing_at=timezone.now() + dt.timedelta(days=9)
    )
    return case


@pytest.mark.parametrize(("what", "method"), WAYS)
def test_its_address_is_not_found(client, litigant, case, what, method):
    name = PAGES[what][0]
    arguments = [case.public_id, case.hearing.pk] if name == "cpor_cases:hearing" else [case.public_id]
    client.force_login(litigant)

    answer = getattr(client, method)(reverse(name, args=arguments))

    assert answer.status_code == 404
    assert str(case.full_number) not in answer.content.decode()


@pytest.mark.parametrize("page", ["cases", "settings", "calendar"])
def test_no_page_of_many_cases_names_it(client, litigant, case, page):
    client.force_login(litigant)

    text = client.get(reverse(f"cpor_cases:{page}")).content.decode()

    assert str(case.full_number) not in text
    assert str(case.public_id) not in text


def test_the_choice_of_a_case_does_not_lead_to_it(client, litigant, case):
    client.force_login(litigant)

    assert client.get(reverse("cpor_cases:cases"), {"case": case.public_id}).status_code == 404


def test_the_calendar_does_not_tell_of_it(client, litigant, case):
    key = calendar_feeds.make_address(account=litigant, title="case_number")

    feed = client.get(reverse("cpor_cases:hearings"), {"key": key})

    assert feed.status_code == 200
    assert b"BEGIN:VEVENT" not in feed.content


def test_the_download_does_not_hold_it(litigant, case):
    with (
        closing(data_export.archive_of(litigant)) as file,
        zipfile.ZipFile(io.BytesIO(file.read())) as archive,
    ):
        text = "".join(archive.read(name).decode() for name in archive.namelist())

    assert str(case.full_number) not in text


def test_the_list_of_mails_is_not_opened_for_it(client, litigant, case):
    client.force_login(litigant)

    assert client.get(reverse("cpor_cases:mails"), {"case": case.public_id}).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_stops_its_mails_is_not_found(client, litigant, case, method):
    for right in case.accesses.all():
        before = right.mail_preference

        assert getattr(client, method)(unsubscribe_path(litigant.pk, right.pk)).status_code == 404

        right.refresh_from_db()
        assert right.mail_preference == before


def test_a_closed_account_has_no_link_left(client, litigant):
    factories.make_access(litigant)
    accounts_closing.close(account=litigant)

    for method in (client.get, client.post):
        assert method(unsubscribe_path(litigant.pk)).status_code == 404


def test_every_address_with_a_case_in_it_is_in_this_table():
    from cpor_cases.urls import urlpatterns

    named = {pattern.name for pattern in urlpatterns if "public_id" in str(pattern.pattern)}

    assert {f"cpor_cases:{name}" for name in named} == {name for name, _methods in PAGES.values()}
