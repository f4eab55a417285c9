"""Rule 9: every action in the office is on record with who, when and what; so is each view of a person
at a case. Names and addresses are not in it, and are kept no longer than needed (tests/cases/actions/test_retention)."""

import datetime as dt
import json
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from cpor_cases.actions import (
    access,
    account_activation,
    application_addresses,
    applications,
    calendar_feeds,
    retention,
    view_log,
)
from cpor_cases.manifests.canonical import NOTHING
from cpor_cases.models import (
    Activation,
    Application,
    CaseAccess,
    CourtClosure,
    CourtLogEntry,
    IncomingFile,
    OutgoingMail,
    RefusalReason,
    RejectionGroup,
)
from cpor_cases.office.audit.log_actions import ACTIONS
from cpor_cases.office.cases.forms import RevocationForm, WithdrawalForm
from cpor_core.models import ClerkPost
from tests import factories
from tests.support.made_petitions import make_petition
from tests.support.office import TABLE

pytestmark = pytest.mark.django_db

NAME, ADDRESS = "歐陽慕容", "muyung@mail.example"
HEARING = timezone.now().replace(microsecond=0) + dt.timedelta(days=9)
TYPED = {"recorded_at": "115/09/24", "kind": "judgment", "detail": "", "hearing_at": "", "courtroom": ""}


@pytest.fixture
def play(court, clerk):
    """A court at work: one row for each action, all of one person."""
    factories.make_word("訴")
    factories.make_kind("judgment")
    return Play(court, clerk)


class Play:
    def __init__(self, court, clerk):
        self.court, self.clerk = court, clerk
        self.manager = factories.make_clerk(court, group="Court managers")

    def pending(self):
        return factories.make_application(self.court, by=self.clerk, applicant_name=NAME, email=ADDRESS)

    def refused(self):
        application = self.pending()
        applications.refuse(application=application, by=self.clerk, reason=factories.make_reason())
        return application

    def granted(self):
        return applications.approve(application=self.pending(), by=self.clerk)

    def case(self):
        return factories.make_case(self.court)

    def entry(self, **over):
        run = factories.make_run(court=self.court, source="typed")
        return factories.make_entry(self.case(), changed_in=run, **over)

    def held(self):
        return self.entry(held_until=timezone.now() + dt.timedelta(minutes=5))

    def unclear(self):
        """An entry that calls off one of two hearings, and says not which."""
        case, run = self.case(), factories.make_run(court=self.court)
        for hour in (1, 2):
            hearing_at = HEARING + dt.timedelta(hours=hour)
            factories.make_entry(case, "hearing_set", changed_in=run, hearing_at=hearing_at)
        return factories.make_entry(case, "hearing_cancelled", changed_in=run)

    def mail(self):
        self.granted()
        OutgoingMail.objects.update(state="failed", ended_at=timezone.now(), last_answer="550 no")
        return OutgoingMail.objects.get()

    def activation(self):
        self.granted()
        return Activation.objects.get()

    def upload(self, state=IncomingFile.State.READY, **over):
        facts = {"court": self.court, "clerk": self.clerk, "file_name": "export.csv"}
        return IncomingFile.objects.create(state=state, **facts | over)

    def running(self):
        run = factories.make_run(court=self.court, source="upload", state="running", ended_at=None)
        self.upload(IncomingFile.State.IMPORTING, run=run)
        return run

    def rejections(self, code, **over):
        """An import and the code of what it rejected, as an address names the two."""
        run = factories.make_run(court=self.court, rows_read=1, rows_rejected=1)
        RejectionGroup.objects.create(run=run, code=code, rows=1, **over)
        return [run, SimpleNamespace(pk=code)]

    def closure(self):
        today = timezone.localdate()
        return CourtClosure.objects.create(court=self.court, first_day=today, last_day=today, reason="颱風")

    def petition(self):
        return make_petition(self.court, applicant_name=NAME, address=ADDRESS, number=None)

    def paper(self, **over):
        return {
            "court": self.court.pk,
            "category": "civil",
            "case_number": "115訴7001",
            "applicant_name": NAME,
            "role": factories.make_role().pk,
            "email": ADDRESS,
            "email_again": ADDRESS,
            "language": "zh-hant",
            "received_on": "115/09/24",
            "receipt_number": "R-1",
        } | over


