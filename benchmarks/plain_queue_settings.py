"""The same site with a plain queue (`plain_queue`)."""

from benchmarks.site_settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.plain_queue.PlainQueueConfig"]  # noqa: F405
HUEY["huey_class"] = f"benchmarks.plain_queue.Plain{HUEY['huey_class'].rpartition('.')[2]}"  # noqa: F405
