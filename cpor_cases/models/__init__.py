"""What is stored: the facts of cases, of who may see them and of what was told to whom."""

from .access import Activation, CaseAccess
from .account_addresses import AccountAddress
from .announcements import Announcement
from .applications import Application, RefusalReason
from .audit import CourtLogEntry
from .bounces import BouncedAddress, UnreadReport
from .calendar_feed import CalendarFeed
from .cases import Case, MergedCase
from .enrolment import EnrolmentLink
from .imports import ImportRun, RejectedRow
from .kept_searches import KeptSearch
from .litigants import Litigant, litigant_of
from .mail import MailSlot, OutgoingMail
from .password_reset_requests import PasswordResetRequest
from .passwords import PastPassword
from .progress import ProgressEntry
from .submissions import Submission, SubmissionPart
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
    "CourtLogEntry",
    "EnrolmentLink",
    "ImportRun",
    "KeptSearch",
    "Litigant",
    "MailSlot",
    "MergedCase",
    "OutgoingMail",
    "PasswordResetRequest",
    "PastPassword",
    "ProgressEntry",
    "RefusalReason",
    "RejectedRow",
    "Submission",
    "SubmissionPart",
    "UnreadReport",
    "Upload",
    "UploadPart",
    "litigant_of",
]
