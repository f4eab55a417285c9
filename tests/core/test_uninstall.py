"""Taking the service out says first what stands on it; `make drills` takes it out of a site that has used it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cpor_core import uninstall

pytestmark = pytest.mark.django_db


def test_a_site_whose_own_tables_refer_to_the_service_cannot_take_it_out():
    with pytest.raises(CommandError, match="cpor_site"):
        call_command("cpor_uninstall", "--yes", stdout=StringIO())


def test_nothing_is_changed_without_yes(monkeypatch):
    monkeypatch.setattr(uninstall, "_refuse_dependents", lambda: None)
    monkeypatch.setattr(uninstall, "carry_out", lambda: pytest.fail("did it"))
    said = StringIO()

    call_command("cpor_uninstall", stdout=said)

    assert "Goes: group Clerks" in said.getvalue()
    assert "Nothing was changed" in said.getvalue()
