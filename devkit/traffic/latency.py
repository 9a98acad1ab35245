"""How long a record takes from the producer to a query's answer, and how many arrive in a second.

Measured from outside: InfluxDB is asked again and again for the newest point of each topic. A
record became visible after the last question that did not see it was asked and before the first
answer that saw it was read, so each record's latency is known to lie between two bounds. What is
told is the upper one; `error` is the median distance of the two, about the time between two
questions. It is taken for granted that one topic's records become visible in the order of their
stamps (one partition), and that producer and watcher share a clock.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from devkit.background import Background
from devkit.errors import DevkitError
from devkit.traffic.influx import Influx
from devkit.traffic.ledger import Ledger
from devkit.traffic.stamps import now

INTERVAL = 0.1
"""Seconds between two questions."""


@dataclass(frozen=True)
class Look:
    """One question and its answer; times in microseconds of Unix time."""

    asked: int
    answered: int
    newest: Mapping[str, int]
    """private_efdStamp of the newest point of each topic that has any, in microseconds."""


@dataclass(frozen=True)
class Latency:
    """From being given to the producer to being queryable, in seconds. NaN without samples."""

    samples: int
    median: float
    p99: float
    worst: float
    error: float
    """So much less it may be, in the median of all samples."""

    def __str__(self) -> str:
        """One line."""
        if not self.samples:
            return "latency: no samples"
        return (
            f"latency: median {self.median:.3f} s, 99 % under {self.p99:.3f} s, worst "
            f"{self.worst:.3f} s (at most; typically up to {self.error:.3f} s less), "
            f"{self.samples} records"
        )


@dataclass(frozen=True)
class Rate:
    """Records per second over a time."""

    records: int
    seconds: float

    @property
    def per_second(self) -> float:
        """The mean; 0 when no time has passed."""
        return self.records / self.seconds if self.seconds > 0 else 0.0


def newest_of(influx: Influx, names: Callable[[], Sequence[str]]) -> Callable[[], Look]:
    """A question for the newest point of the topics that `names` gives when asked."""

    def look() -> Look:
        asked = now()
        wanted = names()
        newest = influx.newest(wanted) if wanted else {}
        return Look(asked, now(), newest)

    return look


@dataclass
class Watcher(Background):
    """Looks again and again in a thread of its own, from `with` to its end."""

    look: Callable[[], Look]
    interval: float = INTERVAL
    keep: int | None = None
    """Only so many looks, the newest, are kept: for a watch that has no end."""
    looks: list[Look] = field(default_factory=list)
    failures: int = 0
    """Looks without an answer, as while InfluxDB restarts; the records' bounds are wider for it."""

    def __post_init__(self) -> None:
        """Prepare to look."""
        super().__init__(self._look_once, self.interval)

    def _look_once(self) -> None:
        try:
            self.looks.append(self.look())
        except DevkitError:
            self.failures += 1
        if self.keep:
            del self.looks[: -self.keep]


def latency(ledger: Ledger, looks: Sequence[Look], topic: str | None = None) -> Latency:
    """Latency of every record that became visible between two looks, of one topic or of all."""
    upper: list[float] = []
    widths: list[float] = []
    for name, entries in ledger.topics.items():
        if topic not in {None, name}:
            continue
        records = sorted(zip(entries.efd, entries.produced, strict=True))
        stamps = [efd for efd, _ in records]
        seen = 0
        for before, after in pairwise(looks):
            seen = max(seen, bisect_right(stamps, before.newest.get(name, 0)))
            until = bisect_right(stamps, after.newest.get(name, 0))
            for _, produced in records[seen:until]:
                upper.append((after.answered - produced) / 1e6)
                widths.append((after.answered - max(before.asked, produced)) / 1e6)
    return Latency(
        len(upper),
        percentile(upper, 50),
        percentile(upper, 99),
        percentile(upper, 100),
        percentile(widths, 50),
    )


def produced_rate(ledger: Ledger) -> Rate:
    """Acknowledged records per second, from the first given to the last acknowledged."""
    topics = [entries for entries in ledger.topics.values() if len(entries)]
    if not topics:
        return Rate(0, 0.0)
    first = min(min(entries.produced) for entries in topics)
    last = max(max(entries.acknowledged) for entries in topics)
    return Rate(ledger.acknowledged, (last - first) / 1e6)


def filled_rate(ledger: Ledger, looks: Sequence[Look]) -> Rate:
    """Points per second, from the last look before they began to come to the one that saw the last.

    Counts acknowledged records up to the newest point of each topic, so it says nothing of gaps;
    `arrivals` does.
    """
    stamps = {name: sorted(entries.efd) for name, entries in ledger.topics.items()}
    visible = [
        sum(bisect_right(stamps[name], newest) for name, newest in look.newest.items())
        for look in looks
    ]
    growing = [n for n, (one, two) in enumerate(pairwise(visible)) if two > one]
    if not growing:
        return Rate(0, 0.0)
    first, last = growing[0], growing[-1] + 1
    seconds = (looks[last].answered - looks[first].answered) / 1e6
    return Rate(visible[last] - visible[first], seconds)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed (nearest rank)."""
    if not values:
        return math.nan
    rank = max(math.ceil(percent / 100 * len(values)), 1)
    return sorted(values)[rank - 1]
