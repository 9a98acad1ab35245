"""Columns of the live table, from a ledger, a Kafka cluster and an InfluxDB."""

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
        latency=_age(watcher),
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


def _age(watcher: Watcher) -> Figures:
    """How old the newest point is when it is first seen, which needs no ledger.

    Cheap, and a little less than the latency of all records that `latency` computes.
    """

    def age() -> Mapping[str, float]:
        looks = watcher.looks[-LATELY:]
        ages: dict[str, list[float]] = {}
        for before, after in pairwise(looks):
            for name, newest in after.newest.items():
                if newest != before.newest.get(name):
                    ages.setdefault(name, []).append((after.answered - newest) / 1e6)
        return {name: percentile(values, 50) for name, values in ages.items()}

    return age