# Address, what is typed there, the action as the log calls it. A row's own address is made of the row.
ACTIONS_ON_RECORD = {
    "office_applications:add": (lambda play: [], lambda play: play.paper(), "wagtail.create"),
    "office_applications:petition": (
        lambda play: [play.petition()],
        lambda play: play.paper(),
        "wagtail.create",
    ),
    "office_applications:edit": (
        lambda play: [play.pending()],
        lambda play: play.paper(email="", email_again=""),
        "application.edit",
    ),
    "office_applications:approve": (lambda play: [play.pending()], lambda play: {}, "application.approve"),
    "office_applications:refuse": (
        lambda play: [play.pending()],
        lambda play: {"reason": factories.make_reason().pk},
        "application.refuse",
    ),
    "office_applications:take_back": (
        lambda play: [play.refused()],
        lambda play: {},
        "application.take_back_refusal",
    ),
    "office_applications:decide_again": (
        lambda play: [play.refused()],
        lambda play: {},
        "application.decide_again",
    ),
    "office_applications:bulk": (
        lambda play: [],
        lambda play: {"id": [play.pending().pk], "action": "approve"},
        "application.approve",
    ),
    "office_applications:readdress": (
        lambda play: [play.granted().application],
        lambda play: {"email": "right@mail.example", "email_again": "right@mail.example"},
        "application.readdress",
    ),
    "office_hearing_notices:inspect": (
        lambda play: [factories.make_notice(play.granted())],
        lambda play: {"told_at": f"{timezone.localtime():%Y-%m-%d}"},
        "hearing.tell",
    ),
    "office_activations:unlock": (lambda play: [play.activation()], lambda play: {}, "activation.unlock"),
    "office_cases:record_entry": (lambda play: [play.case()], lambda play: TYPED, "entry.record"),
    "office_cases:correct_entry": (
        lambda play: [play.entry()],
        lambda play: TYPED | {"detail": "更正"},
        "entry.correct",
    ),
    "office_cases:withdraw_entry": (
        lambda play: [play.entry()],
        lambda play: {"reason": "別案"},
        "entry.withdraw",
    ),
    "office_cases:choose_hearing": (
        lambda play: [play.unclear()],
        lambda play: {"hearing": (HEARING + dt.timedelta(hours=1)).isoformat()},
        "entry.choose_hearing",
    ),
    "office_cases:publish_entry": (lambda play: [play.held()], lambda play: {}, "entry.publish"),
    "office_cases:revoke_access": (
        lambda play: [play.granted()],
        lambda play: {"reason": "mandate_ended"},
        "access.revoke",
    ),
    "office_cases:transfer": (lambda play: [play.case()], lambda play: {"division": "孝"}, "case.transfer"),
    "office_cases:merge_into": (lambda play: [play.case(), play.case()], lambda play: {}, "case.merge"),
    "office_imports:upload": (
        lambda play: [],
        lambda play: {"court": play.court.pk, "file": SimpleUploadedFile("export.csv", b"a,b")},
        "upload.dry_run",
    ),
    "office_imports:dry_run": (lambda play: [play.upload()], lambda play: {}, "upload.take"),
    "office_imports:discard": (lambda play: [play.upload()], lambda play: {}, "upload.discard"),
    "office_imports:stop": (lambda play: [play.running()], lambda play: {}, "import.stop"),
    "office_imports:answer": (
        lambda play: play.rejections("missing"),
        lambda play: {"answer": "test"},
        "import.answer",
    ),
    "office_imports:take_back_answer": (
        lambda play: play.rejections("missing", answer="test", answered_at=timezone.now()),
        lambda play: {},
        "import.take_back_answer",
    ),
    "office_rhythms:edit": (
        lambda play: [play.court],
        lambda play: {"is_watched": "on", "set_times": "06:30", "tolerance_minutes": 45},
        "court.rhythm",
    ),
    "office_rhythms:close": (
        lambda play: [play.court],
        lambda play: {"first_day": "115/12/01", "last_day": "115/12/02", "reason": "颱風"},
        "court.close",
    ),
    "office_manifests:upload": (
        lambda play: [],
        lambda play: {
            "court": play.court.pk,
            "file": SimpleUploadedFile("m.csv", f"day,entries,digest\n2026-09-24,0,{NOTHING}\n".encode()),
        },
        "court.manifest",
    ),
    "office_rhythms:reopen": (lambda play: [play.closure()], lambda play: {}, "court.reopen"),
    "office_mails:send_again": (lambda play: [play.mail()], lambda play: {}, "mail.repeat"),
    "office_mails:bulk": (lambda play: [], lambda play: {"id": [play.mail().pk]}, "mail.repeat"),
    "office_posts:add": (
        lambda play: [],
        lambda play: {
            "court": play.court.pk,
            "person": factories.make_clerk(factories.make_court("SLD")).username,
        },
        "post.assign",
    ),
    "office_posts:remove": (
        lambda play: [ClerkPost.objects.get(user=factories.make_clerk(play.court))],
        lambda play: {},
        "post.remove",
    ),
    "office_courts:edit": (lambda play: [play.court], lambda play: {"phone": "02-2314-6871"}, "court.edit"),
    "office_staff:add": (
        lambda play: [],
        lambda play: {
            "email": "new@court.example",
            "last_name": "新",
            "role": Group.objects.get(name="Clerks").pk,
            "court": play.court.pk,
        },
        "staff.invite",
    ),
    "office_staff:again": (
        lambda play: [factories.make_invitation(play.court)],
        lambda play: {},
        "staff.invite",
    ),
    "office_staff:withdraw": (
        lambda play: [factories.make_invitation(play.court)],
        lambda play: {},
        "staff.withdraw",
    ),
    "office_tokens:add": (
        lambda play: [],
        lambda play: {"court": play.court.pk, "label": "審判系統"},
        "token.issue",
    ),
    "office_tokens:revoke": (
        lambda play: [factories.make_token(play.court)[0]],
        lambda play: {},
        "token.revoke",
    ),
}
# A search is posted, so that no address holds it; what it showed is a view.
SEARCHES = {
    f"office_{name}:index"
    for name in ("activations", "applications", "audit", "calls", "cases", "mails", "staff")
}
SEARCHES |= {"office_applications:check", "office_applications:scan"}
# What is done about an account of staff is on record at each of its posts (tests/cases/accounts/test_security_audit, test_staff_…).
ABOUT_STAFF = {f"office_staff:{name}" for name in ("end", "invite", "leave", "rename", "reset")}
# It asks which case stays, and leads on to the page where the action is done.
ONLY_ASKS = {"office_cases:merge"}
# Wagtail's own page of the account: language and avatar of whoever is logged in, nothing of a court.
OWN_ACCOUNT = {"office_account"}
# They belong to no court: Wagtail's own log of them is read on their history page.
OF_THE_SERVICE = {"office_reasons:add", "office_reasons:edit"}
# Done by the person, the clock or a machine, or at several addresses: their own tests tell.
OF_OTHERS = {
    "petition.inspect",
    "session.end",
    "hearing.known",
    "factor.enrol",
    "staff.end",
    "staff.join",
    "factor.invite",
    "factor.reset",
    "access.grant",
    "access.leave",
    "activation.activate",
    "activation.lock",
    "account.close",
    "case.view",
    "case.make",
    "case.inspect",
    "application.inspect",
    "activation.inspect",
    "mail.inspect",
    "import.inspect",
    "account.inspect",
    "rows.view",
    "import.run",
    "import.fetch_rejected",
    "office.export",
    "court.fetch_audit",
}
VIEWS_IN_OFFICE = {"cpor_cases.case.inspect", "cpor_cases.application.inspect"}


