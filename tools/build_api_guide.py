"""Write the guide for the programmers of courts' systems to docs/, as it is read without the service.

Run `python -m tools.build_api_guide` (`make docs`) after a change to its text, or to refusals, reasons or limits, and
commit what it writes. A test compares.
"""

import os
import sys
from pathlib import Path

FILES = {"en": "court-systems.md", "zh-hant": "court-systems.zh-hant.md"}


def build() -> None:
    sys.path.insert(1, "site")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpor_site.settings.test")
    # Only here: this runs outside Django.
    import django
    from django.conf import settings

    django.setup()
    from cpor_cases.api import guide

    for language, name in FILES.items():
        (Path(settings.BASE_DIR) / "docs" / name).write_text(guide.text(language), encoding="utf-8")


if __name__ == "__main__":
    build()
