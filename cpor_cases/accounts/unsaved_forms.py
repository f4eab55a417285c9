"""What a person typed into a form of theirs after their log-in had ended, kept for an hour until they are logged in again.

It is kept in the session of the browser it was typed in, enciphered: the key is in a cookie of that browser and nowhere
else, so whoever reads the database, or a backup of it, cannot read it. It works without JavaScript, and is given back
only to the account whose form it was: the form carries that account's signed key.
"""

import datetime as dt
import json

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

KEY = "typed_text"
LONGEST = 20_000  # characters; our forms hold far less
KEPT_FOR = dt.timedelta(hours=1)
SALT = "cpor_cases.accounts.unsaved_forms"


def cookie_name() -> str:
    return f"{settings.COOKIE_PREFIX}typed_text_key"


def owner_mark(account) -> str:
    """Return what a form carries so that its text finds its owner again."""
    return signing.Signer(salt=SALT).sign(str(account.pk))


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Keep a form that was sent without log-in, if we made it for somebody; `response` takes the key to the browser."""
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    typed = fields.urlencode()
    if not _owner_of(fields) or len(typed) > LONGEST:
        return
    key = Fernet.generate_key()
    content = Fernet(key).encrypt(json.dumps({"path": request.path, "fields": typed}).encode())
    request.session[KEY] = {"until": (timezone.now() + KEPT_FOR).timestamp(), "content": content.decode()}
    response.set_cookie(
        cookie_name(),
        key.decode(),
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def take_back(request: HttpRequest) -> QueryDict | None:
    """Return, once, what the person who is logged in now typed into the form of this page; None if there is nothing."""
    forget_old(request.session)
    kept = _deciphered(request.session.get(KEY), request.COOKIES.get(cookie_name(), ""))
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[KEY]
    fields = QueryDict(kept["fields"])
    return fields if _owner_of(fields) == str(request.user.pk) else None


def forget_old(session: SessionBase) -> None:
    """Let go of what is older than an hour, or was kept readable by an earlier version."""
    kept = session.get(KEY)
    if kept is not None and kept.get("until", 0) <= timezone.now().timestamp():
        del session[KEY]


def _deciphered(kept: dict | None, key: str) -> dict | None:
    if kept is None:
        return None
    try:
        return json.loads(Fernet(key).decrypt(kept["content"]))
    except (InvalidToken, ValueError):  # another browser's key, or none
        return None


def _owner_of(fields: QueryDict) -> str | None:
    """Return the key of the account whose form this is; None if the mark is not ours."""
    try:
        return signing.Signer(salt=SALT).unsign(fields.get("typed_by", ""))
    except signing.BadSignature:
        return None