def full_name(action: str) -> str:
    return action if action.startswith("wagtail.") else f"cpor_cases.{action}"


def test_no_action_of_the_office_is_missing_here():
    lines = [line.split() for line in TABLE.splitlines() if line.startswith("office_")]
    taking = {name for name, who in lines if set(who) & set("wp")}

    assert (
        taking == set(ACTIONS_ON_RECORD) | ONLY_ASKS | OWN_ACCOUNT | OF_THE_SERVICE | SEARCHES | ABOUT_STAFF
    )
    assert (
        set(ACTIONS)
        == {action for *_facts, action in ACTIONS_ON_RECORD.values()} - {"wagtail.create"} | OF_OTHERS
    )


@pytest.mark.parametrize("name", ACTIONS_ON_RECORD)
def test_action_is_on_record_with_who_when_what_and_where_and_without_a_name(client, play, name):
    make_rows, make_typed, action = ACTIONS_ON_RECORD[name]
    url = reverse(name, args=[row.pk for row in make_rows(play)])
    typed = make_typed(play)
    before, start = set(CourtLogEntry.objects.values_list("pk", flat=True)), timezone.now()
    client.force_login(play.manager)

    answer = client.post(url, typed)

    assert answer.status_code in {200, 302}, answer
    new = CourtLogEntry.objects.exclude(pk__in=before)
    [entry] = new.filter(action=full_name(action))
    assert (entry.user, entry.court) == (play.manager, play.court)
    assert start <= entry.timestamp <= timezone.now()
    assert entry.label
    for written in new:
        told = f"{written.label} {json.dumps(written.data, ensure_ascii=False)}"
        assert NAME not in told
        assert ADDRESS not in told


