"""A site with the public pages and without the service: no accounts, no cases, no allauth."""

from .common import *  # noqa: F403
from .common import APPS, ROOT, TEMPLATES

INSTALLED_APPS = ["cpor_pages", "cpor_core", *APPS]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cpor_core.sent_forms.SentFormsMiddleware",
]
ROOT_URLCONF = "drills.alone.pages_alone_urls"
TEMPLATES[0]["DIRS"] = [ROOT / "templates" / "opt_in" / "frame", ROOT / "templates"]
