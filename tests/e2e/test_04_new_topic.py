"""A topic that appears while everything runs reaches InfluxDB from its first record on."""

import pytest

from devkit.traffic import arrivals
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import Stand

pytestmark = pytest.mark.e2e


def test_a_new_topic_loses_not_even_its_first_record(summit: Stand, report: Report) -> None:
    running = load(summit, "before", "--seed=41", "--csc", "Before")
    with running as before:
        with load(summit, "newcomer", "--seed=42", "--csc", "Newcomer", "--duration=20") as late:
            ledger = late.finish()
        found = arrivals.wait(summit.influx, ledger, 120)
        earlier = arrivals.wait(summit.influx, before.stop(), 60)
    report.add(
        "4", "records of topics that appeared while running", found.arrived, aim=found.expected
    )
    assert len(ledger.topics) > 0
    assert found.complete, "\n".join(found.lines())
    assert earlier.complete, "\n".join(earlier.lines())
