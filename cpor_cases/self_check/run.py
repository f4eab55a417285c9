"""Carrying out the checks: one after the other, each on its own, with the result logged by code and kept."""

import datetime as dt
import logging
from collections.abc import Iterator

from django.utils import timezone

from cpor_cases.models import SelfCheck

from .check import Check, Fault
from .checks import BY_CODE, CHECKS

logger = logging.getLogger(__name__)
KEPT_FOR = dt.timedelta(days=90)
KEYS_LOGGED = 10
FAILED = "check_failed"


def verify(now: dt.datetime | None = None) -> list[Fault]:
    """Carry out all checks, keep how many rows each found wrong, and return the faults. Changes nothing else."""
    started_at = timezone.now()
    found = list(_faults(now or started_at))
    _keep(started_at, found)
    return found


def _faults(now: dt.datetime) -> Iterator[Fault]:
    for check in CHECKS:
        try:
            fault = check.carry_out(now)
        except Exception:
            # The others are still of use.
            logger.exception("the self-check %s could not be carried out", check.code)
            yield Fault(FAILED, ())
        else:
            if fault:
                _log(check, fault)
                yield fault


def _log(check: Check, fault: Fault) -> None:
    """Tell the operator by code and keys, which name nobody."""
    keys = ", ".join(map(str, fault.keys[:KEYS_LOGGED]))
    facts = {"check": fault.code, "count": len(fault.keys)}
    logger.error("self-check %s: %s %s", fault.code, check.of.__name__, keys, extra=facts)


def _keep(started_at: dt.datetime, found: list[Fault]) -> None:
    counts: dict[str, int] = {}
    for fault in found:
        counts[fault.code] = counts.get(fault.code, 0) + max(1, len(fault.keys))
    SelfCheck.objects.filter(ended_at__lt=started_at - KEPT_FOR).delete()
    SelfCheck.objects.create(started_at=started_at, ended_at=timezone.now(), counts=counts)


def known(code: str) -> Check | None:
    """Return the check of a code; None of one that this version does not have."""
    return BY_CODE.get(code)
