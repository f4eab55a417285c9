"""News as an Atom feed, one in each language."""

import datetime as dt

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from cpor_core import branding
from cpor_core.links import absolute
from cpor_core.punctuation import labelled

from .models import NewsPage

MOST_ITEMS = 20


class NewsFeed(Feed):
    feed_type = Atom1Feed

    def title(self) -> str:
        return labelled(branding.service_name(), _("News"))

    def subtitle(self) -> str:
        return _("What changes in the service will be told here.")

    def link(self) -> str:
        return absolute(reverse("wagtail_serve", args=["news/"]))

    def feed_url(self) -> str:
        return absolute(reverse("news_feed"))

    def items(self):
        news = NewsPage.objects.live().filter(locale__language_code=translation.get_language())
        return news.order_by("-date", "-pk")[:MOST_ITEMS]

    def item_title(self, item: NewsPage) -> str:
        return item.title

    def item_description(self, item: NewsPage) -> str:
        return item.summary

    def item_link(self, item: NewsPage) -> str:
        return absolute(item.url)

    def item_guid(self, item: NewsPage) -> str:
        return f"urn:uuid:{item.translation_key}:{item.locale.language_code}"

    def item_pubdate(self, item: NewsPage) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(item.date, dt.time()))

    def item_updateddate(self, item: NewsPage) -> dt.datetime:
        return item.last_published_at
