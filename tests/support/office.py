"""Every URL of the office, the table of who may do what there, and a court with one row of everything a URL speaks of.

TABLE has a line for each URL and a character for each person. `r`: may GET. `w`: may GET and POST. `p`: may POST (there is no
GET). `-`: is refused.
"""

import re
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import Group
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from wagtail.models import Page

from cpor_cases.actions import applications
from cpor_cases.models import (
    Activation,
    CourtClosure,
    IncomingFile,
    OutgoingMail,
    RejectionGroup,
)
from cpor_core.models import CaseWord, ClerkPost, Court, HearingAdvice, PartyRole, ProgressKind, QuietPeriod
from cpor_pages.models import CourtForm, RoleGroup
from tests.factories import (
    make_application,
    make_case,
    make_entry,
    make_invitation,
    make_kind,
    make_notice,
    make_reason,
    make_role,
    make_run,
    make_token,
    make_user,
    make_word,
)
from tests.support.made_petitions import make_petition

PEOPLE = [
    "visitor",
    "litigant",
    "editor",
    "clerk_elsewhere",
    "manager_elsewhere",
    "clerk",
    "manager",
    "service_manager",
    "superuser",
]

TABLE = """
#                                       visitor
#                                       |litigant
#                                       ||editor
#                                       |||clerk elsewhere
#                                       ||||manager elsewhere
#                                       |||||clerk
#                                       ||||||manager
#                                       |||||||service manager
#                                       ||||||||superuser without a post
broken_links_report                     --r-----r
case_words_export                       --r-----r
case_words_import                       --w-----w
clarity_report                          --r-----r
clarity_report_results                  --r-----r
petition_counts_report                  --r-----r
petition_counts_report_results          --r-----r
office_account                          --wwwwwww
office_activations:index                ---wwww--
office_activations:index_results        ---rrrr--
office_activations:inspect              -----rr--
office_activations:unlock               -----ww--
office_applications:add                 ---wwww--
office_applications:approve             -----pp--
office_applications:check               ---pppp--
office_applications:decide_again        -----ww--
office_applications:edit                -----ww--
office_applications:index               ---wwww--
office_applications:index_results       ---rrrr--
office_applications:inspect             -----rr--
office_applications:readdress           -----ww--
office_applications:petition            -----ww--
office_applications:refuse              -----pp--
office_applications:scan                ---wwww--
office_applications:take_back           -----ww--
office_applications:bulk                ---wwww--
office_audit:export                     ----r-r--
office_audit:index                      ----w-w--
office_audit:index_results              ----r-r--
office_calls:index                      ---wwww--
editors_handbook                        --r-----r
office_cases:choose_hearing             -----ww--
office_cases:correct_entry              -----ww--
office_cases:index                      ---wwww--
office_cases:index_results              ---rrrr--
office_cases:inspect                    -----rr--
office_cases:merge                      -----ww--
office_cases:merge_into                 -----ww--
office_cases:publish_entry              -----ww--
office_cases:record_entry               -----ww--
office_cases:revoke_access              -----ww--
office_cases:transfer                   -----ww--
office_cases:withdraw_entry             -----ww--
office_courts:edit                      ------w--
office_courts:index                     ----r-r--
office_handbook                         ---rrrrrr
office_hearing_notices:index            ---rrrr--
office_hearing_notices:index_results    ---rrrr--
office_hearing_notices:inspect          -----ww--
office_rhythms:index                    ----r-r-r
office_rhythms:edit                     ------w-w
office_rhythms:close                    ------w-w
office_rhythms:reopen                   ------w-w
office_manifests:index                  ----r-r--
office_manifests:index_results          ----r-r--
office_manifests:upload                 ----w-w--
office_manifests:again                  ----r-r--
office_imports:answer                   -----ww--
office_imports:take_back_answer         -----ww--
office_imports:discard                  -----pp--
office_imports:index                    ---rrrr--
office_imports:index_results            ---rrrr--
office_imports:inspect                  -----rr--
office_imports:progress                 -----rr--
office_imports:dry_run                  -----ww--
office_imports:rejected                 -----rr--
office_imports:stop                     -----ww--
office_imports:upload                   ---wwww--
office_imports:upload_progress          -----rr--
office_mails:index                      ---wwww--
office_mails:index_results              ---rrrr--
office_mails:inspect                    -----rr--
office_mails:send_again                 -----ww--
office_mails:bulk                       ---wwww--
office_posts:add                        ----w-www
office_posts:index                      ----r-rrr
office_posts:index_results              ----r-rrr
office_posts:remove                     ------www
office_reasons:add                      -------ww
office_reasons:edit                     -------ww
office_reasons:history                  -------rr
office_reasons:history_results          -------rr
office_reasons:index                    -------rr
office_reasons:index_results            -------rr
office_reports:accesses                 ----r-rrr
office_reports:applications             ----r-rrr
office_reports:courts                   -------rr
office_reports:imports                  ----r-rrr
office_reports:mails                    ----r-rrr
office_reports:time-to-know             ----r-rrr
office_staff:add                        ----w-www
office_staff:again                      ------w-w
office_staff:end                        ------w-w
office_staff:index                      ----w-www
office_staff:index_results              ----r-rrr
office_staff:inspect                    ------r-r
office_staff:invite                     ------w-w
office_staff:leave                      ------w-w
office_staff:rename                     ------w-w
office_staff:reset                      ------w-w
office_staff:withdraw                   ------w-w
office_tokens:add                       ----w-w--
office_tokens:index                     ----r-r--
office_tokens:index_results             ----r-r--
office_tokens:revoke                    ------w--
downloads_report                        --r-----r
downloads_report_results                --r-----r
misses_report                           --r-----r
misses_report_results                   --r-----r
office_words                            rrrrrrrrr
page_review_note                        --p-----p
page_reviews_report                     --r-----r
choosers:choose                         --rrrrrrr
choosers:choose_results                 --rrrrrrr
choosers:chosen                         --rrrrrrr
choosers:chosen_multiple                --rrrrrrr
snippets:add                            --w-----w
snippets:collect_workflow_action_data   --------w
#                                       Wagtail asks "publish though it waits for approval?" of whoever is in the office; the question changes nothing.
snippets:confirm_workflow_cancellation  --wwwwwww
snippets:copy                           --w-----w
snippets:delete                         --------w
snippets:edit                           --w-----w
snippets:history                        --r-----r
snippets:history_results                --r-----r
snippets:list                           --r-----r
snippets:list_results                   --r-----r
snippets:lock                           --------p
snippets:revisions_compare              --r-----r
snippets:revisions_revert               --w-----w
snippets:revisions_unschedule           --------w
snippets:unlock                         --------p
snippets:unpublish                      --------w
snippets:usage                          --r-----r
snippets:workflow_action                --------w
snippets:workflow_history               --r-----r
snippets:workflow_history_detail        --r-----r
wagtailusers_groups:index               --------r
wagtailusers_groups:index_results       --------r
wagtailusers_users:edit                 --------w
wagtailusers_users:history              --------r
wagtailusers_users:history_results      --------r
wagtailusers_users:index                --------w
wagtailusers_users:index_results        --------r
votes_report                            --r-----r
votes_report_results                    --r-----r
word_changes_report                     --r-----r
word_changes_report_results             --r-----r
"""


