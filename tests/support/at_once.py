"""Several clerks press a button at the same moment, on the database of a running site."""

from tests.support.running_site import RunningSite

PREPARE = """
import threading, uuid
from django.db import connection
from cpor_cases.actions import applications
from cpor_core.models import Court

court = Court.objects.get(code="TPD")
clerk = factories.make_clerk(court, f"clerk-{uuid.uuid4().hex[:8]}")
reason = factories.make_reason()

def at_once(*actions):
    start, ends = threading.Barrier(len(actions)), []
    def run(action):
        start.wait()
        try:
            ends.append(action())
        except Exception as error:
            ends.append(type(error).__name__)
        finally:
            connection.close()
    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends

def approve(application):
    return applications.approve(application=application, by=clerk).account_id
"""


def run_at_once(site: RunningSite, *code: str) -> None:
    """Run code that may call `at_once(*functions)` and use `court`, `clerk`, `reason` and `approve`."""
    site.python("\n".join([PREPARE, *code]))
