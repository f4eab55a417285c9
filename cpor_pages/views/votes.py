"""Votes on whether an answer was helpful."""

from allauth.core import ratelimit
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cpor_pages.models import AnswerPage
from cpor_pages.office import counters


# No CSRF token: the page is cached for all readers, nobody is logged in for this, and a forged vote is worth no more
# than a click. The rate limit keeps one reader from voting many times.
@csrf_exempt
@require_POST
def vote(request, pk: int) -> HttpResponse:
    """Count a vote and redirect to the page that says thank you; a vote over the rate limit is not counted."""
    answer = get_object_or_404(AnswerPage.objects.live(), pk=pk)
    if ratelimit.consume(request, action="answer_vote") and request.POST.get("helpful") in ("yes", "no"):
        counters.count_vote(answer, helpful=request.POST["helpful"] == "yes")
    return redirect("answer_thanks", pk=pk)


def thanks(request, pk: int) -> HttpResponse:
    answer = get_object_or_404(AnswerPage.objects.live(), pk=pk)
    return render(request, "cpor_pages/answer_thanks.html", {"answer": answer})
