"""Keys, hosts, headers and cookies."""

from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
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
# What of keys of before is kept, as long as people check old mails, to read the codes in them: `rotate_secrets` prints it.
CHECK_CODE_KEYS = env.list("CHECK_CODE_KEYS", read=values.hexadecimal)
BASE_URL = env("BASE_URL", default="http://localhost:8000", read=values.site_address)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"], read=values.allowed_host
)
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # Wagtail's own previews say otherwise for themselves.
# What no page of the site needs, no page may ask a browser for: not even one into which a script was smuggled.
PERMISSIONS_POLICY = ", ".join(
    [
        *(
            "publickey-credentials-create=(self)",
            "publickey-credentials-get=(self)",
            "clipboard-write=(self)",
        ),
        *("accelerometer=()", "autoplay=()", "camera=()", "clipboard-read=()", "display-capture=()"),
        *(
            "encrypted-media=()",
            "fullscreen=()",
            "geolocation=()",
            "gyroscope=()",
            "hid=()",
            "idle-detection=()",
        ),
        *(
            "local-fonts=()",
            "magnetometer=()",
            "microphone=()",
            "midi=()",
            "payment=()",
            "picture-in-picture=()",
        ),
        *("screen-wake-lock=()", "serial=()", "usb=()", "xr-spatial-tracking=()"),
    ]
)
COOKIE_PREFIX = ""  # of every cookie of ours; production says __Host-
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
SESSION_MAX_HOURS = env.int("SESSION_MAX_HOURS", default=12)  # after which a log-in ends, however busy it is
IDLE_WARNING_SECONDS = 2 * 60
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
# Wagtail's rich text editor (Draftail) writes style elements as one types, with names made up each time, so that no hash
# could allow them; the fields for tags (tag-it, jQuery UI) write style attributes. Pictures are shown before they are
# uploaded. Scripts need no exception: those that Wagtail writes into its pages are replaced (cpor_core.office.widget_starters).
OFFICE_CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY["DIRECTIVES"] | {
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}
