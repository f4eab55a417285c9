"""Several clerks press the button in the same moment, on the real database."""

AT_ONCE = """
import threading, uuid
from django.db import connection
from cpor_cases.actions import applications
from cpor_cases.models import Court

court = Court.objects.get(code="TPD")
clerk = factories.make_clerk(court, f"clerk-{uuid.uuid4().hex[:8]}")
reason = factories.make_reason()

def at_once(*deeds):
    start, ends = threading.Barrier(len(deeds)), []
    def run(deed):
        start.wait()
        try:
            ends.append(deed())
        except Exception as error:
            ends.append(type(error).__name__)
        finally:
            connection.close()
    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends

def approve(application):
    return applications.approve(application=application, by=clerk).account_id
"""
ONE_NEW_ADDRESS = """
for turn in range(5):
    papers = [factories.make_application(court, by=clerk, email=f"new-{turn}@race.example") for _ in range(3)]
    accounts = at_once(*(lambda paper=paper: approve(paper) for paper in papers))
    assert len(set(accounts)) == 1 and isinstance(accounts[0], int), accounts
"""
ONE_PAPER = """
for turn in range(5):
    paper = factories.make_application(court, by=clerk, email=f"paper-{turn}@race.example")
    ends = at_once(
        lambda: approve(paper), lambda: applications.refuse(application=paper, by=clerk, reason=reason)
    )
    assert ends.count("NotPending") == 1, ends
"""


def test_approvals_of_one_new_address_make_one_account(house):
    house.python(AT_ONCE + ONE_NEW_ADDRESS)


def test_one_paper_is_decided_by_one_of_them(house):
    house.python(AT_ONCE + ONE_PAPER)
