"""Languages and time."""

from django.utils.translation import pgettext_lazy

from .environment import BASE_DIR

LANGUAGE_CODE = "zh-hant"
LANGUAGES = [
    ("zh-hant", pgettext_lazy("language", "Traditional Chinese")),
    ("en", pgettext_lazy("language", "English")),
]
# In these an editor gives every text. In a language that is only in LANGUAGES a text may be missing: readers get the first's.
REQUIRED_LANGUAGES = ["zh-hant", "en"]
# Our own texts first; then those that Wagtail and Django leave untranslated, apart from what `make messages` collects.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "supplement"]
FORMAT_MODULE_PATH = "cpor_site.formats"
TIME_ZONE = "Asia/Taipei"
USE_I18N = True
USE_TZ = True
