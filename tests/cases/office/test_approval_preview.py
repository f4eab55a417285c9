"""What the decision page says an approval would tell the applicant."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import applications
from cpor_cases.mail import bounces, check_codes, delivery
from cpor_cases.models import Activation, Application, BouncedAddress, OutgoingMail
from cpor_cases.office.applications.previews import ApprovalPreview
from tests.factories import make_application, make_role, make_user

pytestmark = pytest.mark.django_db


def preview_of(office, application):
    page = office.get(reverse("office_applications:inspect", args=[application.pk]))
    return page.context["preview"], page.content.decode()


@pytest.mark.parametrize("language", ["zh-hant", "en"])
@pytest.mark.parametrize("is_active", [False, True])
def test_preview_is_the_mail_that_an_approval_sends(office, court, clerk, language, is_active):
    if is_active:
        make_user(email="wang@example.com", language=language)
    application = make_application(court, by=clerk, language=language)
    preview, page = preview_of(office, application)
    shown = preview.mails[0]

    applications.approve(application=application, by=clerk, same_person=True)
    delivery.deliver_all()

    [sent_mail] = mail.outbox
    assert preview.kind == OutgoingMail.objects.get().kind
    assert (shown["subject"], shown["language"]) == (sent_mail.subject, language)
    alike = [
        (line, sent)
        for line, sent in zip(shown["text"].splitlines(), sent_mail.body.splitlines(), strict=True)
        if line != sent and check_codes.EXAMPLE not in line
    ]
    [(blanked, link)] = alike  # the link alone is another one
    assert "…" in blanked
    assert link.startswith(blanked.partition("…")[0])


def test_both_languages_are_shown_the_one_that_goes_out_first(office, court, clerk):
    preview, page = preview_of(office, make_application(court, by=clerk, language="en"))

    assert [shown_mail["language"] for shown_mail in preview.mails] == ["en", "zh-hant"]
    assert all(shown_mail["text"].splitlines()[0] in page for shown_mail in preview.mails)


def test_account_that_is_there_already_keeps_its_language(office, court, clerk):
    make_user(email="wang@example.com", language="en")

    preview, _page = preview_of(office, make_application(court, by=clerk, language="zh-hant"))

    assert preview.mails[0]["language"] == "en"


def test_activation_names_neither_person_nor_case(office, court, clerk):
    application = make_application(court, by=clerk)

    texts = [shown_mail["text"] for shown_mail in preview_of(office, application)[0].mails]

    for text in texts:
        assert application.applicant_name not in text
        assert str(application.case.full_number) not in text


def test_no_mail_is_shown_while_the_link_is_locked(office, court, clerk):
    applications.approve(application=make_application(court, by=clerk), by=clerk)
    Activation.objects.update(locked_at=timezone.now(), wrong_names=5)
    OutgoingMail.objects.all().delete()
    application = make_application(court, by=clerk)

    preview, _page = preview_of(office, application)

    assert preview.mails == []
    applications.approve(application=application, by=clerk)
    assert not OutgoingMail.objects.exists()


def test_nothing_is_written_by_looking(office, court, clerk):
    preview_of(office, make_application(court, by=clerk))

    assert not OutgoingMail.objects.exists()
    assert not Activation.objects.exists()
    assert Application.objects.get().is_pending


def test_what_cannot_be_approved_has_no_preview(office, court, clerk):
    _preview, page = preview_of(
        office, make_application(court, by=clerk, role=make_role("證人", is_entitled=False))
    )

    assert 'class="office-preview"' not in page


def test_every_kind_that_an_approval_sends_says_what_is_told(court, clerk):
    application = make_application(court, by=clerk)
    for account in (None, make_user()):
        preview = ApprovalPreview(application, account)

        assert preview.told
        assert preview.not_told


def test_address_that_bounces_is_said_so(office, court, clerk):
    bounces.mark("wang@example.com", answer="550 5.1.1", hardness=BouncedAddress.Hardness.HARD)

    preview, _page = preview_of(office, make_application(court, by=clerk))

    assert preview.does_bounce
