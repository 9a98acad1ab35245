"""New passwords for a user, for every service and for the brokers, while records flow."""

import time

import pytest

from devkit.traffic import arrivals, kept
from devkit.traffic.access import Kafka
from tests.e2e.broker_watch import BrokerWatch
from tests.e2e.load import load
from tests.e2e.refusals import refusals
from tests.e2e.report import Report
from tests.e2e.rights import PROBE, attempt, probe_topic
from tests.e2e.stand import Stand

pytestmark = pytest.mark.e2e

KAFKA = "streaming.kafka"
SERVICE = "efd-sink-influxdb-sink"


def let_in(kafka: Kafka) -> bool:
    """Return whether the brokers take this password."""
    return not any("uthentication failed" in error.str() for error in refusals(kafka.settings))


def test_every_password_is_renewed_under_load(summit: Stand, report: Report) -> None:
    probe_topic(summit.outside("sal"))
    before = {user: summit.as_user(user) for user in ("sal", "notebooks", SERVICE)}
    with (
        load(summit, "passwords", "--seed=121", "--csc", "Passwords", "--rate=300") as producer,
        BrokerWatch(summit) as watch,
    ):
        time.sleep(5)
        summit.deployment.describe(f"{KAFKA}.loginGeneration", 2)
        # Not the producer's: should it need another connection, it would not get one any more.
        summit.deployment.describe(f"{KAFKA}.users.1.generation", 2)
        with report.timed("12", "new passwords for brokers, services and a user by pulumi up"):
            summit.deployment.up()
        time.sleep(10)
        ledger = producer.stop()
    after = {user: summit.as_user(user) for user in before}
    assert after["sal"] == before["sal"], "nobody asked for this one"
    assert watch.most_down(len(summit.brokers())) == 1
    for user in ("notebooks", SERVICE):
        assert after[user].password != before[user].password
        assert not let_in(before[user]), f"the old password of {user} still opens"
    assert attempt(after["notebooks"], "read", PROBE)
    assert attempt(after[SERVICE], "read", PROBE)
    in_kafka = kept.check(summit.outside("notebooks"), ledger)
    report.add("12", "acknowledged meanwhile, in Kafka", in_kafka.kept, aim=in_kafka.acknowledged)
    assert in_kafka.complete, "\n".join(in_kafka.lines())
    found = arrivals.wait(summit.influx, ledger, 180)
    report.add("12", "acknowledged meanwhile, in InfluxDB", found.arrived, aim=found.expected)
    assert found.complete, "\n".join(found.lines())
