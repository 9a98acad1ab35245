"""From nothing to points: every acknowledged record becomes the right point."""

import time

import pytest

from devkit.patience import wait_until
from devkit.traffic import arrivals
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import Stand

pytestmark = pytest.mark.e2e


def test_every_acknowledged_record_becomes_its_point(summit: Stand, report: Report) -> None:
    influx = summit.influx
    began = time.monotonic()
    with load(summit, "delivery", "--seed=11", "--load=1", "--duration=60") as producer:
        first = wait_until(lambda: bool(influx.measurements()), 60, 0.2)
        seconds = round(time.monotonic() - began, 1)
        assert first, "no point within a minute"
        ledger = producer.finish()
    found = arrivals.wait(influx, ledger, 120)
    report.add("1", "first point, from the producer's start", seconds, "s")
    report.add("1", "records acknowledged", ledger.acknowledged)
    report.add("1", "of them the right point (Telegraf sink)", found.arrived, aim=found.expected)
    assert ledger.failed == 0
    assert ledger.acknowledged > 1000
    assert found.complete, "\n".join(found.lines())
