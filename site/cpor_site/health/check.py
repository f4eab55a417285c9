"""What a check of /readyz is: it examines one thing, and holds the result as words and as figures."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import ClassVar, TypeVar

from asgiref.sync import sync_to_async
from django.utils import timezone
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable, ServiceWarning

Found = TypeVar("Found")
QUARTER_OF_AN_HOUR = dt.timedelta(minutes=15)


class Labelled(dict):
    """Figures of one kind, told apart by a label."""

    def __init__(self, label: str, figures: dict[str, int]):
        super().__init__(figures)
        self.label = label


@dataclasses.dataclass
class Check(HealthCheck):
    """Examines one thing on the request's own connection, and holds the result as words and as figures."""

    needs_database: ClassVar[bool] = False

    def __post_init__(self):
        self.words, self.figures = "", {}

    async def run(self) -> None:
        await sync_to_async(self.examine)()

    def examine(self) -> None:
        raise NotImplementedError

    def need(self, ask: Callable[[], Found]) -> Found:
        """Return what `ask()` returns; raise ServiceUnavailable if it fails, because no request can be served without it."""
        try:
            return ask()
        except Exception as error:
            raise ServiceUnavailable("") from error

    def waiting(self, name: str, count: int, oldest: dt.datetime | None, hint: str) -> None:
        """Report how many wait and for how long; raise ServiceWarning if that is too long."""
        self.figures, self.words = {name: count}, f"{count} {name}"
        if oldest is None:
            return
        age = timezone.now() - oldest
        self.figures["oldest_seconds"] = int(age.total_seconds())
        self.words += f", the oldest for {age // dt.timedelta(minutes=1)} min"
        if age > QUARTER_OF_AN_HOUR:
            self.words += f": {hint}"
            raise ServiceWarning(self.words)
