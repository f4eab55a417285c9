"""Links that open something: whoever has one could act as the person. They belong in no log and on no screen."""

import re

# /accounts/activate/…, /accounts/password/reset/key/…, /accounts/confirm-email/…, /accounts/2fa/enrol/…, /accounts/email/undo/…,
# /cases/unsubscribe/…, ?key=…
_SECRETS = re.compile(r"(/(?:activate|enrol|key|confirm-email|undo|unsubscribe)/|[?&]key=)[^/?&\s'\"<>]+")


def blanked(text: str) -> str:
    """Return `text` with the secret part of every such link replaced by “…”."""
    return _SECRETS.sub(r"\1…", text)
