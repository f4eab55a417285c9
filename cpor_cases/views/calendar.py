"""Hearings for a person's own calendar: the address a calendar program fetches, its page, and one hearing alone."""

import hashlib
import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views import View
from django.views.decorators.cache import never_cache

from cpor_cases import icalendar_feed
from cpor_cases.actions import calendar_feeds, view_log, viewing
from cpor_cases.hearings import of_cases
from cpor_cases.hearings.of_cases import CalendarHearing
from cpor_cases.mail import links
from cpor_cases.models import CalendarFeed, CaseAccess
from cpor_core.allauth_internals import client_address, consume_limit
from cpor_core.downloads import name_file
from cpor_core.switches import Switched
from cpor_core.view_types import LoggedInRequest

CONTENT_TYPE = "text/calendar; charset=utf-8"
PAUSE = 60  # seconds, after too many wrong keys


def _pause_key(request: HttpRequest) -> str:
    return f"cpor_cases.hearing_feed.paused:{client_address(request)}"


def _is_paused(request: HttpRequest) -> bool:
    """Whether so many wrong keys came from this internet address that it is refused for PAUSE seconds, right keys included.

    One read of the cache, without the lock of allauth's count: a calendar service fetches for many people from one address.
    """
    return cache.get(_pause_key(request), False)


def _may_try_again(request: HttpRequest) -> bool:
    """Count a wrong key. Return whether the limit still allows it."""
    if consume_limit(request, action="hearing_feed"):
        return True
    cache.set(_pause_key(request), True, PAUSE)
    return False


def _content(hearings: list[CalendarHearing], title: str) -> bytes:
    kinds = icalendar_feed.kinds_to_explain(hearings, title=title)
    return icalendar_feed.calendar_of(hearings, title=title, kinds=kinds)


class HearingFeedView(Switched):
    """All hearings of the account that the key belongs to. A wrong, replaced or ended key gets the same 404."""

    switch = "HAS_CALENDAR_FEED"

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        if _is_paused(request):
            return self._too_many()
        feed = CalendarFeed.objects.opened_by(request.GET.get("key", "")).first()
        if feed is None:
            return self._not_found() if _may_try_again(request) else self._too_many()
        calendar_feeds.note_fetch(feed)
        return self._calendar(request, feed)

    def _calendar(self, request: HttpRequest, feed: CalendarFeed) -> HttpResponse:
        hearings = of_cases.for_calendar(CaseAccess.objects.visible_to(feed.account))
        title = gettext_lazy("Hearings fetched by a calendar")
        viewing.show_rows(self.request, [each.access for each in hearings], title=title, by=feed.account)
        content = _content(hearings, feed.title)
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        response = HttpResponse(content, content_type=CONTENT_TYPE, headers={"ETag": etag})
        return self._plain(get_conditional_response(request, etag=etag, response=response) or response)

    def _not_found(self) -> HttpResponse:
        return self._plain(HttpResponseNotFound(_("There is no calendar at this address.")))

    def _too_many(self) -> HttpResponse:
        return self._plain(HttpResponse(status=429, headers={"Retry-After": str(PAUSE)}))

    def _plain(self, response: HttpResponse) -> HttpResponse:
        """Let nobody else cache the response, have it revalidated, and send the key to no other site."""
        patch_cache_control(response, private=True, no_cache=True)
        response.headers["Referrer-Policy"] = "no-referrer"
        if response.status_code >= 400:
            response.headers["Content-Type"] = "text/plain; charset=utf-8"
        return response


@method_decorator(never_cache, name="dispatch")
class HearingView(LoginRequiredMixin, View):
    """One hearing that is to come, as a file for the calendar at hand."""

    http_method_names = ["get", "head"]

    def get(self, request: LoggedInRequest, public_id: uuid.UUID, entry: int) -> HttpResponse:
        access = CaseAccess.objects.visible_to(request.user).of_case(public_id)
        hearing = next(
            (each for each in of_cases.for_calendar(access) if self._is_asked_for(each, entry)), None
        )
        if hearing is None:
            raise Http404
        view_log.log_case_views(access.select_related("case__court"), by=request.user, opened=False)
        feed = CalendarFeed.objects.filter(account=request.user).first()
        title = feed.title if feed else CalendarFeed.Title.HEARING
        content = _content([hearing], title)
        ending = f"{timezone.localdate(hearing.hearing.at):%Y-%m-%d}.ics"
        title = pgettext("downloaded file", "Hearing")
        # Inline: a phone then offers to add it, where an attachment would only be filed away.
        response = HttpResponse(content, content_type=CONTENT_TYPE)
        name_file(response, f"{title}-{ending}", fallback=f"hearing-{ending}", is_inline=True)
        return response

    def _is_asked_for(self, each: of_cases.CalendarHearing, entry: int) -> bool:
        return entry in each.hearing.entries and each.hearing.is_to_come()


class CalendarForm(forms.ModelForm):
    """What the calendar calls each hearing."""

    class Meta:
        model = CalendarFeed
        fields = ["title"]
        labels = {"title": gettext_lazy("What each hearing is called in your calendar")}
        help_texts = {"title": gettext_lazy("Whoever can view your calendar can read it.")}
        widgets = {"title": forms.RadioSelect}


@method_decorator(never_cache, name="dispatch")
class CalendarView(LoginRequiredMixin, Switched):
    """Makes a person's calendar address, shows whether it is fetched, replaces it or switches it off."""

    switch = "HAS_CALENDAR_FEED"

    request: LoggedInRequest

    def get(self, request: LoggedInRequest) -> HttpResponse:
        feed = self._feed()
        return self._page(feed, CalendarForm(instance=feed))

    def post(self, request: LoggedInRequest) -> HttpResponse:
        if request.POST.get("action") == "switch_off":
            calendar_feeds.switch_off(request.user)
            messages.success(
                request, _("The calendar address is switched off. Calendars find nothing there now.")
            )
            return redirect("cpor_cases:calendar")
        feed = self._feed()
        form = CalendarForm(request.POST, instance=feed)
        if not form.is_valid():
            return self._page(feed, form)
        title = form.cleaned_data["title"]
        if request.POST.get("action") == "choose_title":
            calendar_feeds.choose_title(account=request.user, title=title)
            messages.success(request, _("Saved. Calendars show it the next time they fetch."))
            return redirect("cpor_cases:calendar")
        key = calendar_feeds.make_address(account=request.user, title=title)
        return self._page(self._feed(), form, address=_address(key))

    def _feed(self) -> CalendarFeed | None:
        return CalendarFeed.objects.filter(account=self.request.user).first()

    def _page(self, feed: CalendarFeed | None, form: CalendarForm, address: str = "") -> HttpResponse:
        context = {
            "feed": feed,
            "form": form,
            "address": address,
            "webcal_address": address.replace("https:", "webcal:", 1).replace("http:", "webcal:", 1),
        }
        return render(self.request, "cpor_cases/calendar.html", context)


def _address(key: str) -> str:
    return links.absolute(reverse("cpor_cases:hearings")) + f"?key={key}"
