"""Rule 6: every new, corrected or withdrawn entry is announced, once per person and batch."""

import pytest
from django.core import mail

from cpor_cases.actions import access
from cpor_cases.mail import delivery
from cpor_cases.models import CaseAccess, OutgoingMail
from tests import factories
from tests.support.imports import take

pytestmark = pytest.mark.django_db


def told():
    mail.outbox.clear()
    delivery.deliver.call_local()
    return sorted(message.to[0] for message in mail.outbox)


def test_a_new_a_corrected_and_a_withdrawn_entry_are_each_announced(litigant, case):
    factories.make_access(litigant, case)
    row = factories.row(case)

    for sent in (row, row | {"detail": "更正後"}, row | {"withdrawn": "1"}):
        take(sent)
        assert told() == [litigant.email]


def test_a_mail_says_what_was_corrected_and_withdrawn_in_chinese_signs(litigant, case):
    factories.make_access(litigant, case, mails_show_entry=True)
    row = factories.row(case)

    for sent, words in ((row, "判決"), (row | {"detail": "更正後"}, "判決 · 更正：更正後")):
        take(sent)
        told()
        assert words in mail.outbox[0].body
    take(row | {"withdrawn": "1"})
    told()
    assert "判決 · 撤銷" in mail.outbox[0].body
    assert "<strong>判決</strong> · 撤銷" in " ".join(mail.outbox[0].alternatives[0].content.split())


def test_the_same_file_again_changes_nothing_and_mails_no_one(litigant, case):
    factories.make_access(litigant, case)
    rows = [factories.row(case), factories.row(case, withdrawn="1")]
    take(*rows)
    told()

    run = take(*rows)

    assert run.rows_unchanged == 2
    assert told() == []


def test_five_entries_in_one_import_are_one_mail(litigant, case):
    other = factories.make_case(case.court)
    for each in (case, other):
        factories.make_access(litigant, each)

    take(*(factories.row(each) for each in (case, other, case, other, case)))

    assert told() == [litigant.email]
    assert str(case.full_number) in mail.outbox[0].body
    assert str(other.full_number) in mail.outbox[0].body


def test_everyone_who_may_see_the_case_is_told_and_nobody_else(litigant, other_litigant, case):
    lawyer = factories.make_user("lawyer")
    factories.make_access(litigant, case)
    factories.make_access(lawyer, case)
    factories.make_access(other_litigant)

    take(factories.row(case))

    assert told() == sorted([litigant.email, lawyer.email])


def test_an_inactive_account_is_not_told(case):
    inactive = factories.make_user("inactive", is_active=False)
    factories.make_access(inactive, case)

    take(factories.row(case))

    assert told() == []


def test_by_default_the_mail_says_which_case_and_not_what(litigant, case):
    factories.make_access(litigant, case)

    take(factories.row(case, detail="原告之訴駁回"))
    told()

    [message] = mail.outbox
    assert str(case.full_number) in message.body
    for content in (message.body, message.alternatives[0].content):
        assert "原告之訴駁回" not in content
        assert "判決" not in content
    assert str(case.full_number) not in message.subject


def test_the_entry_is_shown_to_those_who_asked_for_that(litigant, case):
    factories.make_access(litigant, case, mails_show_entry=True)

    take(factories.row(case, detail="原告之訴駁回"))
    told()

    assert "原告之訴駁回" in mail.outbox[0].body
    assert "原告之訴駁回" in mail.outbox[0].alternatives[0].content


def test_those_who_want_no_mails_are_not_told(litigant, case):
    factories.make_access(litigant, case, mail_preference=CaseAccess.MailPreference.NONE)

    take(factories.row(case))

    assert told() == []


def test_an_entry_withdrawn_before_anybody_saw_it_is_kept_and_not_announced(litigant, case):
    factories.make_access(litigant, case)

    run = take(factories.row(case, withdrawn="是"))

    assert run.rows_withdrawn == 1
    assert told() == []


def test_a_person_who_may_no_longer_see_the_case_when_the_mail_leaves_gets_none(litigant, clerk, case):
    right = factories.make_access(litigant, case)
    take(factories.row(case))

    access.revoke(access=right, by=clerk)

    assert told() == []
    assert OutgoingMail.objects.get().state == OutgoingMail.State.DROPPED


def test_a_person_whose_account_was_closed_meanwhile_gets_none(litigant, case):
    factories.make_access(litigant, case)
    take(factories.row(case))

    litigant.is_active = False
    litigant.save()

    assert told() == []


def test_those_who_want_only_hearings_and_decisions_are_told_of_these_alone(litigant, case):
    factories.make_kind("paper_filed", name_zh="收狀", stage="filing")
    factories.make_kind("decided", name_zh="裁判", stage="disposition")
    right = factories.make_access(litigant, case, mail_preference=CaseAccess.MailPreference.IMPORTANT)

    take(factories.row(case, kind="paper_filed"))
    assert told() == []
    take(factories.row(case, kind="decided"))
    assert told() == [litigant.email]
    take(factories.row(case, kind="paper_filed", hearing_at="2026-12-24T09:30"))
    assert told() == [litigant.email]

    take(factories.row(case, kind="decided"))
    CaseAccess.objects.filter(pk=right.pk).update(mail_preference=CaseAccess.MailPreference.NONE)
    assert told() == []
