"""The report on pages whose review is due, and the button that confirms a page."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from cpor_core import conf

from . import page_reviews

may_edit = permission_required("cpor_pages.change_courtform", raise_exception=True)


@require_safe
@may_edit
def report(request) -> HttpResponse:
    """List all pages whose review is due, without pagination: a site has as many pages as a person can read."""
    context = {
        "pages": page_reviews.waiting_for(request.user),
        "older": page_reviews.older_translations(request.user),
        "months": conf.PAGE_REVIEW_MONTHS,
    }
    return render(request, "cpor_pages/office/page_reviews.html", context)


@require_POST
@may_edit
def note(request, pk: int) -> HttpResponse:
    """Record a review: the page is still right."""
    page = get_object_or_404(Page.objects.live(), pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    page_reviews.note_review(page, by=request.user)
    messages.success(request, _("“%(page)s” is noted as reviewed today.") % {"page": page.title})
    return redirect("page_reviews_report")
