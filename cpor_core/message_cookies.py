"""Messages in a cookie that is named with conf.COOKIE_PREFIX, like all cookies of the site."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest

from cpor_core import conf


class MessageCookieStorage(CookieStorage):
    """Django's, under a name that carries the prefix."""

    def __init__(self, request: HttpRequest):
        super().__init__(request)
        self.cookie_name = f"{conf.COOKIE_PREFIX}messages"


class MessageStorage(FallbackStorage):
    """A cookie for what fits into one, so that a message to an anonymous visitor needs no session row."""

    storage_classes = (MessageCookieStorage, SessionStorage)
