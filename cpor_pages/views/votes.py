"""Was this helpful?"""

from allauth.core import ratelimit
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cpor_pages.models import AnswerPage
from cpor_pages.office import counters


# Without a token: the page is kept for all readers alike, nobody is logged in for this, and a forged vote
# is worth no more than a click. The rate limit keeps one reader from counting as many.
@csrf_exempt
@require_POST
def vote(request, pk: int) -> HttpResponse:
    """Count one voice, then thank on a page of its own."""
    answer = get_object_or_404(AnswerPage.objects.live(), pk=pk)
    if ratelimit.consume(request, action="answer_vote") and request.POST.get("helpful") in ("yes", "no"):
        counters.count_vote(answer, helpful=request.POST["helpful"] == "yes")
    return redirect("answer_thanks", pk=pk)


def thanks(request, pk: int) -> HttpResponse:
    answer = get_object_or_404(AnswerPage.objects.live(), pk=pk)
    return render(request, "cpor_pages/answer_thanks.html", {"answer": answer})
