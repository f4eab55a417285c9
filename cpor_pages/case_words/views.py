"""The list of open case words for download, as it stood on any day, and what changed when."""

import datetime as dt

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, pgettext

from cpor_core import content_version
from cpor_core.downloads import name_file

from . import history as history_module
from .downloads import FORMATS, as_file, word_list
from .open_words import by_category, open_words_by_category


def download(request, kind: str) -> HttpResponse:
    """Download the words open today, or on the day of the parameter `on`, in one of FORMATS."""
    if kind not in FORMATS:
        raise Http404
    asked = request.GET.get("on")
    day = _known_day(asked) if asked else timezone.localdate()
    groups = by_category(history_module.words_on(day)) if asked else open_words_by_category(day=day)
    words = [word for _category, listed in groups for word in listed]
    response = HttpResponse(as_file(word_list(words, day=day), kind), content_type=FORMATS[kind])
    ending = f"{day:%Y-%m-%d}.{kind}"
    title = pgettext("downloaded file", "Open case words")
    name_file(response, f"{title}-{ending}", fallback=f"open-case-words-{ending}")
    return response


def as_of(request, day: str) -> HttpResponse:
    """Show the list as of one day. Once the day is over, the page at this address does not change."""
    date = _known_day(day)
    groups = by_category(history_module.words_on(date))
    context = {"day": date, "groups": groups, "is_today": date == timezone.localdate()}
    return render(request, "cpor_pages/case_words_as_of.html", context)


def history(request) -> HttpResponse:
    """Which word was opened, closed or described anew, when."""
    days = content_version.cached(f"case_word_history.{get_language()}", history_module.days)
    return render(request, "cpor_pages/case_words_history.html", {"days": days})


def _known_day(text: str) -> dt.date:
    """Return the day if the history reaches back to it; 404 for what is no day, too early or yet to come."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    first = history_module.first_day()
    if not first or not first <= day <= timezone.localdate():
        raise Http404
    return day
