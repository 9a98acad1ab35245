"""Schemas that come later than their records: the sink waits, says so, and loses nothing."""

import time

import pytest

from devkit.patience import wait_until
from devkit.traffic import arrivals
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import Stand

pytestmark = pytest.mark.e2e

LINK = "mirror-maker-schemas"
SINK = "influxdb-sink"
ASK = """
from urllib.request import urlopen
print(urlopen("http://127.0.0.1:8081/metrics", timeout=5).read().decode())
"""


def awaited(stand: Stand) -> float:
    """Return how many schemas the sink's companion waits for."""
    (pod,) = [
        pod["metadata"]["name"]
        for pod in stand.pods("telegraf")
        if pod["metadata"]["name"].startswith(SINK)
    ]
    inside = ("--namespace=telegraf", "-c", "topics", "--", "python3", "-c", ASK)
    lines = stand.kubectl("exec", pod, *inside).splitlines()
    (line,) = [line for line in lines if line.startswith("efd_sink_schemas_awaited ")]
    return float(line.split()[1])


def test_a_sink_waits_for_schemas_that_come_late(summit: Stand, ldf: Stand, report: Report) -> None:
    (link,) = [
        pod["metadata"]["name"]
        for pod in ldf.pods("mirror-maker")
        if pod["metadata"]["name"].startswith(f"{LINK}-")
    ]
    with ldf.away("mirror-maker", link):
        with load(summit, "late", "--seed=161", "--csc", "Late", "--duration=10") as producer:
            ledger = producer.finish()
        assert wait_until(lambda: awaited(ldf) > 0, 120, 1), "nothing waits: was there a schema?"
        time.sleep(20)
        meanwhile = arrivals.check(ldf.influx, ledger)
        report.add("16", "points of records whose schemas are away", meanwhile.arrived, aim=0)
        assert meanwhile.arrived == 0
    with report.timed("16", "all points there after the schemas' link is back"):
        found = arrivals.wait(ldf.influx, ledger, 240)
    report.add("16", "points of them afterwards", found.arrived, aim=found.expected)
    assert found.complete, "\n".join(found.lines())
    assert wait_until(lambda: awaited(ldf) == 0, 60, 1)