@pytest.mark.parametrize(
    "path",
    [
        lambda right: "/cases/",
        lambda right: f"/cases/{right.case.public_id}/",
        lambda right: f"/cases/{right.case.public_id}/sheet/",
    ],
    ids=["list", "page", "sheet"],
)
def test_each_view_of_a_case_is_on_record_under_its_number(client, litigant, court, path):
    right = factories.make_access(litigant, factories.make_case(court))
    client.force_login(litigant)

    for _each in range(2):
        assert client.get(path(right)).status_code == 200

    views = CourtLogEntry.objects.filter(action="cpor_cases.case.view")
    assert [(view.user, view.court, view.object_id) for view in views] == [
        (litigant, court, str(right.case.pk))
    ] * 2
    assert all(str(right.case.full_number) in view.label for view in views)


def test_renaming_an_account_changes_no_entry(client, play):
    play.clerk.last_name, play.clerk.first_name = "陳", "美玲"
    play.clerk.save()
    applications.refuse(application=play.pending(), by=play.clerk, reason=factories.make_reason())
    client.force_login(play.manager)

    get_user_model().objects.filter(pk=play.clerk.pk).update(
        username="somebody", last_name="張", first_name="三"
    )
    page = client.get(reverse("office_audit:index")).content.decode()
    file = client.get(reverse("office_audit:export", args=["csv"])).content.decode("utf-8-sig")

    for told in (page, file):
        assert "陳美玲（clerk、書記官）" in told
        assert "張三" not in told
        assert "somebody" not in told


def test_litigant_who_takes_the_name_of_a_clerk_is_marked_a_litigant(client, play, litigant):
    get_user_model().objects.filter(pk=litigant.pk).update(username="陳書記官")
    litigant.refresh_from_db()
    right = factories.make_access(litigant, factories.make_case(play.court))
    view_log.log_case_views([right], by=litigant, opened=True)
    client.force_login(play.manager)

    page = client.get(reverse("office_audit:index")).content.decode()

    assert "陳書記官（當事人帳號）" in page


def test_names_of_an_account_are_blanked_in_one_statement(litigant, play, django_assert_num_queries):
    view_log.log_case_views([factories.make_access(litigant, play.case())], by=litigant, opened=True)

    with django_assert_num_queries(1):
        CourtLogEntry.objects.all().forget_actors(get_user_model().objects.filter(pk=litigant.pk))

    entry = CourtLogEntry.objects.get(user=litigant)
    assert (entry.actor_username, entry.user_display_name) == ("", f"#{litigant.pk}（當事人帳號）")


def test_who_may_not_see_a_case_leaves_no_view(client, litigant, other_litigant):
    right = factories.make_access(litigant)
    client.force_login(other_litigant)

    client.get(f"/cases/{right.case.public_id}/")

    assert not CourtLogEntry.objects.filter(action="cpor_cases.case.view").exists()


