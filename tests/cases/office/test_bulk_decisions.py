"""Several applications decided alike."""

import html

import pytest
from django.urls import reverse

from cpor_cases.actions import applications
from cpor_cases.models import Application, OutgoingMail
from tests.factories import make_application, make_case, make_reason, make_user

pytestmark = pytest.mark.django_db

URL = "office_applications:bulk"
Kind = OutgoingMail.Kind


@pytest.fixture
def three(court):
    return [make_application(court, applicant_name=f"人{i}", email=f"p{i}@example.com") for i in range(3)]


def keys(applications):
    return [application.pk for application in applications]


def states():
    return sorted(Application.objects.values_list("status", flat=True))


def test_each_is_shown_before_anything_happens(office, three):
    context = office.get(reverse(URL), {"id": keys(three)}).context

    assert len(context["approvable"]) == 3
    assert states() == ["pending"] * 3


def test_all_are_approved_at_once(office, three):
    office.post(reverse(URL), {"id": keys(three), "action": "approve"})

    assert states() == ["approved"] * 3
    assert OutgoingMail.objects.count() == 3


def test_what_the_law_forbids_stays_pending_and_does_not_stop_the_others(office, court, three):
    forbidden = make_application(court, email="")

    context = office.get(reverse(URL), {"id": keys([*three, forbidden])}).context
    office.post(reverse(URL), {"id": keys([*three, forbidden]), "action": "approve"})

    assert [check_results.application_id for check_results in context["others"]] == [forbidden.pk]
    assert states() == ["approved"] * 3 + ["pending"]


def test_what_needs_a_review_is_not_offered_together(office, court, three):
    case = make_case(court)
    twice = [make_application(case=case, applicant_name="李", email=f"{n}@example.com") for n in "ab"]
    slip = make_application(court, email="x@gmial.com")

    context = office.get(reverse(URL), {"id": keys([*three, *twice, slip])}).context

    assert len(context["approvable"]) == 3
    assert len(context["others"]) == 3


def test_all_are_refused_for_one_reason(office, three):
    reason = make_reason()

    assert office.post(reverse(URL), {"id": keys(three), "action": "refuse"}).context["refusal_form"].errors

    office.post(reverse(URL), {"id": keys(three), "action": "refuse", "reason": reason.pk})
    assert states() == ["refused"] * 3
    assert not OutgoingMail.objects.exists()


def test_applications_of_another_court_are_not_among_them(office, other_court, three):
    elsewhere = make_application(other_court)

    office.post(reverse(URL), {"id": [*keys(three), elsewhere.pk, "x"], "action": "approve"})

    elsewhere.refresh_from_db()
    assert elsewhere.is_pending


def test_both_kinds_of_mail_are_shown_in_both_languages_before_all_are_approved(office, court, clerk, three):
    make_user("active", email="active@example.com")
    earlier = make_application(court, email="active@example.com")
    # The account carries the name from then on.
    applications.approve(application=earlier, by=clerk, same_person=True)
    OutgoingMail.objects.all().delete()
    known = make_application(court, email="active@example.com")

    answer = office.get(reverse(URL), {"id": keys([*three, known])})

    found = {preview.kind: (count, len(preview.mails)) for preview, count in answer.context["previews"]}
    assert found == {Kind.ACTIVATION: (3, 2), Kind.CASE_ADDED: (1, 2)}
    page = answer.content.decode()
    for preview, _count in answer.context["previews"]:
        for mail in preview.mails:
            assert f'lang="{mail["language"]}"' in page
            assert mail["subject"] in html.unescape(page)
    assert not OutgoingMail.objects.exists()
