"""The list of open case words for download."""

from django.http import Http404, HttpResponse
from django.utils import timezone

from cpor_pages.models.case_words import open_words_by_category
from cpor_pages.word_lists import FORMATS, as_file, word_list


def download(request, kind: str) -> HttpResponse:
    """The words open today, in one of the formats."""
    if kind not in FORMATS:
        raise Http404
    day = timezone.localdate()
    words = [word for _category, listed in open_words_by_category(day=day) for word in listed]
    response = HttpResponse(as_file(word_list(words, day=day), kind), content_type=FORMATS[kind])
    response["Content-Disposition"] = f'attachment; filename="open-case-words-{day:%Y-%m-%d}.{kind}"'
    return response
