"""A mail is one class: whatever else must know of it is derived from that class."""

import pytest
from django.utils import timezone, translation

from cpor_cases.actions import mail_preferences
from cpor_cases.mail import delivery, links, outbox, rendering
from cpor_cases.mail.messages import MESSAGES, account_notices, kinds_that
from cpor_cases.mail.messages.base import Message
from cpor_cases.models import Litigant, OutgoingMail
from cpor_cases.models.mail_kinds import KINDS
from cpor_cases.office.mails.filters import MailFilterSet
from cpor_cases.office.mails.views import preview_of
from cpor_cases.views.settings import AccountMailForm
from tests import factories

State = OutgoingMail.State


@pytest.fixture
def survey():
    """A mail that is defined nowhere but here, with the templates of another."""

    class Survey(Message):
        kind = "survey"
        label = "survey of the court"
        priority = 5
        can_be_switched_off = True
        choice_label = "Ask me how the court works"
        is_previewed = True
        template = "case_added"

        def get_context(self):
            return {"case": {"court": "法院", "full_number": "1"}, "url": links.to_page("cpor_cases:cases")}

    yield Survey
    del MESSAGES["survey"]
    KINDS.unregister("survey")


@pytest.fixture
def posted(survey, litigant, court, db):
    return outbox.post(OutgoingMail.Kind.SURVEY, account=litigant, court=court)


def choose(account, **chosen):
    form = AccountMailForm(
        {"mail_preference": "at_once", "digest_hour": "18", "reminder_days": "7,1", "language": "en"}
        | chosen,
        instance=Litigant(account=account),
    )
    assert form.is_valid(), form.errors
    form.save()
    account.refresh_from_db()


def test_its_kind_is_known_to_the_queue_and_to_the_filter_of_the_office(posted):
    assert posted.get_kind_display() == "survey of the court"
    assert posted.priority == 5
    kinds = MailFilterSet.base_filters["kind"].extra["choices"]()
    assert ("survey", "survey of the court") in kinds


def test_a_clerk_may_read_it(posted):
    assert "法院" in preview_of(posted)["text"]


def test_it_is_delivered_with_a_link_that_ends_it(posted, mailoutbox):
    assert delivery.deliver_all() == 1

    assert mailoutbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    posted.refresh_from_db()
    assert posted.state == State.SENT


def test_who_switches_it_off_in_the_settings_gets_none(posted, mailoutbox):
    assert AccountMailForm(instance=Litigant(account=posted.account))["mail_survey"].initial is True
    choose(posted.account)

    assert delivery.deliver_all() == 0

    posted.refresh_from_db()
    assert posted.state == State.DROPPED


def test_who_leaves_it_on_gets_it(posted, mailoutbox):
    choose(posted.account, mail_survey="on")

    assert delivery.deliver_all() == 1


def test_one_click_ends_it(posted):
    Litigant.objects.store(posted.account, mail_preference="none", reminders=False)

    assert mail_preferences.stop(posted.account)
    assert not mail_preferences.stop(posted.account)

    assert rendering.render(OutgoingMail.objects.get(pk=posted.pk)) is None


def test_each_kind_says_what_it_is():
    about_accounts = {"activation", "password_reset", "account_notice", "email_confirmation", "email_changed"}
    about_cases = {"progress", "digest", "hearing_reminder", "query_ending"}
    bound = {
        "email_confirmation",
        "email_changed",
        "second_factor_link",
        "staff_invitation",
        "petition_code",
    }
    assert kinds_that("can_be_switched_off") >= about_cases
    assert not kinds_that("can_be_switched_off") & (about_accounts | bound)
    assert kinds_that("is_of_the_moment") == {
        "password_reset",
        "petition_code",
        "court_late",
        "court_late_op",
        "manifest_differs",
    }
    assert kinds_that("is_bound_to_its_address") == bound
    assert kinds_that("is_previewed") >= about_cases | {"activation", "case_added"}
    assert not kinds_that("is_previewed") & (bound | {"password_reset", "account_notice"})
    assert set(KINDS) == set(MESSAGES)
    assert max(map(len, MESSAGES)) <= OutgoingMail._meta.get_field("kind").max_length


def test_a_kind_that_nobody_registered_is_unknown():
    with pytest.raises(AttributeError, match="TELEGRAM"):
        OutgoingMail.Kind.TELEGRAM  # noqa: B018


NOTICES = sorted(filter(None, account_notices.NOTICES))


def post_notice(notice, litigant, court):
    about = {"notice": notice, "day": f"{timezone.localdate()}", "browser": "Firefox"}
    access = factories.make_access(litigant, factories.make_case(court))
    return OutgoingMail.objects.create(kind="account_notice", account=litigant, access=access, about=about)


@pytest.mark.django_db
@pytest.mark.parametrize("notice", NOTICES)
def test_every_notice_can_be_written(notice, litigant, court):
    mail = post_notice(notice, litigant, court)

    written = rendering.render(mail)

    assert written.subject == rendering.title_of(mail)
    assert written.subject in written.body
    assert "http" in written.body


@pytest.mark.django_db
@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_that_advises_a_new_password_links_to_the_page_that_sets_it(notice, litigant, court):
    Litigant.objects.store(litigant, language="en")
    reset = links.absolute("/en/accounts/password/reset/")

    written = rendering.render(post_notice(notice, litigant, court))

    for text in (written.body, written.html):
        assert ("set a new password" in " ".join(text.split())) <= (reset in text)


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_each_notice_is_called_by_what_it_tells(language):
    with translation.override(language):
        labels = [
            OutgoingMail(kind="account_notice", about={"notice": each}).get_kind_display() for each in NOTICES
        ]

    assert len(set(labels)) == len(NOTICES)
    assert str(account_notices.AccountNotice.label) not in labels
