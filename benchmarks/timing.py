"""Interleaved runs and their medians: what the machine does besides hits all contenders alike."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django.test import RequestFactory


@dataclass(frozen=True)
class Contender:
    """One way of doing the same work."""

    name: str
    run: Callable[[], object]
    prepare: Callable[[], object] | None = None
    """Makes the ground equal before each run; it is not measured."""


def medians(contenders: list[Contender], *, rounds: int) -> dict[str, float]:
    """Run all contenders in turn, `rounds` times, and return the median seconds of each by name."""
    taken: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    gc.collect()
    gc.freeze()  # what the process holds already need not be gone through before each run
    for _ in range(rounds):
        for contender in contenders:
            taken[contender.name].append(_seconds(contender))
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def bare_view(body: bytes) -> Contender:
    """Return a Django view that answers these bytes and does nothing else: the limit of any page."""
    requests = RequestFactory()

    def answer() -> bytes:
        requests.get("/")
        return HttpResponse(body).content

    return Contender("bare view of the same bytes", answer)


def _seconds(contender: Contender) -> float:
    if contender.prepare:
        contender.prepare()
    gc.collect()
    start = time.perf_counter()
    contender.run()
    return time.perf_counter() - start


def print_table(title: str, seconds: dict[str, float], *, work: int, unit: str, against: list[str]) -> None:
    """Print what each contender did in a second, and its speed as a multiple of each of those `against`."""
    print(f"\n{title}")
    widest = max(len(name) for name in seconds)
    for name, took in seconds.items():
        ratios = "  ".join(f"{seconds[other] / took:6.2f} × {other}" for other in against if other != name)
        print(
            f"  {name:<{widest}}  {took * 1000:11,.1f} ms  {work / took:11,.0f} {unit}/s  {ratios}",
            flush=True,
        )
