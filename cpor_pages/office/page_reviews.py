"""Pages grow old unnoticed. Each is looked at once a year: published anew, or found to be still right."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry
from wagtail.permission_policies.pages import PagePermissionPolicy

REVIEWED = "cpor_pages.review"


def latest_day_of_review(now: dt.datetime | None = None) -> dt.datetime:
    """Return the moment before which the last review of a page is too long ago."""
    return (now or timezone.now()) - relativedelta(months=settings.PAGE_REVIEW_MONTHS)


def waiting_for(user, now: dt.datetime | None = None) -> QuerySet:
    """Return the live pages a user may change that nobody has looked at for long, the longest first; when, in `looked_at`."""
    reviews = PageLogEntry.objects.filter(page=OuterRef("pk"), action=REVIEWED).order_by("-timestamp")
    published = Coalesce("last_published_at", "first_published_at", "latest_revision_created_at")
    reviewed = Subquery(reviews.values("timestamp")[:1])
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    return (
        pages.filter(live=True, depth__gte=2)
        .annotate(looked_at=Greatest(published, Coalesce(reviewed, published)))
        .filter(looked_at__lt=latest_day_of_review(now))
        .select_related("locale", "content_type")
        .order_by("looked_at", "pk")
    )


def note_review(page: Page, *, by) -> None:
    """Record that somebody has read the page and found it right; it shows in the page's history."""
    log(instance=page, action=REVIEWED, user=by)
