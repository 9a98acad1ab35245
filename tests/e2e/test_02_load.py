"""How fast: the technote's prototype load, and what this machine can sustain."""

from collections.abc import Sequence

import pytest

from devkit.traffic import arrivals, observatory
from devkit.traffic.latency import Watcher, filled_rate, latency, newest_of, produced_rate
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import Stand

pytestmark = pytest.mark.e2e

SEED = "--seed=11"
"""Of check 1 too, whose records are in the same topics."""
PROTOTYPE = 1333
"""Records per second of the technote's prototype (lsst-sqre/sqr-029)."""
MEDIAN, NEARLY_ALL = 0.183, 1.34
"""Its median and 99th percentile from producer to InfluxDB, in seconds."""


def watching(stand: Stand, cscs: Sequence[str]) -> Watcher:
    """Return who sees when points of these CSCs become visible."""
    names = [topic.name for topic in observatory.topics(cscs)]
    return Watcher(newest_of(stand.influx, lambda: names))


def test_the_prototype_s_load_for_five_minutes(summit: Stand, report: Report) -> None:
    rate = (f"--rate={PROTOTYPE}", "--duration=300")
    with (
        load(summit, "prototype", SEED, *rate) as producer,
        watching(summit, observatory.CSCS) as watcher,
    ):
        ledger = producer.finish()
        found = arrivals.wait(summit.influx, summit.ledger("delivery", "prototype"), 180)
    delay = latency(ledger, watcher.looks)
    report.add("2", "records per second asked for", PROTOTYPE, aim=PROTOTYPE)
    report.add("2", "records per second acknowledged", round(produced_rate(ledger).per_second))
    report.add("2", "latency, producer to query, median", round(delay.median, 3), "s", MEDIAN)
    report.add("2", "latency, 99th percentile", round(delay.p99, 3), "s", NEARLY_ALL)
    report.add(
        "2", "so much less it may be, because of asking only so often", round(delay.error, 3), "s"
    )
    report.add("2", "points of these and of check 1", found.arrived, aim=found.expected)
    assert found.complete, "\n".join(found.lines())
    assert produced_rate(ledger).per_second > 0.98 * PROTOTYPE, "the producer fell behind"


def test_the_highest_sustained_rate(summit: Stand, report: Report) -> None:
    flood = ("--csc", "Flood", "--full-speed", "--duration=15")
    with (
        load(summit, "flood", "--seed=22", *flood) as producer,
        watching(summit, ["Flood"]) as watcher,
    ):
        ledger = producer.finish()
        found = arrivals.wait(summit.influx, ledger, 600)
    filled = filled_rate(ledger, watcher.looks)
    report.add("2", "highest rate into Kafka", round(produced_rate(ledger).per_second), "records/s")
    report.add(
        "2", "highest sustained rate into InfluxDB", round(filled.per_second), "records/s", 16000
    )
    report.add("2", "points of the flood", found.arrived, aim=found.expected)
    assert found.complete, "\n".join(found.lines())
