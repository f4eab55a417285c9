"""Forms that a person sent after the log-in had ended: stored for an hour, until the person is logged in again.

A form is stored in the session of its browser, encrypted. The key is in a cookie of that browser and nowhere else, so
nobody can read the form in the database or a backup. This works without JavaScript. The form goes back only to the
account that it was made for, whose signed key it carries.
"""

import datetime as dt
import json

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from cpor_core import conf

KEY = "unsaved_form"
LONGEST = 20_000  # characters; our forms hold far less
STORED_FOR = dt.timedelta(hours=1)
SALT = "cpor_cases.accounts.unsaved_forms"


def cookie_name() -> str:
    return f"{conf.COOKIE_PREFIX}unsaved_form_key"


def owner_mark(account) -> str:
    """Return the signed key of an account, which a form made for it carries."""
    return signing.Signer(salt=SALT).sign(str(account.pk))


def store(request: HttpRequest, response: HttpResponse) -> None:
    """Store a form that was sent without log-in, if it was made for an account. `response` sets the cookie with the key."""
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    typed = fields.urlencode()
    if not _owner_of(fields) or len(typed) > LONGEST:
        return
    key = Fernet.generate_key()
    content = Fernet(key).encrypt(json.dumps({"path": request.path, "fields": typed}).encode())
    request.session[KEY] = {"until": (timezone.now() + STORED_FOR).timestamp(), "content": content.decode()}
    response.set_cookie(
        cookie_name(),
        key.decode(),
        max_age=STORED_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def take_back(request: HttpRequest) -> QueryDict | None:
    """Return, once, the stored form of this page if it is of the person who is logged in now, else None."""
    forget_old(request.session)
    stored = _decrypted(request.session.get(KEY), request.COOKIES.get(cookie_name(), ""))
    if stored is None or stored["path"] != request.path:
        return None
    del request.session[KEY]
    fields = QueryDict(stored["fields"])
    return fields if _owner_of(fields) == str(request.user.pk) else None


def forget_old(session: SessionBase) -> None:
    """Delete a stored form that is older than an hour, or that an earlier version stored in the clear."""
    stored = session.get(KEY)
    if stored is not None and stored.get("until", 0) <= timezone.now().timestamp():
        del session[KEY]


def _decrypted(stored: dict | None, key: str) -> dict | None:
    if stored is None:
        return None
    try:
        return json.loads(Fernet(key).decrypt(stored["content"]))
    except (InvalidToken, ValueError):  # another browser's key, or none
        return None


def _owner_of(fields: QueryDict) -> str | None:
    """Return the key of the account that the form was made for; None if the signature is not ours."""
    try:
        return signing.Signer(salt=SALT).unsign(fields.get("typed_by", ""))
    except signing.BadSignature:
        return None
