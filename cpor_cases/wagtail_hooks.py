"""Where the service meets Wagtail's admin. Registration only."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from .backoffice.log_actions import register_log_actions
from .models import (
    Activation,
    Application,
    Case,
    CaseAccess,
    ClerkPost,
    ImportRun,
    OutgoingMail,
    ProgressEntry,
)
from .permissions import CourtHorizonPolicy, PostPolicy

for model in (Application, Case, CaseAccess, Activation, ProgressEntry, OutgoingMail, ImportRun):
    register_permission_policy(model, CourtHorizonPolicy(model))
register_permission_policy(ClerkPost, PostPolicy(ClerkPost))

hooks.register("register_log_actions", register_log_actions)
