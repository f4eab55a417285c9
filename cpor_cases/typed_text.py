"""What a person typed into a form of theirs after their log-in had ended, kept until they are logged in again.

It is kept in the session of the browser it was typed in, works without JavaScript, and is given back only to the
account whose form it was: the form carries that account's signed key.
"""

from django.core import signing
from django.http import HttpRequest, QueryDict

KEY = "typed_text"
LONGEST = 20_000  # characters; our forms hold far less
_signer = signing.Signer(salt="cpor_cases.typed_text")


def owner_mark(account) -> str:
    """Return what a form carries so that its text finds its owner again."""
    return _signer.sign(str(account.pk))


def keep(request: HttpRequest) -> None:
    """Keep a form that was sent without log-in, if we made it for somebody: strangers store nothing here."""
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    typed = fields.urlencode()
    if _owner_of(fields) and len(typed) <= LONGEST:
        request.session[KEY] = {"path": request.path, "fields": typed}


def take_back(request: HttpRequest) -> QueryDict | None:
    """Return, once, what the person who is logged in now typed into the form of this page; None if there is nothing."""
    kept = request.session.get(KEY)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[KEY]
    fields = QueryDict(kept["fields"])
    return fields if _owner_of(fields) == str(request.user.pk) else None


def _owner_of(fields: QueryDict) -> str | None:
    """Return the key of the account whose form this is; None if the mark is not ours."""
    try:
        return _signer.unsign(fields.get("typed_by", ""))
    except signing.BadSignature:
        return None
