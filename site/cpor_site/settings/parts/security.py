"""Keys, hosts, headers and cookies."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

from cpor_site.settings import values

from .environment import VAR_DIR, env


def stored_secret_key(path: Path) -> str:
    """Return the secret key stored in `path`. Make it if it is missing, readable by its owner alone."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key(), encoding="ascii")
    return path.read_text(encoding="ascii")


DEBUG = False
SECRET_KEY = env("SECRET_KEY", read=values.secret_key)
if not SECRET_KEY and not env.faults:
    SECRET_KEY = stored_secret_key(VAR_DIR / "secret-key")
# Keys of before, which still read what they signed or encrypted until `rotate_secrets` has been run.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS")
if SECRET_KEY in SECRET_KEY_FALLBACKS:
    env.refuse("SECRET_KEY_FALLBACKS", "holds SECRET_KEY itself: say the key of before.")
BASE_URL = env("BASE_URL", default="http://localhost:8000", read=values.site_address)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"], read=values.allowed_host
)
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # Wagtail's own previews say otherwise for themselves.
SESSION_COOKIE_NAME = "sessionid"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "csrftoken"
CSRF_COOKIE_HTTPONLY = True  # scripts read the token from the page
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "cpor_core.message_cookies.MessageStorage"
# Half an hour without a request ends a log-in; each request begins it anew, noted once a minute
# (cpor_cases.accounts.middleware.sessions.IdleMiddleware).
SESSION_COOKIE_AGE = (30 + 1) * 60
SESSION_COOKIE_SAMESITE = "Lax"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
