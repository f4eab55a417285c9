"""Every change of the record is an action in cpor_cases/actions that checks the permission itself and logs."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AbstractUser

ROOT = settings.BASE_DIR
CASES = ROOT / "cpor_cases"
ACTIONS = CASES / "actions"

# What raises PermissionDenied, or what an action asks before it raises it.
CHECKS = {
    "can_invite",
    "can_edit_court",
    "can_manage_posts",
    "can_manage_tokens",
    "can_remove_post",
    "can_set_rhythm",
    "invitations_in_charge_of",
    "may_enter_office",
    "require_charge",
    "require_right",
}
# `by` is the reader or the author of what is stored: there is nothing to permit.
OWN_VIEWS_AND_SEARCHES = {
    "searches.keep",
    "searches.text_of",
    "view_log.log_case_views",
    "view_log.log_views",
    "viewing.show_rows",
}
# Functions without `by`, and who acts in them.
READS = {
    "courts.settings_of",
    "account_activation.find_activation",
    "account_activation.is_other_name",
    "account_activation.is_usable",
    "account_activation.names_on_record",
    "address_changes.find_change",
    "address_changes.is_undoable",
    "address_changes.pending_of",
    "bounces.unread_of_the_day",
    "bounces.why_unreachable",
    "clarity.answered_of_entry",
    "clarity.answered_of_mail",
    "clarity.is_asked_about",
    "clerk_posts.find_member_of_staff",
    "entitlement.find_obstacles",
    "entitlement.obstacles_of",
    "entries.as_typed",
    "entries.was_never_seen",
    "entries.with_time_of_mails",
    "manifests.waits_for",
    "reminders.missed",
    "mails.address_for_clerk",
    "mails.can_be_sent_again",
    "mails.can_renew_link",
    "retention.applications.ended_before",
    "retention.log_mentions.text_fields_of",
    "retention.log_mentions.without",
    "rhythms.rhythm_of",
    "second_factors.has_second_factor",
    "second_factors.is_link_usable",
    "staff_invitations.find_open",
    "staff_invitations.needs_setting_up",
    "view_log.inspection_of",
    "refusals.can_be_decided_again",
    "refusals.can_be_taken_back",
    "refusals.end_of_undo",
    "petition_papers.differences",
    "petition_papers.find",
    "petition_papers.require_recordable",
    "petitions.find",
    "petitions.is_right_code",
    "petitions.obstacles_of",
    "petitions.of_keys",
}
THE_PERSON = {  # logged in to the account, or with a link that was mailed to its address
    "hearing_notices.note_known",
    "access.leave",
    "account_activation.activate",
    "account_activation.send_new_link",
    "account_closing.close",
    "address_changes.ask",
    "address_changes.give_up",
    "address_changes.undo",
    "calendar_feeds.choose_title",
    "calendar_feeds.make_address",
    "calendar_feeds.switch_off",
    "mail_preferences.choose_for_account",
    "mail_preferences.choose_for_case",
    "mail_preferences.let_account_decide",
    "mail_preferences.stop",
    "mail_preferences.stop_for_case",
    "own_cases.keep_own_words",
    "own_cases.mark_all_seen",
    "password_resets.ask",
    "second_factors.use_link",
    "staff_invitations.accept",
    "sessions.renew",
    "viewing.show",
    "clarity.vote_on_entry",
    "clarity.vote_on_mail",
}
# Of a petition: whoever fills it in, or has its number and address.
ANYBODY = {"petitions.count_step", "petitions.discard", "petitions.make", "petitions.send_code"}
THE_SYSTEM = {  # the clock, the worker, a court's system with its token, a mail server, an operator's command
    "api_tokens.note_use",
    "bounces.note",
    "bounces.read_mailbox",
    "bounces.take_back",
    "calendar_feeds.note_fetch",
    "clarity.forget_votes",
    "changed_kinds.connect",
    "changed_kinds.follow",
    "clock_changes.set_back",
    "clock_changes.watch",
    "digests.post_due",
    "entries.publish_due",
    "entries.publish_in_time",
    "mails.resend_failed",
    "password_resets.answer",
    "quiet_cases.tell",
    "reminders.remind",
    "retention.accounts.empty_closed",
    "retention.accounts.empty_never_activated",
    "retention.accounts.empty_without_access",
    "retention.accounts.tell_beforehand",
    "retention.ended_sessions.purge_sessions",
    "retention.log_mentions.forget_in_record",
    "retention.applications.blank_of_ended_accesses",
    "retention.applications.delete_refused",
    "retention.applications.delete_undecided",
    "manifests.accept",
    "manifests.compare",
    "manifests.compare_waiting",
    "retention.imports.delete_incoming_files",
    "retention.imports.delete_manifests",
    "retention.imports.delete_rejected_rows",
    "retention.mails.blank_addresses",
    "retention.mails.delete_bounced_addresses",
    "retention.petitions.delete_code_mails",
    "retention.petitions.delete_expired",
    "retention.purge.purge_expired",
    "rhythms.learn_all",
    "secret_rotation.rotate",
    "delays.watch",
    "staff_invitations.delete_expired",
    "submissions.accept",
    "submissions.release",
    "submissions.reserve",
    "security_audit.note",
    "service_spans.note",
    "times_to_know.refresh",
    "waiting_times.refresh",
}
PARTS_OF_ACTIONS = {  # the action that calls them has checked
    "access.grant",
    "access.require_litigant",
    "access_merging.join_doubles",
    "account_activation.find_or_make_inactive",
    "account_activation.invite",
    "account_closing.end_log_ins",
    "applications.find_or_make_case",
    "bounces.clear",
    "bounces.follow",
    "clerk_posts.check_assignable",
    "second_factors.renew_link",
    "entries.publish",
    "imports.begin",
    "imports.stop",
    "retention.applications.blank",
    "sessions.end_all",
    "delays.end_of_closure",
    "delays.end_of_rhythm",
    "delays.note",
    "staff.log_about",
}

# `by` is None, or has been asked
OF_OPERATORS = {
    "imports.import_file",
    "imports.import_rows",
    "imports.import_stream",
}

WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update",
    "update_or_create",
}


def functions_of(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    module = ".".join(path.relative_to(ACTIONS).with_suffix("").parts)
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            yield f"{module}.{node.name}", node


def takes_by(function: ast.FunctionDef) -> bool:
    return "by" in {argument.arg for argument in function.args.args + function.args.kwonlyargs}


def called_in(name: str) -> set[str]:
    """The functions that a function calls: `module.function`, a check by its bare name."""
    module = name.rpartition(".")[0]
    found = set()
    for call in (each.func for each in ast.walk(FUNCTIONS[name]) if isinstance(each, ast.Call)):
        if isinstance(call, ast.Name):
            found |= {call.id} if call.id in CHECKS else {f"{module}.{call.id}"}
        elif isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name):
            found.add(f"{call.value.id}.{call.attr}")
    return found


FUNCTIONS = dict(pair for path in sorted(ACTIONS.rglob("*.py")) for pair in functions_of(path))
PUBLIC = {name: function for name, function in FUNCTIONS.items() if "._" not in name}


def test_every_action_of_somebody_checks_the_permission_itself():
    """Directly, or in a function of the actions that it calls."""
    calls = {name: called_in(name) for name in FUNCTIONS}
    checking = set(CHECKS)
    while more := {name for name, called in calls.items() if called & checking} - checking:
        checking |= more

    unchecked = {name for name, function in PUBLIC.items() if takes_by(function)} - checking

    assert unchecked - OWN_VIEWS_AND_SEARCHES - PARTS_OF_ACTIONS - READS - OF_OPERATORS == set()


def test_every_function_without_by_names_who_acts():
    without = {name for name, function in PUBLIC.items() if not takes_by(function)}

    assert without - READS - THE_PERSON - ANYBODY - THE_SYSTEM - PARTS_OF_ACTIONS == set()


def test_the_lists_name_functions_that_exist():
    named = (
        READS | THE_PERSON | ANYBODY | THE_SYSTEM | PARTS_OF_ACTIONS | OWN_VIEWS_AND_SEARCHES | OF_OPERATORS
    )

    assert named - PUBLIC.keys() == set()


def test_only_actions_log():
    logging = [
        str(path.relative_to(ROOT))
        for path in CASES.rglob("*.py")
        if ACTIONS not in path.parents
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module == "wagtail.log_actions"
        and "log" in {name.name for name in node.names}
    ]

    assert logging == []


def test_no_view_writes_a_model():
    writing = [
        f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node.func)}"
        for folder in ("views", "office", "api", "petitions")
        for path in (CASES / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
        if is_of_a_model(node.func)
    ]

    assert writing == []


def is_of_a_model(call: ast.Attribute) -> bool:
    """Whether a call that may write does: of rows or of a row, not of a form (which calls an action) or a dict."""
    receiver = ast.unparse(call.value)
    if call.attr in {"save", "delete"}:
        return receiver not in {"form", "super()"}
    if call.attr == "update":
        return any(part in receiver for part in (".objects", ".filter(", ".exclude("))
    return ".objects" in receiver or call.attr.startswith("bulk")


def test_the_user_model_has_nothing_that_another_one_would_lack():
    """The apps work with any user model derived from AbstractUser: ours adds no name to it."""
    source = (ROOT / "site" / "cpor_site" / "models.py").read_text(encoding="utf-8")
    [user] = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    names = {node.name for node in user.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    names |= {
        target.id
        for node in user.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    assert user.bases[0].id == "AbstractUser"
    assert names - set(dir(AbstractUser)) == set()
