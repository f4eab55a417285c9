"""How long until people know: from when the service has taken something (the API's 202) to the mail server's 250.

Web server, worker, clerk and mail server are processes as in operation; each mail is timed from outside. What is told is
asked for in turn, in the same rhythm whether the mails come or not: when the site has just started, at rest, beside another
court's large file, beside the same court's, and while very many mails wait. All of it stands beside the same with a plain
queue, in which what came first is done first.
"""

import argparse
import itertools
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import connection, connections

from .followers import Follower, Ground, large_file, let_mails_wait, make_ground
from .homes import copied_home
from .running_service import Service, running_service, wait_until

WAYS = {"ours": "benchmarks.site_settings", "first in, first out": "benchmarks.plain_queue_settings"}
COLD, REST = "the first call after the start", "at rest"
BESIDE_ANOTHER, BESIDE_OWN = "beside another court's {:,} rows", "beside the same court's {:,} rows"
BESIDE_MAILS = "while {:,} mails wait"
IS_OVER = {"done", "aborted", "stopped"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--file-rows", type=int, default=300_000, help="of the large files")
    parser.add_argument(
        "--waiting-mails", type=int, default=100_000, help="that wait when others are asked for"
    )
    parser.add_argument("--small-file-rows", type=int, default=200, help="of the small files")
    parser.add_argument(
        "--probes", type=int, default=10, help="of each kind, in each situation and round, at most"
    )
    parser.add_argument("--every", type=float, default=0.25, help="seconds between two of them")
    parser.add_argument("--worker-processes", type=int, default=1)
    parser.add_argument("--only-ours", action="store_true", help="leave out the plain queue")


def run(options: argparse.Namespace) -> None:
    ground = make_ground(
        followers=4 * options.probes * len(KINDS) + 2 * len(KINDS), waiting=options.waiting_mails
    )
    ways = ["ours"] if options.only_ours else list(WAYS)
    found = {way: Found() for way in ways}
    for _ in range(options.rounds):
        for way in ways:
            with copied_home("run"), running_service(WAYS[way], workers=options.worker_processes) as service:
                Round(service, ground, options, found[way]).run()
                connections.close_all()
    _print(found, options)


# What is asked for


def _hearing(service: Service, ground: Ground, person: Follower, _options) -> int:
    return service.send(ground.changed_hearing(person), token=ground.token)[0]


def _entry(service: Service, ground: Ground, person: Follower, _options) -> int:
    return service.send(ground.news(person), token=ground.token)[0]


def _small_file(service: Service, ground: Ground, person: Follower, options: argparse.Namespace) -> int:
    body = ground.news(person, others=options.small_file_rows - 1)
    return service.send(body, token=ground.token)[0]


def _password(service: Service, _ground: Ground, person: Follower, _options) -> int:
    return service.ask_for_password(person.address)


def _typed(service: Service, _ground: Ground, person: Follower, _options) -> int:
    return service.tell_clerk("typed", person.case)


def _activation(service: Service, ground: Ground, person: Follower, _options) -> int:
    return service.tell_clerk("approved", ground.court.pk, person.address)


# What is asked for, and within how many seconds 99 of 100 are to know of it, also when much else is done (PostgreSQL)
KINDS: dict[str, tuple[Callable[..., int], float]] = {
    "a changed hearing": (_hearing, 2),
    "a forgotten password": (_password, 2),
    "a link to activate an account": (_activation, 2),
    "an entry that was typed": (_typed, 2),
    "another entry": (_entry, 5),
    "a small file": (_small_file, 5),
}


@dataclass
class Found:
    """What was measured in one way: seconds by situation and kind; infinite where no mail came."""

    seconds: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def of(self, situation: str, kind: str) -> list[float]:
        return sorted(self.seconds[situation, kind])


class Round:
    """One round: a service that has just started goes through all situations."""

    def __init__(self, service: Service, ground: Ground, options: argparse.Namespace, found: Found):
        self.service, self.ground, self.options, self.found = service, ground, options, found
        self.people, self.newcomers = iter(ground.followers), itertools.count(1)
        self.asked: list[tuple[str, str, str, int]] = []  # situation, kind, address, moment

    def run(self) -> None:
        options, ground = self.options, self.ground
        self._ask(COLD, "another entry")
        self._await_all()
        for kind in KINDS:  # what each needs at its first time is measured above, once
            self._ask("", kind)
        self._await_all()
        self._ask_in_turn(REST)
        self._await_all()
        rows = options.file_rows
        self._beside_file(BESIDE_ANOTHER.format(rows), ground.other_court, ground.other_token)
        self._beside_file(BESIDE_OWN.format(rows), ground.court, ground.token)
        let_mails_wait()
        self._ask_in_turn(BESIDE_MAILS.format(options.waiting_mails))
        self._await_all()

    def _beside_file(self, situation: str, court, token: str) -> None:
        _taken, path = self.service.send(large_file(court, self.options.file_rows), token=token)
        self._ask_in_turn(situation, may_go_on=lambda: self._state_of(path, token) not in IS_OVER)
        self._await_all()
        wait_until(lambda: self._state_of(path, token) in IS_OVER)

    def _state_of(self, path: str, token: str) -> str:
        return self.service.state_of(path, token=token)

    def _ask_in_turn(self, situation: str, may_go_on: Callable[[], bool] = lambda: True) -> None:
        """Ask for each kind in turn, as often as the options say or until `may_go_on` says no; each kind at least once."""
        for number, kind in enumerate(itertools.islice(self._kinds(), self.options.probes * len(KINDS))):
            if number >= len(KINDS) and not may_go_on():
                return
            began = time.monotonic()
            self._ask(situation, kind)
            time.sleep(max(0.0, began + self.options.every - time.monotonic()))

    @staticmethod
    def _kinds() -> Iterator[str]:
        return itertools.cycle(KINDS)

    def _ask(self, situation: str, kind: str) -> None:
        ask, _goal = KINDS[kind]
        person = next(self.people)
        if ask is _activation:
            person = Follower(f"new-{next(self.newcomers)}@example.com", 0, 0)
        moment = ask(self.service, self.ground, person, self.options)
        self.asked.append((situation, kind, person.address, moment))

    def _await_all(self) -> None:
        """Wait until all mails that were asked for have come, and note how long each took."""
        when = self.service.postbox.when
        wait_until(lambda: all(when(address) for _situation, _kind, address, _moment in self.asked))
        for situation, kind, address, moment in self.asked:
            taken = when(address)
            self.found.seconds[situation, kind].append((taken - moment) / 1e9 if taken else math.inf)
        self.asked.clear()


# What is printed


def _print(found: dict[str, Found], options: argparse.Namespace) -> None:
    print(
        f"\nTime to know, seconds from the 202 to the mail server's 250 ({connection.vendor}, {options.rounds} rounds)"
    )
    situations = [
        COLD,
        REST,
        BESIDE_ANOTHER.format(options.file_rows),
        BESIDE_OWN.format(options.file_rows),
        BESIDE_MAILS.format(options.waiting_mails),
    ]
    for situation in situations:
        print(f"  {situation:<46}" + "".join(f"{way:^41}" for way in found))
        print(" " * 48 + "      n     p50     p90     p99     max  " * len(found))
        for kind in KINDS:
            taken = [each.of(situation, kind) for each in found.values()]
            if any(taken):
                print(f"    {kind:<44}" + "  ".join(map(_figures, taken)), flush=True)


def _figures(seconds: list[float]) -> str:
    figures = [rank(seconds, share) for share in (0.5, 0.9, 0.99, 1)]
    return f"{len(seconds):7,}" + "".join(f"{figure:8.2f}" for figure in figures)


def rank(ordered: list[float], share: float) -> float:
    """Return the value within which that share of the ordered values lies."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan
