"""What is stored: the facts of cases, of who may see them and of what was told to whom."""

from .access import Activation, CaseAccess
from .account_addresses import AccountAddress
from .announcements import Announcement
from .applications import Application, PartyRole, RefusalReason
from .audit import CourtLogEntry
from .bounces import BouncedAddress, UnreadReport
from .calendar_feed import CalendarFeed
from .cases import Case, MergedCase
from .courts import CaseWord, Category, ClerkPost, Court, CourtTier, WordTier
from .enrolment import EnrolmentLink
from .imports import ImportRun, RejectedRow
from .kept_searches import KeptSearch
from .mail import MailSlot, OutgoingMail
from .password_reset_requests import PasswordResetRequest
from .passwords import PastPassword
from .progress import ProgressEntry, ProgressKind
from .sent_forms import SentForm
from .submissions import Submission, SubmissionPart
from .ticks import Tick
from .tokens import ApiToken
from .uploads import Upload, UploadPart

__all__ = [
    "AccountAddress",
    "Activation",
    "Announcement",
    "ApiToken",
    "Application",
    "BouncedAddress",
    "CalendarFeed",
    "Case",
    "CaseAccess",
    "CaseWord",
    "Category",
    "ClerkPost",
    "Court",
    "CourtLogEntry",
    "CourtTier",
    "EnrolmentLink",
    "ImportRun",
    "KeptSearch",
    "MailSlot",
    "MergedCase",
    "OutgoingMail",
    "PartyRole",
    "PasswordResetRequest",
    "PastPassword",
    "ProgressEntry",
    "ProgressKind",
    "RefusalReason",
    "RejectedRow",
    "SentForm",
    "Submission",
    "SubmissionPart",
    "Tick",
    "UnreadReport",
    "Upload",
    "UploadPart",
    "WordTier",
]
