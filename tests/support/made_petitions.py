"""Petitions as people fill them in on the site."""

from typing import Any

from cpor_cases.actions import petitions
from cpor_cases.models import Petition
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import Court
from tests import factories


def make_petition(court: Court | None = None, **over: Any) -> Petition:
    """A petition whose address was proved and that the rules allow, unless `over` changes that."""
    factories.make_word("訴")
    facts = {
        "category": "civil",
        "number": CaseNumber(115, "訴", 123),
        "role": None,
        "applicant_name": "王小明",
        "address": "wang@example.org",
        "is_address_proved": True,
        "language": "zh-hant",
        "phone": "0912-345678",
    } | over
    facts["role"] = facts["role"] or factories.make_role(category=facts["category"])
    return petitions.make(court=court or factories.make_court(), **facts)
