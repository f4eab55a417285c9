"""Authentication by bearer token, and the rate limit of each token."""

import logging
import re
import time

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from cpor_cases.actions import api_tokens
from cpor_cases.models import ApiToken
from cpor_core import conf, log_context

from .problems import Problem, no_valid_token

logger = logging.getLogger(__name__)

_SHAPE = re.compile(re.escape(api_tokens.MARK) + r"[0-9a-f]{64}")
MINUTE = 60


class Call(HttpRequest):
    """A call with a valid token."""

    auth: ApiToken


class TokenOfCourt(HttpBearer):
    """Finds the token in one query; a revoked or expired one counts as none."""

    openapi_description = "A token that the court's manager made: cpor_ and 64 hexadecimal figures."

    def __call__(self, request):
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != self.openapi_scheme:
            raise no_valid_token(given=False)
        return self.authenticate(request, secret.strip())

    def authenticate(self, request, token):
        if not _SHAPE.fullmatch(token):
            raise no_valid_token(given=True)
        found = ApiToken.objects.active().of_secret(token).select_related("court").first()
        if found is None:
            raise no_valid_token(given=True)
        log_context.bind(court=found.court.code, token=found.pk)
        count(found)
        api_tokens.note_use(found)
        return found


def count(token: ApiToken) -> None:
    """Count a call in this minute, over all processes. Raises Problem if the rate limit is exceeded.

    If it cannot be read, the call is accepted: whoever calls has a court's token.
    """
    now = time.time()
    key = f"cpor_cases.api.{token.pk}.{int(now // MINUTE)}"
    try:
        cache.add(key, 0, 2 * MINUTE)
        calls = cache.incr(key)
    except Exception:
        logger.exception("the cache cannot say how often a token calls")
        return
    if calls > conf.API_CALLS_A_MINUTE:
        wait = MINUTE - int(now % MINUTE)
        raise Problem(
            "too-many-calls",
            _("More than %(count)d calls in a minute. Wait %(wait)d seconds.")
            % {"count": conf.API_CALLS_A_MINUTE, "wait": wait},
            Retry_After=str(wait),
        )
