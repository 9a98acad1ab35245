"""Whether every acknowledged record has become one right point of InfluxDB, and nothing else."""

import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from devkit.errors import DevkitError
from devkit.traffic import points
from devkit.traffic.account import Account, Arrivals
from devkit.traffic.influx import Influx, Series, microseconds
from devkit.traffic.ledger import Entries, Ledger
from devkit.traffic.observatory import topic as topic_named
from devkit.traffic.points import PointCheck
from devkit.traffic.recipe import Recipe

SLICE = 4_000_000
"""Values asked for by one query: as many rows as the width of the points allows."""

CHUNK = 200_000
"""Values in memory at once, some 30 MB as Python holds them."""

POLL = 1.0
"""Seconds between two looks at the number of points."""

Show = Callable[[int, str], None]
"""Takes the number of records done so far and the name of the topic in hand."""


def wait(
    influx: Influx,
    ledger: Ledger,
    limit: float,
    separator: str = "",
    show: Show | None = None,
) -> Arrivals:
    """Wait until as many points as acknowledged records are there, at most `limit` seconds.

    Then compare them all; `show` follows the waiting.
    """
    end = time.monotonic() + limit
    while True:
        ledger.refresh()
        counts = _counts(influx, ledger)
        behind = {
            name: len(entries) - counts.get(name, 0)
            for name, entries in ledger.topics.items()
            if counts.get(name, 0) < len(entries)
        }
        if show:
            worst = max(behind, key=lambda name: behind[name], default="")
            show(ledger.acknowledged - sum(behind.values()), worst)
        if not behind or time.monotonic() > end:
            return check(influx, ledger, separator)
        time.sleep(POLL)


def check(
    influx: Influx, ledger: Ledger, separator: str = "", show: Show | None = None
) -> Arrivals:
    """Compare everything in the ledger with everything in the database, once."""
    started = time.monotonic()
    arrivals = Arrivals({})
    done = 0
    for name, entries in sorted(ledger.topics.items()):
        recipe = Recipe(topic_named(name), entries.seed)
        account = Account(name, len(entries))
        arrivals.topics[name] = account
        _check_kinds(influx, recipe, account, separator)
        comparison = Comparison(recipe, account, entries, separator)
        width = len(points.kinds(recipe, separator))
        for efd, sequence, since, until in slices(entries, max(SLICE // width, 1)):
            answer = influx.query(
                f"SELECT * FROM {influx.sources([name])}{_where(since, until)}",  # noqa: S608
                chunk=max(CHUNK // width, 1),
            )
            comparison.compare(efd, sequence, answer)
            done += len(efd)
            if show:
                show(done, name)
    arrivals.seconds = time.monotonic() - started
    return arrivals


def _counts(influx: Influx, ledger: Ledger) -> dict[str, int]:
    """Points of each topic; none while InfluxDB does not answer, as when it restarts."""
    try:
        return influx.counts(list(ledger.topics)) if ledger.topics else {}
    except DevkitError:
        return {}


class Comparison:
    """Goes through records and points of one topic, both in order of time."""

    def __init__(
        self, recipe: Recipe, account: Account, entries: Entries, separator: str = ""
    ) -> None:
        """Enter what is found in `account`."""
        self._recipe = recipe
        self._account = account
        self._failed = set(entries.failed)
        self._separator = separator
        self._checks: dict[tuple[str, ...], PointCheck] = {}

    def compare(self, efd: "array[int]", sequence: "array[int]", answer: Iterable[Series]) -> None:
        """Compare the records of one slice, by stamp and sequence number, with its points."""
        account = self._account
        at = 0
        for series in answer:
            difference = self._check(series.columns).difference
            for row in series.rows:
                stamp = microseconds(row[0])
                while at < len(efd) and efd[at] < stamp:
                    account.missing.add(f"number {sequence[at]} of {efd[at]} µs")
                    at += 1
                if at == len(efd) or efd[at] > stamp:
                    self._unexpected(stamp)
                    continue
                account.arrived += 1
                wrong = difference(row, sequence[at], stamp)
                if wrong:
                    account.wrong.add(f"number {sequence[at]} of {stamp} µs: {wrong}")
                at += 1
        for rest in range(at, len(efd)):
            account.missing.add(f"number {sequence[rest]} of {efd[rest]} µs")

    def _check(self, columns: list[str]) -> PointCheck:
        key = tuple(columns)
        if key not in self._checks:
            self._checks[key] = PointCheck(self._recipe, columns, self._separator)
        return self._checks[key]

    def _unexpected(self, stamp: int) -> None:
        if stamp in self._failed:
            self._account.unsure += 1
        else:
            self._account.extra.add(f"a point at {stamp} µs")


def slices(
    entries: Entries, size: int
) -> Iterator[tuple["array[int]", "array[int]", int | None, int | None]]:
    """Records in order of time, `size` at once, each slice with the time it begins and ends.

    Together the slices cover all time, so that a point that nobody sent is in one of them.
    """
    efd, sequence = _in_order_of_time(entries)
    starts = list(range(0, len(efd), size)) or [0]
    for start, end in pairwise([*starts, len(efd)]):
        since = efd[start] if start else None
        until = efd[end] if end < len(efd) else None
        yield efd[start:end], sequence[start:end], since, until


def _in_order_of_time(entries: Entries) -> tuple["array[int]", "array[int]"]:
    if all(one <= two for one, two in pairwise(entries.efd)):
        return entries.efd, entries.sequence
    order = sorted(range(len(entries)), key=entries.efd.__getitem__)
    return (
        array("q", [entries.efd[n] for n in order]),
        array("q", [entries.sequence[n] for n in order]),
    )


def _where(since: int | None, until: int | None) -> str:
    """A condition on the time, in nanoseconds: half a microsecond earlier, as points are rounded.

    Without a beginning or an end InfluxDB would take now() for the end where it groups by time, and
    everything where it does not, as here.
    """
    conditions = [
        f"time {sign} {stamp * 1000 - 500}"
        for sign, stamp in ((">=", since), ("<", until))
        if stamp is not None
    ]
    return " WHERE " + " AND ".join(conditions) if conditions else ""


def _check_kinds(influx: Influx, recipe: Recipe, account: Account, separator: str) -> None:
    """Look at types and tags, which the rows do not show: JSON has one kind of number."""
    wanted = points.kinds(recipe, separator)
    for name, found in influx.kinds(recipe.topic.name).items():
        if found != {wanted.get(name)}:
            kind = wanted.get(name, "no field")
            account.wrong.add(f"field {name} is {', '.join(sorted(found))}, not {kind}")
    for tag in influx.tags(recipe.topic.name):
        account.wrong.add(f"{tag} is a tag")
