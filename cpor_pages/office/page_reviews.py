"""Yearly review of the public pages: each is published again, or confirmed to be still right, once a year."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry
from wagtail.permission_policies.pages import PagePermissionPolicy

from cpor_core import conf, languages

REVIEWED = "cpor_pages.review"
TOGETHER = dt.timedelta(minutes=10)  # published so soon one after the other, two versions belong together


def latest_day_of_review(now: dt.datetime | None = None) -> dt.datetime:
    """Return the latest moment of a last review that is PAGE_REVIEW_MONTHS ago: pages reviewed before it are due."""
    return (now or timezone.now()) - relativedelta(months=conf.PAGE_REVIEW_MONTHS)


def waiting_for(user, now: dt.datetime | None = None) -> QuerySet:
    """Return the live pages that `user` may change and whose review is due, the longest overdue first.

    `reviewed_at` is the last publication or review of each.
    """
    return _own(user).filter(reviewed_at__lt=latest_day_of_review(now))


def older_translations(user) -> QuerySet:
    """Return the live pages that `user` may change and whose original was published after their last publication or
    review: what they say may no longer be what the page in the first language says. The original's day is `original_at`.
    """
    originals = Page.objects.filter(
        live=True, locale__language_code=languages.first(), translation_key=OuterRef("translation_key")
    )
    translations = _own(user).exclude(locale__language_code=languages.first()).filter(alias_of=None)
    published = Subquery(originals.values("last_published_at")[:1])
    return translations.annotate(original_at=published).filter(original_at__gt=F("reviewed_at") + TOGETHER)


def _own(user) -> QuerySet:
    """Return the live pages that `user` may change, with their last publication or review in `reviewed_at`."""
    reviews = PageLogEntry.objects.filter(page=OuterRef("pk"), action=REVIEWED).order_by("-timestamp")
    published = Coalesce("last_published_at", "first_published_at", "latest_revision_created_at")
    reviewed = Subquery(reviews.values("timestamp")[:1])
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    return (
        pages.filter(live=True, depth__gte=2)
        .annotate(reviewed_at=Greatest(published, Coalesce(reviewed, published)))
        .select_related("locale", "content_type")
        .order_by("reviewed_at", "pk")
    )


def note_review(page: Page, *, by) -> None:
    """Log, in the page's own history, that somebody has reviewed the page and found it right."""
    log(instance=page, action=REVIEWED, user=by)