def lines() -> dict[str, str]:
    return dict(line.rsplit(maxsplit=1) for line in TABLE.strip().splitlines() if not line.startswith("#"))


def addresses(patterns=None, route="", namespace=""):
    """Yield every URL pattern of the project: its route, its name, the module of its view."""
    for each in (patterns or get_resolver()).url_patterns:
        if isinstance(each, URLPattern):
            view = getattr(each.callback, "view_class", each.callback)
            yield route + str(each.pattern), f"{namespace}{each.name}", each, view.__module__
        else:
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from addresses(each, route + str(each.pattern), inner)


def is_ours(name: str, module: str) -> bool:
    if name.startswith("wagtailsnippetchoosers_") and name.endswith(":create"):
        return False  # Wagtail 8.0 has an error of its own for who may not create: nothing is made, nothing is told
    return module.startswith("cpor_") or name.startswith("office_") or "_cpor_" in name


OFFICE = [(name, each, module) for route, name, each, module in addresses() if route.startswith("office/")]
OURS = {name: each for name, each, module in OFFICE if is_ours(name, module)}
SNIPPET = re.compile(r"wagtailsnippet(?P<kind>s|choosers)_(?P<model>cpor_\w+):(?P<view>\w+)")

WAGTAILS = {"s": "snippets", "choosers": "choosers"}


def line_of(name: str) -> str:
    """Return the line of TABLE for a URL; all lists of reference data and forms share one."""
    found = SNIPPET.fullmatch(name)
    return f"{WAGTAILS[found['kind']]}:{found['view']}" if found else name


def make_people(court: Court, other_court: Court) -> dict:
    return {
        "visitor": None,
        "litigant": make_user("litigant", password=None),
        "editor": make_staff("Editors"),
        "clerk_elsewhere": make_staff("Clerks", other_court),
        "manager_elsewhere": make_staff("Court managers", other_court),
        "clerk": make_staff("Clerks", court),
        "manager": make_staff("Court managers", court),
        "service_manager": make_staff("Service managers"),
        "superuser": make_user("superuser", password=None, is_superuser=True),
    }


def make_staff(group: str, court: Court | None = None):
    person = make_user(password=None)
    person.groups.set(Group.objects.filter(name=group))
    if court:
        ClerkPost.objects.create(user=person, court=court)
    return person


