"""The models of the service: one a file, each with its queryset."""

from .account_addresses import AccountAddress
from .activations import Activation
from .announcements import Announcement
from .api_tokens import ApiToken
from .applications import Application
from .bounced_addresses import BouncedAddress
from .calendar_feeds import CalendarFeed
from .case_accesses import CaseAccess
from .cases import Case
from .changed_kinds import ChangedKind
from .clarity_counters import ClarityCounter
from .clarity_votes import ClarityVote
from .court_closures import CourtClosure
from .court_delays import CourtDelay
from .court_log_entries import CourtLogEntry
from .court_rhythms import CourtRhythm
from .enrolment_links import EnrolmentLink
from .hearing_notices import HearingNotice
from .import_runs import ImportRun
from .incoming_file_parts import IncomingFilePart
from .incoming_files import IncomingFile
from .later_case_texts import LaterCaseText
from .later_entries import LaterEntry
from .litigants import Litigant, litigant_of
from .manifests import Manifest, ManifestDifference, ManifestPart
from .merged_cases import MergedCase
from .occasions import Occasion
from .outgoing_mails import OutgoingMail
from .password_reset_requests import PasswordResetRequest
from .past_entries import PastEntry
from .past_passwords import PastPassword
from .petition_counters import PetitionCounter
from .petitions import Petition
from .progress_entries import ProgressEntry
from .rate_slots import RateSlot
from .refusal_reasons import RefusalReason
from .rejected_rows import RejectedRow
from .rejection_groups import RejectionGroup
from .run_warnings import RunWarning
from .saved_searches import SavedSearch
from .self_checks import SelfCheck
from .sending_days import SendingDay
from .service_spans import ServiceSpan
from .staff_invitations import StaffInvitation
from .times_to_know import TimeToKnow
from .unread_reports import UnreadReport
from .waiting_times import WaitingTime

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
    "ChangedKind",
    "ClarityCounter",
    "ClarityVote",
    "CourtClosure",
    "CourtLogEntry",
    "CourtRhythm",
    "CourtDelay",
    "EnrolmentLink",
    "HearingNotice",
    "ImportRun",
    "RunWarning",
    "SavedSearch",
    "SelfCheck",
    "SendingDay",
    "ServiceSpan",
    "StaffInvitation",
    "LaterCaseText",
    "LaterEntry",
    "Litigant",
    "RateSlot",
    "Manifest",
    "ManifestDifference",
    "ManifestPart",
    "MergedCase",
    "Occasion",
    "OutgoingMail",
    "PasswordResetRequest",
    "PastEntry",
    "PastPassword",
    "Petition",
    "PetitionCounter",
    "ProgressEntry",
    "RefusalReason",
    "RejectedRow",
    "RejectionGroup",
    "IncomingFile",
    "IncomingFilePart",
    "TimeToKnow",
    "UnreadReport",
    "WaitingTime",
    "litigant_of",
]
