"""The pages that a clerk opens all day, at a court with few rows and at one with very many.

The whole answer is measured: log-in, permissions, queries, templates. A list is good if it needs as many queries among
many rows as among few, and takes about as long. The first page stands beside a bare view of the same bytes.
"""

import argparse
import datetime as dt
from itertools import count

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cpor_cases.models import (
    Activation,
    Application,
    Case,
    CaseAccess,
    CourtLogEntry,
    ImportRun,
    OutgoingMail,
    ProgressEntry,
)
from cpor_core.models import Court, PartyRole
from tests import factories

from .timing import Contender, bare_view, medians, print_table

YEAR = 114
BATCH = 5000
PENDING_ONE_IN = 50
CAUSES = ["返還借款", "損害賠償", "給付票款", "遷讓房屋", "給付資遣費"]
SURNAMES = "陳林黃張李王吳劉蔡楊"
_serial = count(1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--office-applications", type=int, default=50_000, help="of the large court of the part `office`"
    )
    parser.add_argument("--office-cases", type=int, default=200_000, help="of the same court")


def run(options: argparse.Namespace) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    few, many = (Court.objects.get(code=code) for code in ("SLD", "TPD"))
    _fill(few, cases=40, applications=20)
    _fill(many, cases=options.office_cases, applications=options.office_applications)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    _print_first_page(many, options.rounds)
    small, large = _visit(few, options.rounds), _visit(many, options.rounds)
    print(
        f"\nThe office of a court with {options.office_cases:,} cases and {options.office_applications:,} applications,"
        "\nbeside the same pages of a court with 40 and 20: queries, median milliseconds"
    )
    for name, (queries, seconds) in large.items():
        before, took = small[name]
        print(
            f"  {name:<38}{before:4} → {queries:3} queries {took * 1000:8.0f} → {seconds * 1000:6.0f} ms",
            flush=True,
        )


def _fill(court: Court, *, cases: int, applications: int) -> None:
    """Fill a court: cases with two entries each, applications, one in fifty of them pending, people and their mails."""
    clerk = factories.make_clerk(court, f"clerk-{court.code}", group="Court managers")
    people = _people(max(applications // 3, 2))
    numbers = range(1, cases + 1)
    _in_batches(Case, (_case(court, number) for number in numbers))
    keys = list(Case.objects.filter(court=court, year=YEAR).order_by("number").values_list("pk", flat=True))
    _in_batches(ProgressEntry, _entries(court, keys))
    role = factories.make_role()
    written = (_application(court, keys[n % cases], people, clerk, role, n) for n in range(applications))
    _in_batches(Application, written)
    papers = Application.objects.filter(case__court=court).order_by("pk")
    _in_batches(CourtLogEntry, _log(court, papers, clerk))
    granted = papers.filter(status=Application.Status.APPROVED)
    _in_batches(CaseAccess, (_access(paper) for paper in granted.iterator()))
    accesses = CaseAccess.objects.filter(case__court=court).select_related("account")
    _in_batches(OutgoingMail, (_mail(court, access, n) for n, access in enumerate(accesses.iterator())))


def _in_batches(model, rows) -> None:
    model.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _people(count: int) -> list:
    people = [_person(next(_serial)) for _each in range(count)]
    get_user_model().objects.bulk_create(people, batch_size=BATCH)
    expires = timezone.now() + dt.timedelta(days=3)
    inactive = (
        Activation(account=person, link_expires_at=expires) for person in people if not person.is_active
    )
    _in_batches(Activation, inactive)
    return people


def _person(number: int):
    return get_user_model()(
        username=f"reader-{number}",
        email=f"reader-{number}@example.com",
        first_name=_name(number),
        is_active=number % 5 > 0,
    )


def _name(number: int) -> str:
    return f"{SURNAMES[number % 10]}大{chr(0x4E00 + number % 5000)}"


def _case(court: Court, number: int) -> Case:
    closed = timezone.localdate() - dt.timedelta(days=number % 200) if number % 3 == 0 else None
    return Case(
        court=court,
        category="civil",
        year=YEAR,
        word="訴",
        number=number,
        division="孝",
        cause=CAUSES[number % len(CAUSES)],
        closed_on=closed,
    )


def _entries(court: Court, keys: list[int]):
    kind, hearing = factories.make_kind("judgment"), factories.make_kind("hearing_set")
    run = factories.make_run(court=court, source=ImportRun.Source.UPLOAD)
    now = timezone.now()
    for place, key in enumerate(keys):
        facts = {"case_id": key, "court": court, "changed_in": run}
        received = now - dt.timedelta(days=place % 700)
        yield ProgressEntry(entry_id=f"D{key}-1", kind=kind, recorded_at=received, **facts)
        set_for = now + dt.timedelta(days=place % 300 - 200)
        yield ProgressEntry(
            entry_id=f"D{key}-2", kind=hearing, recorded_at=received, hearing_at=set_for, **facts
        )


def _application(court: Court, case: int, people: list, clerk, role: PartyRole, place: int) -> Application:
    received = timezone.now() - dt.timedelta(days=place % 300)
    person = people[place % len(people)]
    is_pending = place % PENDING_ONE_IN == 0
    facts = {} if is_pending else {"account": person, "decided_by": clerk, "decided_at": received}
    return Application(
        case_id=case,
        court=court,
        applicant_name=person.first_name,
        role=role,
        email=person.email,
        received_on=timezone.localdate(received),
        receipt_number=f"D-{place:06}",
        status=Application.Status.PENDING if is_pending else Application.Status.APPROVED,
        recorded_at=received,
        recorded_by=clerk,
        **facts,
    )


def _log(court: Court, papers, clerk):
    """Yield an action for each application recorded and decided, and four views of its case."""
    of_paper, of_case = (
        ContentType.objects.get_for_model(model, for_concrete_model=False) for model in (Application, Case)
    )
    for paper in papers.select_related("case").iterator():
        number = f"{court.name} {paper.case.full_number}"
        actions = ["wagtail.create"] + ["cpor_cases.application.approve"] * (not paper.is_pending)
        facts = {"court": court, "label": number, "user": clerk, "actor_kind": "staff", "deleted": False}
        for action in actions:
            yield CourtLogEntry(
                content_type=of_paper,
                object_id=str(paper.pk),
                action=action,
                timestamp=paper.recorded_at,
                **facts,
            )
        for day in range(4):
            yield CourtLogEntry(
                content_type=of_case,
                object_id=str(paper.case_id),
                action="cpor_cases.case.view",
                timestamp=paper.recorded_at - dt.timedelta(days=4 - day),
                **facts,
            )


def _access(paper: Application) -> CaseAccess:
    return CaseAccess(
        account_id=paper.account_id,
        case_id=paper.case_id,
        application=paper,
        granted_at=paper.decided_at,
    )


def _mail(court: Court, access: CaseAccess, place: int) -> OutgoingMail:
    is_failed = place % 200 == 0
    return OutgoingMail(
        kind=OutgoingMail.Kind.CASE_ADDED if access.account.is_active else OutgoingMail.Kind.ACTIVATION,
        account=access.account,
        address=access.account.email,
        court=court,
        access=access,
        state=OutgoingMail.State.FAILED if is_failed else OutgoingMail.State.SENT,
        last_answer="550 5.7.1 blocked" if is_failed else "250 taken",
        created_at=access.granted_at,
        ended_at=access.granted_at,
    )


def _print_first_page(court: Court, rounds: int) -> None:
    client = _client(court)
    page = Contender("first page", lambda: client.get("/office/"))
    bare = bare_view(client.get("/office/").content)
    taken = medians([page, bare], rounds=rounds * 5)
    print_table("The clerk's first page", taken, work=1, unit="answers", against=[bare.name])


def _client(court: Court) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=f"clerk-{court.code}"))
    return client


