"""Outages between Kafka and InfluxDB: nothing is lost, it only comes later."""

import time

import pytest

from devkit.patience import wait_until
from devkit.traffic import arrivals
from devkit.traffic.ledger import Ledger
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import Stand

pytestmark = pytest.mark.e2e

SINK = "telegraf"
"""Namespace of the sink."""


def sinks(stand: Stand) -> list[str]:
    """Return the pods of the sink."""
    names = [pod["metadata"]["name"] for pod in stand.pods(SINK)]
    return [name for name in names if name.startswith("influxdb-sink-")]


def test_influxdb_away_for_two_minutes(summit: Stand, outage: Ledger, report: Report) -> None:
    found = arrivals.wait(summit.influx, outage, 300)
    report.add("6", "points after two minutes without InfluxDB", found.arrived, aim=found.expected)
    assert outage.acknowledged > 30_000
    assert found.complete, "\n".join(found.lines())


def test_a_killed_sink(summit: Stand, report: Report) -> None:
    with load(summit, "killed", "--seed=62", "--csc", "Killed", "--rate=300") as producer:
        for _ in range(2):
            time.sleep(10)
            victims = sinks(summit)
            assert victims
            for victim in victims:
                summit.kill(SINK, victim)
            assert wait_until(lambda: not set(victims) & set(sinks(summit)), 60)  # noqa: B023
            summit.wait_ready(SINK)
        ledger = producer.stop()
    found = arrivals.wait(summit.influx, ledger, 180)
    report.add("6", "points after the sink was killed twice", found.arrived, aim=found.expected)
    assert found.complete, "\n".join(found.lines())
