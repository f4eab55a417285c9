"""Rule 8: a clerk's horizon is the court. Every URL of the office is requested, with every method."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.permissions import policy_registry

from cpor_cases.actions import applications
from cpor_cases.models import (
    Activation,
    ApiToken,
    Application,
    Case,
    CaseAccess,
    CourtClosure,
    HearingNotice,
    ImportRun,
    IncomingFile,
    OutgoingMail,
    Petition,
    ProgressEntry,
    RejectionGroup,
)
from cpor_cases.office.menu import VIEWSETS
from cpor_core.models import ClerkPost
from tests.factories import (
    make_application,
    make_case,
    make_clerk,
    make_entry,
    make_invitation,
    make_notice,
    make_run,
    make_token,
)
from tests.support.made_petitions import make_petition

pytestmark = pytest.mark.django_db

OF_A_COURT = [
    Activation,
    ApiToken,
    Application,
    Case,
    CaseAccess,
    ClerkPost,
    HearingNotice,
    ImportRun,
    OutgoingMail,
    ProgressEntry,
]
# URLs of a view set about a row of another model.
ROW_OF = {
    "office_cases:correct_entry": ProgressEntry,
    "office_cases:withdraw_entry": ProgressEntry,
    "office_cases:choose_hearing": ProgressEntry,
    "office_cases:publish_entry": ProgressEntry,
    "office_cases:revoke_access": CaseAccess,
    "office_imports:dry_run": IncomingFile,
    "office_imports:upload_progress": IncomingFile,
    "office_imports:discard": IncomingFile,
    "office_rhythms:reopen": CourtClosure,
    "office_applications:petition": Petition,
}


CODES = {"missing": False, "not_json": True}  # of rejected rows, and whether they have an answer
CODE_IN = {"office_imports:answer": "missing", "office_imports:take_back_answer": "not_json"}


def addresses():
    for viewset in VIEWSETS:
        for pattern in viewset.get_urlpatterns():
            name = f"{viewset.url_namespace}:{pattern.name}"
            about_a_row = "pk" in pattern.pattern.converters
            yield name, ROW_OF.get(name, viewset.model) if about_a_row else None


ABOUT_A_ROW = [name for name, model in addresses() if model]
ALL = [name for name, _model in addresses()]


@pytest.fixture
def rows(court, clerk):
    """One row of each model, all of one court."""
    application = make_application(court, by=clerk)
    access = applications.approve(application=application, by=clerk)
    case = make_case(court)
    made = [
        access,
        case,
        make_application(court, by=clerk),
        make_entry(case, changed_in=make_run(court=court)),
        make_run_with_rejections(court),
        Activation.objects.get(),
        OutgoingMail.objects.get(),
        ClerkPost.objects.get(user=clerk),
        make_token(court)[0],
        make_notice(access),
        IncomingFile.objects.create(court=court, clerk=clerk, file_name="export.csv"),
        court,
        make_petition(court, applicant_name="王大明", address="wang@example.com"),
        CourtClosure.objects.create(
            court=court, first_day=timezone.localdate(), last_day=timezone.localdate(), reason="颱風"
        ),
    ]
    by_model = {type(row): row for row in [*made, clerk]}
    held = make_entry(case, changed_in=make_run(court=court), held_until=timezone.now())
    invitation = make_invitation(court)
    return by_model | {
        "office_applications:readdress": access.application,
        "office_cases:publish_entry": held,
        "office_staff:again": invitation,
        "office_staff:withdraw": invitation,
    }


def make_run_with_rejections(court) -> ImportRun:
    """An import with rejected rows of two reasons, of which one has its answer."""
    run = make_run(court=court, rows_read=2, rows_rejected=2)
    answered = {"answer": "test", "answered_at": timezone.now()}
    for code, facts in CODES.items():
        RejectionGroup.objects.create(run=run, code=code, rows=1, **(answered if facts else {}))
    return run


@pytest.fixture
def manager_elsewhere(other_court):
    return make_clerk(other_court, group="Court managers")


# One test for all URLs: making the rows takes longer than asking for them.


def test_row_of_another_court_is_not_there(client, rows, manager_elsewhere):
    client.force_login(manager_elsewhere)

    shown = {}
    for name in ABOUT_A_ROW:
        for method in ("get", "post", "head", "put", "delete"):
            status = getattr(client, method)(reverse_any(name, rows)).status_code
            if status not in {403, 404, 405}:
                shown[name, method] = status

    assert shown == {}


def test_row_of_ones_own_court_is_there(client, rows, court):
    client.force_login(make_clerk(court, group="Court managers"))

    answers = {name: client.get(reverse_any(name, rows)).status_code for name in ABOUT_A_ROW}

    assert {name: status for name, status in answers.items() if status not in {200, 405}} == {}


@pytest.mark.parametrize("query", [{}, {"q": "王"}, {"export": "csv"}, {"export": "xlsx"}])
def test_list_holds_rows_of_ones_own_court_alone(client, rows, clerk, manager_elsewhere, query):
    client.force_login(manager_elsewhere)

    wrong = {}
    for viewset in VIEWSETS:
        for view in {"index", "index_results"} & {pattern.name for pattern in viewset.get_urlpatterns()}:
            answer = client.get(reverse(f"{viewset.url_namespace}:{view}"), query, follow=True)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            told = [each for each in ("王大明", clerk.email) if each in content.decode("utf-8", "replace")]
            if answer.status_code != 200 or told:
                wrong[viewset.name, view] = answer.status_code, told

    assert wrong == {}


def test_editors_have_no_access_to_the_office(client, rows, editor):
    client.force_login(editor)

    let_in = {}
    for name in ALL:
        for method in ("get", "post"):
            answer = getattr(client, method)(reverse_any(name, rows))
            if answer.status_code not in {403, 404} and answer.url != reverse("wagtailadmin_home"):
                let_in[name, method] = answer.url

    assert let_in == {}


def test_litigants_and_visitors_are_sent_away(client, rows, litigant):
    let_in = {}
    for person, led_to in ((None, "/accounts/login/"), (litigant, "/cases/")):
        if person:
            client.force_login(person)
        for name in ALL:
            for method in ("get", "post"):
                answer = getattr(client, method)(reverse_any(name, rows))
                if answer.status_code != 302 or not answer.url.startswith(led_to):
                    let_in[person, name, method] = answer.status_code

    assert let_in == {}


def reverse_any(name, rows):
    """The address, about the row made for it or the one of its model."""
    model = dict(addresses())[name]
    if name == "office_cases:merge_into":
        return reverse(name, args=[rows[model].pk, rows[model].pk])
    if name in CODE_IN:
        return reverse(name, args=[rows[model].pk, CODE_IN[name]])
    if name == "office_audit:export":
        return reverse(name, args=["csv"])
    return reverse(name, args=[rows.get(name, rows.get(model)).pk] if model else [])


def test_policy_knows_the_horizon(rows, manager_elsewhere, court):
    manager = make_clerk(court, group="Court managers")

    for model in OF_A_COURT:
        policy, row = policy_registry.get_by_type(model), rows[model]
        visible = policy.instances_user_has_any_permission_for(manager_elsewhere, ["view", "change"])
        assert not policy.user_has_permission_for_instance(manager_elsewhere, "view", row), model
        assert row not in visible, model
        assert policy.user_has_permission_for_instance(manager, "view", row), model


def test_clerk_without_a_post_sees_nothing(client, rows, clerk):
    ClerkPost.objects.filter(user=clerk).delete()
    client.force_login(clerk)

    assert client.get(reverse("office_applications:index")).status_code == 302
    assert client.get(reverse("office_applications:inspect", args=[rows[Application].pk])).status_code == 404
    assert "您未在任何法院任職" in client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize("name", ["site_history", "site_history_results"])
def test_site_history_is_the_editors_and_holds_nothing_of_a_court(client, rows, clerk, name):
    url = reverse(f"wagtailadmin_reports:{name}")
    operator = make_clerk(rows[Case].court, group=None, is_superuser=True)
    for person in (clerk, make_clerk(rows[Case].court, group="Court managers")):
        client.force_login(person)
        assert client.get(url).status_code == 302
        assert client.get(url, {"export": "csv"}).status_code == 302

    client.force_login(operator)
    assert str(rows[Case].full_number) not in client.get(url).content.decode()


def test_who_oversees_the_service_decides_nothing(client, rows):
    overseer = make_clerk(rows[Case].court, group="Service managers")
    client.force_login(overseer)
    pending = rows[Application]

    client.post(reverse("office_applications:approve", args=[pending.pk]))

    pending.refresh_from_db()
    assert pending.is_pending


def test_groups_hold_what_the_migration_says():
    clerks = Group.objects.get(name="Clerks").permissions.values_list("codename", flat=True)

    assert {"access_admin", "add_application", "view_outgoingmail"} <= set(clerks)
    assert not {"add_clerkpost", "delete_application", "oversee_courts"} & set(clerks)


SCREENS = ["applications", "cases", "activations", "mails", "imports", "calls", "audit", "tokens"]


@pytest.mark.parametrize(
    ("group", "serves", "shown"),
    [
        ("Service managers", False, set()),
        ("Clerks", False, set()),
        (None, False, set()),
        ("Clerks", True, {"applications", "cases", "activations", "mails", "imports", "calls"}),
        ("Court managers", True, set(SCREENS)),
    ],
)
def test_nobody_is_shown_a_list_that_can_hold_nothing_for_them(client, court, group, serves, shown):
    person = make_clerk(court, group=group, is_superuser=group is None)
    if not serves:
        ClerkPost.objects.filter(user=person).delete()
    client.force_login(person)

    page = client.get(reverse("wagtailadmin_home")).content.decode()

    screens = {name: reverse(f"office_{name}:index") for name in SCREENS}
    assert {name for name, url in screens.items() if f'"{url}"' in page} == shown
    assert {name for name, url in screens.items() if client.get(url).status_code == 200} == shown
