"""Demo people with demo cases, for trying the service on one's own machine, made by the service's own actions."""

import datetime as dt

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from cpor_cases.actions.imports import import_rows
from cpor_cases.permissions import is_staff_account
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import ClerkPost, Court, PartyRole

from .actions import account_activation, applications, second_factors
from .mail.links import activation_path, enrolment_path
from .models import Application, ImportRun, OutgoingMail

PASSWORD = "demo-only-passphrase"  # noqa: S105 (printed by `make run`; demo people exist on a demo machine alone)

# (account name, group, court, last name, first name)
STAFF = [
    ("editor", "Editors", None, "林", "編輯"),
    ("chief", "Chief editors", None, "周", "主編"),
    ("clerk-taipei", "Clerks", "TPD", "陳", "書記"),
    ("clerk-shilin", "Clerks", "SLD", "張", "書記"),
    ("manager-taipei", "Court managers", "TPD", "李", "科長"),
]

# (account name, name on the form, e-mail, role, [(court, word, number, cause, division)])
LITIGANTS = [
    (
        "wang",
        "王大明",
        "wang@demo.example",
        "當事人",
        [
            ("TPD", "訴", 123, "返還借款", "孝"),
            ("TPD", "簡", 45, "給付票款", "廉"),
            ("SLD", "勞訴", 8, "給付資遣費", "正"),
        ],
    ),
    (
        "lawyer",
        "陳美玲",
        "lawyer@demo.example",
        "訴訟代理人",
        [("TPD" if n % 3 else "SLD", "訴", 200 + n, "損害賠償", "康") for n in range(25)],
    ),
]

# Days ago, kind, detail, hearing in so many days
STORY = [
    (60, "received", "", None),
    (58, "assigned", "", None),
    (40, "hearing_set", "", None),
    (12, "preparatory", "兩造到庭，爭點整理完畢", None),
    (2, "hearing_set", "下次庭期已定", 14),
]


@transaction.atomic
def load() -> list[str]:
    """Make the demo people that are missing and return every demo account name."""
    for username, group, court, last_name, first_name in STAFF:
        _staff(username, group, court, last_name, first_name)
    _operator()
    for litigant in LITIGANTS:
        _litigant(*litigant)
    _pending_applications()
    # The demo addresses do not exist: nothing is sent to them.
    OutgoingMail.objects.waiting().filter(address__endswith="@demo.example").update(
        state=OutgoingMail.State.DROPPED, ended_at=timezone.now()
    )
    return ["operator", *(row[0] for row in STAFF), *(row[0] for row in LITIGANTS)]


def enrolment_paths() -> dict[str, str]:
    """Issue a new enrolment link to each of the demo staff without a second factor; return account names and paths."""
    accounts = get_user_model().objects.filter(username__in=["operator", *(row[0] for row in STAFF)])
    return {
        account.username: enrolment_path(second_factors.issue_link(account=account, is_mailed=False))
        for account in accounts.order_by("pk")
        if is_staff_account(account) and not second_factors.has_second_factor(account)
    }


def _staff(username: str, group: str, court: str | None, last_name: str, first_name: str) -> None:
    user, made = get_user_model().objects.get_or_create(
        username=username,
        defaults={"email": f"{username}@demo.example", "last_name": last_name, "first_name": first_name},
    )
    if not made:
        return
    user.set_password(PASSWORD)
    user.save()
    user.groups.add(Group.objects.get(name=group))
    if court:
        ClerkPost.objects.create(user=user, court=Court.objects.get(code=court))
    _verify_address(user)


def _operator() -> None:
    users = get_user_model().objects
    if not users.filter(username="operator").exists():
        _verify_address(users.create_superuser("operator", "operator@demo.example", PASSWORD))


def _verify_address(user) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def _litigant(username: str, name: str, email: str, role: str, cases: list[tuple]) -> None:
    if get_user_model().objects.filter(username=username).exists():
        return
    for court, word, number, _cause, _division in cases:
        application = _apply(court, CaseNumber(115, word, number), name, email, role)
        granted = applications.approve(application=application, by=application.recorded_by)
    token = activation_path(granted.account.activation).rstrip("/").rsplit("/", 1)[-1]
    account_activation.activate(
        token=token, name=name, username=username, password=PASSWORD, language="zh-hant"
    )
    rows = [row for case in cases for row in _story(*case)]
    import_rows(enumerate(rows, start=2), source=ImportRun.Source.COMMAND, file_name="demo.csv")


def _apply(
    court: str, number: CaseNumber, name: str, email: str, role: str, *, days_ago: int = 65
) -> Application:
    clerk = "clerk-taipei" if court == "TPD" else "clerk-shilin"
    return applications.record(
        court=Court.objects.get(code=court),
        category="civil",
        number=number,
        applicant_name=name,
        role=PartyRole.objects.get(category="civil", name__first=role),
        email=email,
        received_on=timezone.localdate() - dt.timedelta(days=days_ago),
        receipt_number=f"115-{number.number:05d}",
        by=get_user_model().objects.get(username=clerk),
    )


def _story(court: str, word: str, number: int, cause: str, division: str) -> list[dict[str, str]]:
    """Return the rows that a court would send about one case over two months."""
    now = timezone.localtime().replace(minute=30, second=0, microsecond=0)
    return [
        {
            "court": court,
            "category": "civil",
            "year": "115",
            "word": word,
            "number": str(number),
            "division": division,
            "cause": cause,
            "entry_id": f"demo-{word}-{number}-{position}",
            "recorded_at": (now - dt.timedelta(days=days)).strftime("%Y-%m-%d"),
            "kind": kind,
            "detail": detail,
            "hearing_at": (now + dt.timedelta(days=hearing)).strftime("%Y-%m-%dT09:30") if hearing else "",
            "courtroom": "第 12 法庭" if hearing else "",
        }
        for position, (days, kind, detail, hearing) in enumerate(STORY)
    ]


def _pending_applications() -> None:
    """Record two pending applications: one that can be approved, one that the rules forbid."""
    for number, name, email, role in [
        (501, "林小華", "lin@demo.example", "當事人"),
        (502, "黃志強", "", "訴訟代理人"),
    ]:
        if not Application.objects.filter(applicant_name=name, case__number=number).exists():
            _apply("TPD", CaseNumber(115, "訴", number), name, email, role, days_ago=1)
