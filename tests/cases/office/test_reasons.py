"""The list of reasons for refusal: kept by who watches over the service."""

import pytest
from django.urls import NoReverseMatch, reverse

from cpor_cases.actions import applications
from cpor_cases.models import Application, RefusalReason
from cpor_core import reference
from cpor_core.translated.fields import text_in, texts
from tests.factories import make_application, make_clerk, make_reason

pytestmark = pytest.mark.django_db

INDEX, ADD = reverse("office_reasons:index"), reverse("office_reasons:add")
WORDS = {"name_zh-hant": "資料不全", "name_en": "Form incomplete"}


def edit_url(reason):
    return reverse("office_reasons:edit", args=[reason.pk])


@pytest.fixture
def overseer(client, court):
    person = make_clerk(court, group="Service managers")
    client.force_login(person)
    return client


def offered(client, application):
    page = client.get(reverse("office_applications:inspect", args=[application.pk]))
    return list(page.context["refusal_form"].fields["reason"].queryset)


def test_reason_that_was_added_can_be_given(overseer, client, court, clerk):
    overseer.post(ADD, WORDS)
    reason = RefusalReason.objects.get(name__en="Form incomplete")
    application = make_application(court, by=clerk)

    client.force_login(clerk)
    assert reason in offered(client, application)
    client.post(reverse("office_applications:refuse", args=[application.pk]), {"reason": reason.pk})

    assert Application.objects.get().refusal_reason == reason


def test_retired_reason_can_no_longer_be_given_and_stays_where_it_was(overseer, client, court, clerk):
    reason, application = make_reason(), make_application(court, by=clerk)
    applications.refuse(application=application, by=clerk, reason=reason)
    names = {f"name_{code}": text for code, text in texts(reason, "name").items()}

    overseer.post(edit_url(reason), names | {"is_retired": "on"})

    client.force_login(clerk)
    waiting = make_application(court, by=clerk)
    assert reason not in offered(client, waiting)
    client.post(reverse("office_applications:refuse", args=[waiting.pk]), {"reason": reason.pk})
    waiting.refresh_from_db()
    application.refresh_from_db()
    assert (waiting.status, application.refusal_reason) == ("pending", reason)


def test_reason_that_was_given_is_not_reworded(overseer, court, clerk):
    reason = make_reason()
    applications.refuse(application=make_application(court, by=clerk), by=clerk, reason=reason)

    overseer.post(edit_url(reason), WORDS)

    reason.refresh_from_db()
    assert text_in(reason, "name", "en") != "Form incomplete"


def test_reason_not_given_yet_is_reworded(overseer):
    reason = make_reason()

    overseer.post(edit_url(reason), WORDS)

    reason.refresh_from_db()
    assert (reason.name, reason.code) == ("資料不全", "role_not_entitled")


def test_nobody_deletes_a_reason(client, admin_user):
    reason = make_reason()
    client.force_login(admin_user)

    page = client.get(edit_url(reason))

    assert page.status_code == 200
    assert "delete" not in page.content.decode()
    with pytest.raises(NoReverseMatch):
        reverse("office_reasons:delete", args=[reason.pk])


@pytest.mark.parametrize("group", ["Clerks", "Court managers"])
def test_list_is_closed_to_those_of_one_court(client, court, group):
    reason = make_reason()
    client.force_login(make_clerk(court, group=group))

    for url in (INDEX, ADD, edit_url(reason)):
        client.post(url, WORDS)
        assert client.get(url).status_code in {302, 403}
    assert not RefusalReason.objects.filter(name__en="Form incomplete").exists()


def test_list_counts_how_often_each_was_given(overseer, court, clerk, django_assert_max_num_queries):
    reason = make_reason()
    for _time in range(3):
        applications.refuse(application=make_application(court, by=clerk), by=clerk, reason=reason)

    [row] = overseer.get(INDEX).context["object_list"]

    assert row.times_given == 3


def test_packaged_reasons_come_back_neither_reworded_nor_unretired():
    reference.load_all()
    RefusalReason.objects.filter(code="other").update(is_retired=True, name={"en": "Something else"})

    reference.load_all()

    kept = RefusalReason.objects.get(code="other")
    assert (kept.is_retired, kept.name) == (True, "Something else")
