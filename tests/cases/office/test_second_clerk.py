"""Two clerks have the same screen open: the second is told what the first did, and nothing is done twice."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cpor_cases.models import Application, CourtLogEntry, OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(court) -> list[Client]:
    """Two clerks of one court, each logged in."""
    clients = []
    for name in ("一號書記官", "二號書記官"):
        client = Client()
        client.force_login(factories.make_clerk(court, first_name=name))
        clients.append(client)
    return clients


def messages_of(response) -> list[str]:
    return [str(message).strip() for message in response.context["messages"]]


@pytest.mark.parametrize("second", ["approve", "refuse"])
def test_an_application_is_decided_by_the_first_alone(two, court, second):
    paper = factories.make_application(court)
    reason = factories.make_reason()
    for client in two:
        assert client.get(reverse("office_applications:inspect", args=[paper.pk])).status_code == 200

    two[0].post(reverse("office_applications:approve", args=[paper.pk]), {})
    answer = two[1].post(
        reverse(f"office_applications:{second}", args=[paper.pk]), {"reason": reason.pk}, follow=True
    )

    assert messages_of(answer) == ["一號書記官 已就此聲請作成決定：已核准。"]
    paper.refresh_from_db()
    assert paper.status == Application.Status.APPROVED
    assert OutgoingMail.objects.count() == 1
    assert CourtLogEntry.objects.filter(action="cpor_cases.application.approve").count() == 1


def test_that_a_person_was_told_is_noted_once(two, court, litigant):
    notice = factories.make_notice(factories.make_access(litigant, factories.make_case(court)))
    url = reverse("office_hearing_notices:inspect", args=[notice.pk])
    told_at = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    for client in two:
        assert client.get(url).status_code == 200

    two[0].post(url, {"told_at": told_at})
    answer = two[1].post(url, {"told_at": told_at}, follow=True)

    [said] = messages_of(answer)
    assert said.startswith("一號書記官已登記於民國")
    notice.refresh_from_db()
    assert notice.told_by.first_name == "一號書記官"
    assert CourtLogEntry.objects.filter(action="cpor_cases.hearing.tell").count() == 1
    assert "一號書記官已登記於民國" in two[1].get(url).content.decode()


def test_a_clerk_is_told_when_the_email_of_a_later_approval_leaves(client, court, clerk):
    person = factories.make_user("wang", email="wang@example.com")
    client.force_login(clerk)
    papers = [factories.make_application(court, email=person.email) for _ in range(2)]
    answers = []
    for paper in papers:
        url = reverse("office_applications:approve", args=[paper.pk])
        answers.append(client.post(url, {"same_person": "on"}, follow=True))
        OutgoingMail.objects.waiting().update(state="sent", ended_at=timezone.now())

    first, second = (" ".join(messages_of(answer)) for answer in answers)
    assert "18:00" not in first
    assert "通知信將於 18:00 與今日核准的其他案件一併寄出" in second
