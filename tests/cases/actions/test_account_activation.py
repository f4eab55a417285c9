"""Making an account inactive, activating it again, renewing its link."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cpor_cases.actions import access, account_activation, applications
from cpor_cases.models import Activation
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_link_is_not_renewed_once_no_case_is_open_to_the_account(clerk, court):
    case = factories.make_case(court)
    for _ in range(2):  # the second application leans on the access of the first
        granted = applications.approve(application=factories.make_application(case=case, by=clerk), by=clerk)
    access.revoke(access=granted, by=clerk)
    Activation.objects.update(link_expires_at=timezone.now())

    assert not account_activation.send_new_link(activation=Activation.objects.get())
    with pytest.raises(PermissionDenied):
        account_activation.unlock(activation=Activation.objects.get(), by=clerk)
