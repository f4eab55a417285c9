"""URLs of the litigant's pages."""

from allauth.urls import urlpatterns as allauth_patterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from cpor_core.url_patterns import without

from .views.account import AccountView, GoOnView
from .views.account_actions import patterns as account_actions
from .views.activation import ActivateView, RenewLinkView
from .views.calendar import CalendarView, HearingFeedView, HearingView
from .views.cases import CaseMailsView, CaseSheetView, CasesView, CaseView, MarkSeenView
from .views.clarity import ClarityRecordView, EntryClarityView, MailClarityView
from .views.data_export import ClosedView, CloseView, DownloadView, LeaveView
from .views.hearing_notices import KnownView
from .views.mail_check import MailCheckView
from .views.mails import MailsView, TryAgainView
from .views.record import RecordFileView
from .views.second_factors import patterns as second_factors
from .views.settings import SameForAllView, SettingsView, UnsubscribeView

app_name = "cpor_cases"

urlpatterns = [
    path("", CasesView.as_view(), name="cases"),
    path("seen/", MarkSeenView.as_view(), name="seen"),
    path("calendar/", CalendarView.as_view(), name="calendar"),
    path("hearings.ics", HearingFeedView.as_view(), name="hearings"),
    path("settings/", SettingsView.as_view(), name="settings"),
    path("settings/same-for-all/", SameForAllView.as_view(), name="same_for_all"),
    path("mails/", MailsView.as_view(), name="mails"),
    path("mails/try-again/", TryAgainView.as_view(), name="try_again"),
    path("known/<str:token>/", KnownView.as_view(), name="known"),
    path("clear/", ClarityRecordView.as_view(), name="clarity_record"),
    path("clear/<str:token>/", MailClarityView.as_view(), name="mail_clarity"),
    path("unsubscribe/<str:token>/", UnsubscribeView.as_view(), name="unsubscribe"),
    path("<uuid:public_id>/", CaseView.as_view(), name="case"),
    path("<uuid:public_id>/mails/", CaseMailsView.as_view(), name="case_mails"),
    path("<uuid:public_id>/sheet/", CaseSheetView.as_view(), name="sheet"),
    path("<uuid:public_id>/clear/", EntryClarityView.as_view(), name="entry_clarity"),
    path("<uuid:public_id>/leave/", LeaveView.as_view(), name="leave"),
    path("<uuid:public_id>/hearings/<key:entry>.ics", HearingView.as_view(), name="hearing"),
]

public_patterns: list[URLPattern | URLResolver] = [
    path("check/", MailCheckView.as_view(), name="mail_check"),
    path("apply/", include("cpor_cases.petitions.urls")),
    path("record/figures.csv", RecordFileView.as_view(), name="record_file"),
]

own_account_patterns = [
    path("", AccountView.as_view(), name="account_home"),
    path("data/", DownloadView.as_view(), name="account_data"),
    path("close/", CloseView.as_view(), name="account_close"),
    path("closed/", ClosedView.as_view(), name="account_closed"),
    path("go-on/", GoOnView.as_view(), name="account_go_on"),
    path("activate/<str:token>/", ActivateView.as_view(), name="account_activate"),
    path("activate/<str:token>/renew/", RenewLinkView.as_view(), name="account_renew_link"),
    *account_actions,
    *second_factors,
    # allauth's page for who has just signed up, which nobody does here.
    path(
        "confirm-email/",
        RedirectView.as_view(pattern_name="account_login"),
        name="account_email_verification_sent",
    ),
]

account_patterns = [
    *own_account_patterns,
    *without(allauth_patterns, (each.name for each in own_account_patterns)),
]