def views_in_office():
    found = CourtLogEntry.objects.filter(action__in=VIEWS_IN_OFFICE).order_by("pk")
    return [(view.action, view.user.username, view.object_id) for view in found]


def test_what_the_staff_opens_about_people_is_on_record_too(client, clerk, play):
    application = play.pending()
    client.force_login(clerk)

    client.get(reverse("office_cases:inspect", args=[application.case_id]))
    client.get(reverse("office_applications:inspect", args=[application.pk]))

    assert views_in_office() == [
        ("cpor_cases.case.inspect", "clerk", str(application.case_id)),
        ("cpor_cases.application.inspect", "clerk", str(application.pk)),
    ]


def test_answer_on_the_telephone_is_a_view_of_each_application_it_shows(client, clerk, play):
    application = play.pending()
    client.force_login(clerk)

    client.get(reverse("office_calls:index"), {"q": NAME}, follow=True)
    client.get(reverse("office_calls:index"), {"q": "沒有這個人"}, follow=True)

    assert views_in_office() == [("cpor_cases.application.inspect", "clerk", str(application.pk))]


def test_page_opened_again_after_an_action_is_the_same_view_and_another_persons_is_not(client, clerk, play):
    case = play.case()
    url = reverse("office_cases:inspect", args=[case.pk])
    for person in (clerk, clerk, play.manager):
        client.force_login(person)
        client.get(url)

    CourtLogEntry.objects.update(timestamp=timezone.now() - dt.timedelta(minutes=11))
    client.force_login(clerk)
    client.get(url)

    assert [who for _action, who, _key in views_in_office()] == ["clerk", play.manager.username, "clerk"]


def test_who_takes_a_file_out_of_the_office_is_on_record(client, play):
    run = factories.make_run(court=play.court)
    play.granted()
    client.force_login(play.manager)

    client.get(reverse("office_imports:rejected", args=[run.pk]))
    client.get(reverse("office_audit:export", args=["csv"]))

    taken = CourtLogEntry.objects.filter(action__contains="fetch").order_by("pk")
    assert [(entry.action, entry.user, entry.court) for entry in taken] == [
        ("cpor_cases.import.fetch_rejected", play.manager, play.court),
        ("cpor_cases.court.fetch_audit", play.manager, play.court),
    ]


def test_who_may_not_have_a_file_leaves_nothing_on_record(client, clerk_elsewhere, play):
    run = factories.make_run(court=play.court)
    client.force_login(clerk_elsewhere)

    assert client.get(reverse("office_imports:rejected", args=[run.pk])).status_code == 404
    assert client.get(reverse("office_audit:export", args=["csv"])).status_code != 200
    assert not CourtLogEntry.objects.filter(action__contains="fetch").exists()


def test_a_clerk_of_another_court_opens_nothing_and_leaves_no_view(client, clerk_elsewhere, play):
    client.force_login(clerk_elsewhere)

    assert client.get(reverse("office_cases:inspect", args=[play.case().pk])).status_code == 404
    assert views_in_office() == []


@pytest.mark.parametrize("path", ["/cases/settings/", "/cases/hearings.ics"])
def test_own_pages_of_a_person_and_their_calendar_are_on_record_too(client, litigant, court, path):
    right = factories.make_access(litigant, factories.make_case(court), mail_preference="none")
    factories.make_entry(
        right.case, factories.make_kind("hearing", hearing_effect="sets").code, hearing_at=timezone.now()
    )
    key = calendar_feeds.make_address(account=litigant, title="hearing")
    client.force_login(litigant)

    client.get(path, {"key": key})

    entries = CourtLogEntry.objects.filter(action="cpor_cases.rows.view", user=litigant)
    assert [(entry.court, entry.rows) for entry in entries] == [(court, f" case:{right.case_id} ")]