def make_form() -> CourtForm:
    form = CourtForm.objects.create(
        slug="form",
        title={"zh-hant": "書狀", "en": "Form"},
        purpose=CourtForm.Purpose.COMPLAINT,
        what_for={"zh-hant": "起訴", "en": "Suing"},
    )
    form.save_revision()
    form.get_workflow().start(form, user=None)  # handed in
    return form


CODE_IN = {"office_imports:answer": "missing", "office_imports:take_back_answer": "not_json"}


def make_rejections(run) -> None:
    """Let an import have rejected rows of two reasons, of which one has its answer."""
    RejectionGroup.objects.create(run=run, code="missing", rows=1)
    RejectionGroup.objects.create(run=run, code="not_json", rows=1, answer="test", answered_at=timezone.now())


def make_rows(court: Court, clerk) -> dict:
    """Make one row of each kind at the court; return them by the kind of key in a URL."""
    pending = make_application(court, by=clerk)
    granted = applications.approve(application=make_application(court, by=clerk), by=clerk)
    run = make_run(court=court)
    make_rejections(run)
    case = make_case(court)
    entry = make_entry(case, changed_in=run)
    mail = OutgoingMail.objects.get()
    mail.state, mail.ended_at = OutgoingMail.State.SENT, timezone.now()
    mail.save()
    word, kind, role = make_word(), make_kind(), make_role()
    upload = {"court": court, "clerk": clerk, "file_name": "export.csv"}
    uploaded = IncomingFile.objects.create(state=IncomingFile.State.READY, **upload)
    running = make_run(court=court, state="running", ended_at=None)
    taking = IncomingFile.objects.create(state=IncomingFile.State.IMPORTING, run=running, **upload)
    invitation = make_invitation(court)
    return {
        "office_applications": pending,
        "office_applications:readdress": granted.application,
        "office_applications:petition": make_petition(
            court, applicant_name="王大明", address="wang@example.com"
        ),
        "office_cases": case,
        "office_cases:correct_entry": entry,
        "office_cases:withdraw_entry": entry,
        "office_cases:choose_hearing": entry,
        "office_cases:publish_entry": make_entry(case, changed_in=run, held_until=timezone.now()),
        "office_cases:revoke_access": granted,
        "another case": make_case(court),
        "office_activations": Activation.objects.get(),
        "office_hearing_notices": make_notice(granted, run),
        "office_mails": mail,
        "office_imports": run,
        "office_rhythms": court,
        "office_rhythms:reopen": CourtClosure.objects.create(
            court=court, first_day=timezone.localdate(), last_day=timezone.localdate(), reason="颱風"
        ),
        "office_imports:stop": taking.run,
        "office_imports:dry_run": uploaded,
        "office_imports:upload_progress": uploaded,
        "office_imports:discard": uploaded,
        "office_posts": ClerkPost.objects.get(user=clerk),
        "office_courts": court,
        "office_staff": clerk,
        "office_staff:again": invitation,
        "office_staff:withdraw": invitation,
        "wagtailusers_users": clerk,
        "office_tokens": make_token(court)[0],
        "office_reasons": make_reason(),
        "page_review_note": Page.objects.get(depth=2),
        CaseWord: word,
        ProgressKind: kind,
        HearingAdvice: HearingAdvice.objects.create(court=court, kind=kind),
        QuietPeriod: QuietPeriod.objects.create(category="civil", stage="other", weeks=8),
        PartyRole: role,
        Court: court,
        RoleGroup: RoleGroup.objects.create(slug="parties", name={"zh-hant": "當事人", "en": "Parties"}),
        CourtForm: make_form(),
    }


def address_of(name: str, rows: dict) -> str:
    found = SNIPPET.fullmatch(name)
    if found:
        label = re.sub(r"^(cpor_[a-z]+)_", r"\1.", found["model"])
        row = rows[apps.get_model(label)]
    else:
        row = rows.get(name) or rows.get(name.split(":")[0])
    said = {"pk": row and row.pk, "revision_id": getattr(row, "latest_revision_id", None)}
    said |= {"key": "nobodys", "kind": "csv", "revision_id_a": "earliest", "revision_id_b": "latest"}
    if isinstance(row, CourtForm):
        handed_in = row.current_workflow_state
        task = handed_in.current_task_state
        said |= {"workflow_state_id": handed_in.pk, "task_state_id": task.pk, "task_id": task.task_id}
        said |= {"action_name": "approve"}
    said |= {"into": rows["another case"].pk, "code": CODE_IN.get(name)}
    names = OURS[name].pattern.regex.groupindex
    return reverse(name, kwargs={each: said[each] for each in names})


@dataclass
class World:
    rows: dict
    people: dict
    clients: dict  # of each person, logged in
