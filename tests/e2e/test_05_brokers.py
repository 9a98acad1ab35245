"""A broker that is deleted while a producer writes; check 14 rolls all of them."""

import time

import pytest

from devkit.patience import wait_until
from devkit.traffic import arrivals, kept
from devkit.traffic.ledger import Ledger
from tests.e2e.broker_watch import UNDER_REPLICATED
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import BROKER, STREAMING, Stand

pytestmark = pytest.mark.e2e

RATE = "--rate=500"
BROKERS = 3


def in_sync(stand: Stand) -> bool:
    """Return whether all brokers are there and no replica lags."""
    lag = [stand.metric(pod, UNDER_REPLICATED) for pod in stand.brokers().values()]
    return len(lag) == BROKERS and not any(each is None or each > 0 for each in lag)


def test_a_deleted_broker_costs_no_acknowledged_record(summit: Stand, report: Report) -> None:
    assert wait_until(lambda: in_sync(summit), 60)
    with load(summit, "deleted", "--seed=51", "--csc", "Deleted", RATE) as producer:
        time.sleep(10)
        summit.kubectl("delete", "pod", f"{BROKER}-1", f"--namespace={STREAMING}")
        assert wait_until(lambda: in_sync(summit), 180, 0.5), "the broker did not catch up"
        time.sleep(5)
        ledger = producer.stop()
    _assert_nothing_lost(summit, ledger, report, "a broker was deleted")


def _assert_nothing_lost(stand: Stand, ledger: Ledger, report: Report, while_: str) -> None:
    in_kafka = kept.check(stand.outside("notebooks"), ledger)
    report.add(
        "5", f"acknowledged while {while_}, in Kafka", in_kafka.kept, aim=in_kafka.acknowledged
    )
    assert in_kafka.complete, "\n".join(in_kafka.lines())
    found = arrivals.wait(stand.influx, ledger, 180)
    report.add("5", f"acknowledged while {while_}, in InfluxDB", found.arrived, aim=found.expected)
    assert found.complete, "\n".join(found.lines())
