#!/usr/bin/env python
"""Put the source folder `site/` on the path, then hand over to Django."""

import os
import sys
from pathlib import Path


def main() -> None:
    sys.path.insert(1, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpor_site.settings.base")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")  # what is missing in the environment, without the traceback
    except Exception as error:
        if sentence := _what_is_away(error):
            sys.exit(sentence)
        raise


def _what_is_away(error: Exception) -> str:
    """Return a sentence if a command failed because the database does not answer or a disk is full, else nothing."""
    from django.apps import apps

    if not apps.ready:
        return ""
    from django.utils.translation import gettext as _

    from cpor_site.unavailable import is_unavailability

    if not is_unavailability(error):
        return ""
    said = (str(error).splitlines() or [type(error).__name__])[0]
    return _(
        "Not done: the database or a disk is not available (%(error)s). Give the command again later."
    ) % {"error": said}


if __name__ == "__main__":
    main()
