#!/usr/bin/env python
"""Put the source folder `site/` on the path, then hand over to Django."""

import os
import sys
from pathlib import Path


def main() -> None:
    sys.path.insert(1, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpor_site.settings.base")
    from django.apps import apps
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")  # what is missing in the environment, without the traceback
    except Exception as error:
        if not apps.ready:
            raise
        from cpor_site.server_errors import what_is_away

        if sentence := what_is_away(error):
            sys.exit(sentence)
        raise


if __name__ == "__main__":
    main()
