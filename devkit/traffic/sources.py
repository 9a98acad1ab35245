"""Columns of the live table, from a ledger, a Kafka cluster and an InfluxDB."""

from bisect import bisect_right
from collections.abc import Mapping
from itertools import pairwise

from devkit.traffic.access import Kafka
from devkit.traffic.influx import Influx
from devkit.traffic.latency import Watcher, percentile
from devkit.traffic.ledger import Ledger
from devkit.traffic.table import Figures, Sources
from devkit.traffic.topics import Topics

LATELY = 50
"""Looks that the shown latency is the median of: five seconds."""


def real(ledger: Ledger, kafka: Kafka, influx: Influx, watcher: Watcher) -> Sources:
    """All columns from real servers; the ledger is read on as it grows."""
    return Sources(
        acknowledged=_acknowledged(ledger),
        kafka=_in_kafka(ledger, Topics(kafka)),
        influx=lambda: influx.counts(list(ledger.topics)) if ledger.topics else {},
        latency=lately(ledger, watcher),
    )


def _acknowledged(ledger: Ledger) -> Figures:
    def count() -> Mapping[str, float]:
        ledger.refresh()
        return {name: len(entries) for name, entries in ledger.topics.items()}

    return count


def _in_kafka(ledger: Ledger, topics: Topics) -> Figures:
    def count() -> Mapping[str, float]:
        there = topics.partitions(r"lsst\.sal\..*")
        places = [(name, n) for name in ledger.topics for n in range(there.get(name, 0))]
        spans = topics.spans(places)
        counts: dict[str, float] = dict.fromkeys(ledger.topics, 0)
        for (name, _), (first, end) in spans.items():
            counts[name] += end - first
        return counts

    return count


def lately(ledger: Ledger, watcher: Watcher) -> Figures:
    """Median latency of the records that became visible during the last looks, at most.

    As `latency` computes it of all records, but in no more time when the ledger is long: it is
    taken for granted that a topic's lines stand in the order of their stamps.
    """

    def median() -> Mapping[str, float]:
        ledger.refresh()
        found: dict[str, list[float]] = {}
        for before, after in pairwise(watcher.looks[-LATELY:]):
            for name, newest in after.newest.items():
                if name not in ledger.topics or newest == before.newest.get(name):
                    continue
                entries = ledger.topics[name]
                seen = bisect_right(entries.efd, before.newest.get(name, 0))
                given = entries.produced[seen : bisect_right(entries.efd, newest)]
                found.setdefault(name, []).extend(
                    (after.answered - produced) / 1e6 for produced in given
                )
        return {name: percentile(values, 50) for name, values in found.items() if values}

    return median
