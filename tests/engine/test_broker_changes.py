"""What changes of Kafka's brokers do to a deployed site, and what is asked before."""

import pytest

from tests.engine import inventory
from tests.engine.deployment import Deployment

pytestmark = pytest.mark.engine

BROKERS = "kafka"


def test_a_change_that_restarts_brokers_is_checked_first(passing: Deployment) -> None:
    with passing.described("streaming.kafka.retention", "71h"):
        planned = passing.planned()
    assert {
        "replace ConfigMap kafka-settings",
        "replace Job kafka-checks-roll",
        "update StatefulSet kafka-server",
    } <= planned
    assert "replace Job kafka-checks-size" not in planned


def test_a_broker_more_restarts_no_other(passing: Deployment) -> None:
    before = passing.pods()
    with passing.described("streaming.kafka.brokers", 4):
        planned = passing.planned()
        assert {
            "create PersistentVolumeClaim kafka-store-3",
            "replace Job kafka-checks-size",
            "update StatefulSet kafka-server",
        } <= planned
        assert "replace Job kafka-checks-roll" not in planned
        passing.up()
        after = passing.pods()
    assert before[BROKERS] < after[BROKERS]
    assert len(after[BROKERS]) == 4
    assert inventory.unready(passing.everything()) == {}
    passing.up()
    assert passing.pods()[BROKERS] == before[BROKERS]


def test_the_metadata_s_release_restarts_no_broker(passing: Deployment) -> None:
    before = passing.pods()
    with passing.deployed("streaming.kafka.metadataVersion", "4.3"):
        assert passing.pods()[BROKERS] == before[BROKERS]
        done = [key for key in passing.everything() if key.startswith("Job cp-helm-charts/kafka-f")]
        assert len(done) == 1