def test_view_of_a_case_is_forgotten_alone_and_in_a_list(litigant, court, django_assert_num_queries):
    kept, purged = (factories.make_access(litigant, factories.make_case(court)) for _each in range(2))
    for right in (kept, purged):
        view_log.log_case_views([right], by=litigant, opened=True)
    CourtLogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(court),
        object_id=str(court.pk),
        label="x",
        timestamp=timezone.now(),
        action="cpor_cases.rows.view",
        user=litigant,
        rows=f" case:{purged.case_id} case:{kept.case_id} ",
    )

    CourtLogEntry.objects.all().forget_views(user_id=litigant.pk, case_id=purged.case_id)

    views = CourtLogEntry.objects.filter(user=litigant).order_by("action")
    assert [(entry.object_id, entry.rows) for entry in views] == [
        (str(kept.case_id), ""),
        (str(court.pk), f" case:{kept.case_id} "),
    ]


def test_record_is_in_the_courts_language_whoever_works(play):
    case = play.case()
    with translation.override("en"):
        access.revoke(access=factories.make_access(factories.make_user(), case), by=play.clerk)

    label = CourtLogEntry.objects.get(action="cpor_cases.access.revoke").label
    assert label == f"臺灣臺北地方法院 {case.full_number}"


def test_link_renewed_at_one_court_is_on_that_courts_record_alone(play, clerk_elsewhere, other_court):
    granted = play.granted()
    elsewhere = factories.make_application(
        other_court, by=clerk_elsewhere, applicant_name=NAME, email=ADDRESS
    )
    applications.approve(application=elsewhere, by=clerk_elsewhere)

    account_activation.unlock(activation=granted.account.activation, by=play.clerk)

    entry = CourtLogEntry.objects.get(action="cpor_cases.activation.unlock")
    assert (entry.court, str(granted.case.full_number) in entry.label) == (play.court, True)


def test_everything_done_about_a_case_is_found_by_its_number(client, play):
    granted = play.granted()
    case = granted.case
    client.force_login(play.clerk)
    client.post(
        reverse("office_cases:record_entry", args=[case.pk]), TYPED | {"kind": factories.make_kind().code}
    )
    client.get(reverse("office_cases:inspect", args=[case.pk]))
    application_addresses.correct(application=granted.application, email="right@mail.example", by=play.clerk)
    view_log.log_case_views([CaseAccess.objects.get()], by=factories.make_user(), opened=True)
    access.revoke(access=CaseAccess.objects.get(), by=play.clerk)
    factories.make_application(play.court, by=play.clerk)

    client.force_login(play.manager)
    found = client.get(reverse("office_audit:index"), {"q": f"115訴{case.number}"}, follow=True).context[
        "object_list"
    ]

    assert {entry.action.removeprefix("cpor_cases.") for entry in found} == {
        "wagtail.create",
        "application.approve",
        "access.grant",
        "entry.record",
        "case.inspect",
        "application.readdress",
        "case.view",
        "access.revoke",
    }


def test_record_outlives_the_names_that_are_purged(client, play):
    refused = play.pending()
    applications.refuse(application=refused, by=play.clerk, reason=factories.make_reason())

    retention.purge_expired(timezone.now() + dt.timedelta(days=200))

    assert not Application.objects.filter(pk=refused.pk).exists()
    kept = CourtLogEntry.objects.filter(object_id=str(refused.pk)).values_list("action", flat=True)
    assert "cpor_cases.application.refuse" in kept


def test_what_belongs_to_no_court_is_on_wagtails_own_record(client, play):
    overseer = factories.make_clerk(play.court, group="Service managers")
    client.force_login(overseer)
    client.post(reverse("office_reasons:add"), {"name_zh-hant": "其他", "name_en": "Other"})
    reason = RefusalReason.objects.get(name__first="其他")
    client.post(
        reverse("office_reasons:edit", args=[reason.pk]), {"name_zh-hant": "其他理由", "name_en": "Other"}
    )

    entries = ModelLogEntry.objects.for_instance(reason).order_by("pk")

    assert [(entry.action, entry.user) for entry in entries] == [
        ("wagtail.create", overseer),
        ("wagtail.edit", overseer),
    ]


@pytest.mark.parametrize("form", [RevocationForm, WithdrawalForm])
def test_who_types_words_for_the_record_is_told_to_leave_names_out(form, clerk):
    with translation.override("en"):
        assert any("Write no names" in str(field.help_text) for field in form(clerk=clerk).fields.values())
