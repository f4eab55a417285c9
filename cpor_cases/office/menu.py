"""The office's screens, in the order of the menu."""

from .activations.viewset import ActivationViewSet
from .applications.viewset import ApplicationViewSet
from .audit.viewset import AuditViewSet
from .caller_help.viewset import CallViewSet
from .cases.viewset import CaseViewSet
from .courts.viewset import CourtViewSet
from .hearing_notices.viewset import HearingNoticeViewSet
from .imports.viewset import ImportViewSet
from .mails.viewset import MailViewSet
from .manifests.viewset import ManifestViewSet
from .posts.viewset import PostViewSet
from .reasons.viewset import ReasonViewSet
from .reports.viewset import ReportViewSet
from .rhythms.viewset import RhythmViewSet
from .staff.viewset import StaffViewSet
from .tokens.viewset import TokenViewSet

VIEWSETS = [
    CallViewSet(),
    ApplicationViewSet(),
    CaseViewSet(),
    HearingNoticeViewSet(),
    ActivationViewSet(),
    MailViewSet(),
    ImportViewSet(),
    ManifestViewSet(),
    PostViewSet(),
    StaffViewSet(),
    CourtViewSet(),
    RhythmViewSet(),
    TokenViewSet(),
    ReportViewSet(),
    AuditViewSet(),
]


# For service managers: these belong to no court.
SERVICE_VIEWSETS = [ReasonViewSet()]
