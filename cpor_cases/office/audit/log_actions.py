"""The names of the logged actions, for histories and the audit."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.models import (
    Activation,
    ApiToken,
    Application,
    Case,
    CaseAccess,
    CourtLogEntry,
    ImportRun,
    IncomingFile,
    OutgoingMail,
    Petition,
    ProgressEntry,
    StaffInvitation,
)
from cpor_core.models import ClerkPost, Court

OF_A_COURT = [
    Activation,
    ApiToken,
    Application,
    Case,
    CaseAccess,
    ClerkPost,
    Court,
    ImportRun,
    IncomingFile,
    OutgoingMail,
    Petition,
    ProgressEntry,
    StaffInvitation,
]

ACTIONS = {
    "application.approve": (_("Approve application"), _("Application approved")),
    "application.refuse": (_("Refuse application"), _("Application refused")),
    "application.take_back_refusal": (_("Take refusal back"), _("Refusal taken back")),
    "application.decide_again": (_("Decide again"), _("Recorded anew for a second decision")),
    "application.edit": (_("Edit application"), _("Application edited")),
    "application.readdress": (_("Correct address"), _("Address corrected, email sent there")),
    "access.grant": (_("Grant access"), _("Access to the case granted")),
    "access.revoke": (_("Revoke access"), _("Access to the case revoked")),
    "access.leave": (_("Give up access"), _("Access given up by the person")),
    "activation.activate": (_("Activate account"), _("Account activated")),
    "activation.lock": (_("Lock activation link"), _("Activation link locked after wrong names")),
    "activation.unlock": (_("Send new activation link"), _("New activation link sent, lock lifted")),
    "account.close": (_("Close account"), _("Account closed")),
    "case.view": (_("View case"), _("Case viewed")),
    "case.inspect": (_("Open case in the office"), _("Case opened in the office")),
    "petition.inspect": (_("Open petition in the office"), _("Petition opened in the office")),
    "application.inspect": (_("Open application in the office"), _("Application opened in the office")),
    "activation.inspect": (_("Open activation in the office"), _("Activation opened in the office")),
    "mail.inspect": (_("Open email in the office"), _("Email opened in the office")),
    "import.inspect": (_("Open import in the office"), _("Import opened in the office")),
    "account.inspect": (_("Open account in the office"), _("Account opened in the office")),
    "rows.view": (_("View list"), _("List or search result viewed")),
    "case.make": (_("Make case"), _("Case made")),
    "case.transfer": (_("Transfer case"), _("Case transferred to another division")),
    "case.merge": (_("Merge cases"), _("Case merged with another one")),
    "entry.record": (_("Record progress entry"), _("Progress entry recorded")),
    "entry.correct": (_("Correct progress entry"), _("Progress entry corrected")),
    "entry.withdraw": (_("Withdraw progress entry"), _("Progress entry withdrawn")),
    "entry.choose_hearing": (_("Choose hearing"), _("Said which hearing was moved or called off")),
    "hearing.tell": (_("Tell of changed hearing"), _("Told by telephone of a changed hearing")),
    "hearing.known": (_("Know of changed hearing"), _("Said to know of a changed hearing")),
    "entry.publish": (_("Tell of progress entry at once"), _("Hold ended: people told at once")),
    "import.run": (_("Run import"), _("Import run")),
    "import.stop": (_("Stop import"), _("Import stopped")),
    "import.answer": (_("Say why rows do not come"), _("Said why rejected rows do not come in corrected")),
    "import.take_back_answer": (_("Take answer back"), _("Answer about rejected rows taken back")),
    "import.fetch_rejected": (_("Download rejected rows"), _("Rejected rows of the import downloaded")),
    "upload.dry_run": (_("Upload file"), _("File uploaded for a dry run")),
    "upload.take": (_("Import uploaded file"), _("Uploaded file imported")),
    "upload.discard": (_("Discard uploaded file"), _("Uploaded file discarded")),
    "mail.repeat": (_("Send email again"), _("Email sent again")),
    "court.edit": (_("Edit court"), _("Settings of the court changed")),
    "court.rhythm": (
        _("Set times of the court's data"),
        _("Times at which the court's data is expected changed"),
    ),
    "court.close": (_("Mark closed days"), _("Closed days of the court marked")),
    "court.reopen": (_("Take back closed days"), _("Closed days of the court taken back")),
    "court.manifest": (
        _("Upload a manifest"),
        _("Manifest of the court's system uploaded and compared"),
    ),
    "office.export": (_("Download list"), _("List of the office downloaded")),
    "court.fetch_audit": (_("Download audit"), _("Audit of the court downloaded")),
    "post.assign": (_("Assign clerk"), _("Clerk assigned to the court")),
    "staff.invite": (_("Invite to the office"), _("Invited to the office by email")),
    "staff.withdraw": (_("Withdraw invitation"), _("Invitation to the office withdrawn")),
    "staff.join": (_("Begin in the office"), _("Invitation to the office accepted")),
    "staff.end": (_("End work in the office"), _("Work in the office ended: no posts, no log-ins any more")),
    "factor.invite": (_("Issue enrolment link"), _("Link to set up a second factor issued")),
    "factor.enrol": (_("Set up second factor"), _("First second factor set up by the link")),
    "factor.reset": (_("Reset second factor"), _("Second factor reset, all log-ins ended")),
    "session.end": (_("End log-ins"), _("Log-ins of a member of staff ended")),
    "token.issue": (_("Make API token"), _("API token made")),
    "token.revoke": (
        pgettext_lazy("court system", "Revoke API token"),
        pgettext_lazy("court system", "API token revoked"),
    ),
    "post.remove": (_("Remove clerk"), _("Clerk removed from the court")),
}


# The events of the security log about staff, by event and outcome (actions/security_audit).
SECURITY = {
    "login_success": _("Logged in"),
    "login_failure": _("Log-in failed"),
    "logout_success": pgettext_lazy("account", "Logged out"),
    "reauthentication_failure": _("Wrong password when asked again"),
    "second_factor_success": _("Second factor used"),
    "second_factor_failure": _("Wrong second factor"),
    "factor_added_success": _("Second factor added"),
    "factor_removed_success": _("Second factor removed"),
    "factor_reset_success": _("Recovery codes or second factor made anew"),
    "password_changed_success": _("Password changed"),
    "password_reset_success": _("Password set anew by email"),
    "address_changed_success": _("Email address changed"),
    "account_renamed_success": _("Name of an account changed"),
    "account_activated_success": _("Account activated: it may log in"),
    "account_deactivated_success": _("Account deactivated: it may not log in"),
    "roles_changed_success": _("Roles changed"),
    "refusal_failure": _("Refused: not permitted, or not there"),
    "rate_limit_failure": _("Refused: too many attempts"),
}


def register_log_actions(actions) -> None:
    """Register the names of the actions, and the log model that keeps the court of each row."""
    for model in OF_A_COURT:
        actions.register_model(model, CourtLogEntry)
    for name, (label, message) in ACTIONS.items():
        actions.register_action(f"cpor_cases.{name}", label, message)
    for name, message in SECURITY.items():
        actions.register_action(f"cpor_cases.security.{name}", message, message)
