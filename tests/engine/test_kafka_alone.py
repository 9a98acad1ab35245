"""The scripts that guard changes of the brokers, against a real one that is alone."""

import pytest

from tests.support.kafka_cluster import KafkaCluster, kafka_libs, wait

pytestmark = pytest.mark.engine


def test_one_broker_alone_may_restart_and_must_not_become_three(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Two new voters, which know nothing, would outvote the one that does."""
    folder = tmp_path_factory.mktemp("alone")
    with KafkaCluster(folder, kafka_libs(), 1, {}, "4.3") as alone:
        wait(lambda: alone.started(0), "the broker")
        alone.topic("lone", "0")
        roll = alone.run("roll_check.sh")
        assert (roll.code, roll.out) == (
            0,
            "one broker: nothing can be kept in service while it restarts",
        )
        assert alone.on(0, "stop_gate.sh").out == "stop: no partition needs this broker now"
        assert alone.on(0, "in_sync.sh").code == 0
        said = alone.run("size_check.sh", BROKERS="3", CONTROLLERS="3")
        assert said.code == 3
        assert "1 of the brokers vote" in said.err
        assert "below 3" in said.err
