"""Makes people on a running site."""

from tests.support.browsing import PASSWORD
from tests.support.running_site import RunningSite

CLERK = """
from cpor_core.models import Court
factories.make_clerk(Court.objects.get(code="TPD"), "{name}", group="{group}", password="{password}")
"""
PERSON = """
from cpor_core.models import Court
court = Court.objects.get(code="TPD")
person = factories.make_user("{name}", email="{name}@mail.example", password="{password}")
person.emailaddress_set.create(email=person.email, verified=True, primary=True)
for number in range({first}, {first} + {cases}):
    right = factories.make_access(person, factories.make_case(court, number=number))
"""


def make_clerk(site: RunningSite, name: str, group: str = "Clerks") -> str:
    """Make a clerk, or another member of a group, at the court TPD; return the name to log in with."""
    site.python(CLERK.format(name=name, group=group, password=PASSWORD))
    return name


def make_person(site: RunningSite, name: str, *, first: int, cases: int = 1) -> str:
    """Make a litigant with access to cases numbered from `first` on; return the e-mail address."""
    site.python(PERSON.format(name=name, password=PASSWORD, first=first, cases=cases))
    return f"{name}@mail.example"