def _visit(court: Court, rounds: int) -> dict[str, tuple[int, float]]:
    """Open every page in turn, and return its queries and its median seconds."""
    client, found = _client(court), {}
    for name, url in _pages(court).items():
        first = client.get(url)
        if "Location" in first.headers:  # a search leads to the address with its key
            url = first.headers["Location"]
            client.get(url)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url)
        queries = len(captured)  # read at once: the next request forgets them
        if answer.status_code != 200:
            raise RuntimeError(f"{url} answers {answer.status_code}")
        took = medians([Contender(name, lambda url=url: client.get(url))], rounds=rounds)
        found[name] = queries, took[name]
    return found


def _pages(court: Court) -> dict[str, str]:
    paper = Application.objects.filter(case__court=court).exclude(account=None).select_related("case").first()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    return {
        "first page": "/office/",
        "applications": "/office/applications/",
        "applications that wait": "/office/applications/?status=pending&ordering=received_on",
        "applications, last page": f"/office/applications/?p={Application.objects.filter(case__court=court).count() // 50 or 1}",
        "applications, a piece of a name": f"/office/applications/?q={paper.applicant_name[1:]}",
        "applications, a case number": f"/office/applications/?q={YEAR}訴{paper.case.number}",
        "an application": f"/office/applications/{paper.pk}/",
        "cases": "/office/cases/",
        "cases, by division": "/office/cases/?ordering=division",
        "cases, a case number": f"/office/cases/?q={YEAR}訴{paper.case.number}",
        "cases, a piece of the cause": "/office/cases/?q=票款",
        "cases with a hearing tomorrow": f"/office/cases/?hearing_from={tomorrow}&hearing_to={tomorrow}&ordering=next_hearing_at",
        "cases that can be followed": "/office/cases/?query=open",
        "a case": f"/office/cases/{paper.case_id}/",
        "activation links": "/office/activations/",
        "activation links, stuck": "/office/activations/?state=stuck",
        "mails": "/office/mails/",
        "mails, still to be corrected": "/office/mails/?follow_up=open",
        "mails, an address": f"/office/mails/?q={paper.email}",
        "imports": "/office/imports/",
        "“I got no mail”, a name": f"/office/calls/?q={paper.applicant_name}",
        "audit": "/office/audit/",
        "audit, a case number": f"/office/audit/?q={YEAR}訴{paper.case.number}",
        "audit, views alone": "/office/audit/?sort=views",
        "report on applications": "/office/court-reports/applications/",
        "report on accesses": "/office/court-reports/accesses/",
    }
