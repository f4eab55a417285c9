"""What a Wagtail site has before it takes in anything of ours, with its files in the folder HOST_FOLDER."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ["HOST_FOLDER"])

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["testserver"]
APPS = [
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.redirects",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "huey.contrib.djhuey",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]
FORM_RENDERER = "cpor_core.form_renderer.AccessibleFormRenderer"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "site.sqlite3"}}
HUEY = {"name": "host", "huey_class": "huey.MemoryHuey", "immediate": True}
MEDIA_ROOT = FOLDER / "media"
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "site" / "static"]
LANGUAGE_CODE = "zh-hant"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("zh-hant", "繁體中文"), ("en", "English")]
WAGTAIL_I18N_ENABLED = True
WAGTAIL_SITE_NAME = "A court"
WAGTAILADMIN_BASE_URL = "http://testserver"
USE_TZ = True
TIME_ZONE = "Asia/Taipei"
CPOR = {"VAR_DIR": str(FOLDER), "REQUIRED_LANGUAGES": ["zh-hant", "en"]}
