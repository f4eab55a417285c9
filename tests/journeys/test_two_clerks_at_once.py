"""Several clerks press the button in the same moment, on the real database."""

from tests.support.at_once import run_at_once

ONE_NEW_ADDRESS = """
for number in range(5):
    papers = [factories.make_application(court, by=clerk, email=f"new-{number}@race.example") for _ in range(3)]
    accounts = at_once(*(lambda paper=paper: approve(paper) for paper in papers))
    assert len(set(accounts)) == 1 and isinstance(accounts[0], int), accounts
"""
ONE_PAPER = """
for number in range(5):
    paper = factories.make_application(court, by=clerk, email=f"paper-{number}@race.example")
    ends = at_once(
        lambda: approve(paper), lambda: applications.refuse(application=paper, by=clerk, reason=reason)
    )
    assert ends.count("NotPending") == 1, ends
"""


def test_approvals_of_one_new_address_make_one_account(site):
    run_at_once(site, ONE_NEW_ADDRESS)


def test_one_paper_is_decided_by_one_of_them(site):
    run_at_once(site, ONE_PAPER)
