"""Messages in a cookie that is named with settings.COOKIE_PREFIX, like all cookies of the site."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class MessageCookieStorage(CookieStorage):
    """Django's, under a name that carries the prefix."""

    @property
    def cookie_name(self) -> str:
        return f"{settings.COOKIE_PREFIX}messages"


class MessageStorage(FallbackStorage):
    """A cookie for what fits into one, so that a message to an anonymous visitor needs no session row."""

    storage_classes = (MessageCookieStorage, SessionStorage)
