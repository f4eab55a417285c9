"""How long it takes until something happens, where for some it has not happened yet (Kaplan and Meier's product limit)."""

from collections.abc import Mapping

TOLERANCE = 1e-9  # a product of shares that should be 0.2 may be a little more


def day_by_which(
    share: float, *, ended: Mapping[int, int], still_open: Mapping[int, int], fewest: int = 1
) -> int | None:
    """Return the first day by which it has happened to this `share` of all; None if that is not known, or if fewer than
    `fewest` were left on that day: what the last few waited for says little of others, and much of themselves.

    `ended` counts by days how long it took where it happened; `still_open` how long it has not happened where it has not
    until now: it will take at least that long. Whoever has waited for less than a day says nothing about that day.
    """
    at_risk = sum(ended.values()) + sum(still_open.values())
    waiting = 1.0
    for day in sorted({*ended, *still_open}):
        happened = ended.get(day, 0)
        waiting *= 1 - happened / at_risk
        if happened and waiting <= 1 - share + TOLERANCE:
            return day if at_risk >= fewest else None
        at_risk -= happened + still_open.get(day, 0)
    return None
