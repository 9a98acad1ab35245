"""The scripts that guard changes of the brokers, against a real one that is alone, or none."""

from collections.abc import Iterator

import pytest

from tests.support.kafka_classes import kafka_libs
from tests.support.kafka_cluster import KafkaCluster, wait

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    """One broker with the metadata of an older release."""
    with KafkaCluster(tmp_path_factory.mktemp("kafka"), kafka_libs(), 1, {}, "4.2") as running:
        wait(lambda: running.started(0), "the broker")
        yield running


def test_one_broker_alone_may_restart_and_must_not_become_three(cluster: KafkaCluster) -> None:
    """Two new voters, which know nothing, would outvote the one that does."""
    cluster.topic("lone", "0")
    roll = cluster.run("roll_check.sh")
    assert (roll.code, roll.out) == (
        0,
        "one broker: nothing can be kept in service while it restarts",
    )
    assert cluster.on(0, "stop_gate.sh").out == "stop: nobody needs this broker now"
    assert cluster.readiness(0).code == 0
    said = cluster.run("size_check.sh", BROKERS="3", CONTROLLERS="3")
    assert said.code == 3
    assert "1 of the brokers vote" in said.err
    assert "below 3" in said.err


def test_metadata_is_raised_once_and_never_lowered(cluster: KafkaCluster) -> None:
    raised = cluster.run("features.sh", RELEASE="4.3")
    assert (raised.code, raised.err) == (0, "")
    assert raised.out == "raised metadata.version from 4.2-IV1 to 4.3-IV0"
    again = cluster.run("features.sh", RELEASE="4.3")
    assert again.out == "metadata.version is 4.3-IV0 already: nothing to raise"
    lower = cluster.run("features.sh", RELEASE="4.2")
    assert (lower.code, lower.out) == (3, "")
    assert "4.3-IV0, which is never lowered" in lower.err
    unknown = cluster.run("features.sh", RELEASE="9.9")
    assert unknown.code == 3
    assert "Unknown metadata.version '9.9'" in unknown.err


def test_the_site_s_file_still_decides_on_min_isr(cluster: KafkaCluster) -> None:
    """With eligible leader replicas the cluster would remember the first value."""
    features = cluster.tool("org.apache.kafka.tools.FeatureCommand", "describe").splitlines()
    (line,) = [line for line in features if "eligible.leader.replicas.version" in line]
    assert "FinalizedVersionLevel: 0" in line


def test_where_no_broker_has_an_address_there_is_nothing_to_check(cluster: KafkaCluster) -> None:
    said = cluster.run("roll_check.sh", "no-such-name.invalid:9091")
    assert said.code == 0
    assert said.out.startswith("no broker runs, no-such-name.invalid has no address")


def test_a_broken_dns_is_not_taken_for_that(cluster: KafkaCluster) -> None:
    said = cluster.run("roll_check.sh", "no-such-name.invalid:1", KNOWN_NAME="nor-this.invalid:1")
    assert said.code == 3
    assert "ask the cluster's DNS" in said.err


def test_nor_are_brokers_that_do_not_answer(cluster: KafkaCluster) -> None:
    said = cluster.run("size_check.sh", "127.0.0.1:9", TOOL_TIMEOUT="1", BROKERS="3")
    assert said.code == 3
    assert "none answers" in said.err
    assert "streaming.kafka.checkedChanges" in said.err


def test_brokers_that_refuse_the_login_are_not_either(cluster: KafkaCluster) -> None:
    wrong = cluster.folder / "wrong.properties"
    wrong.write_text(cluster.client.read_text().replace("a-secret", "another"))
    said = cluster.run("roll_check.sh", CLIENT_PROPERTIES=str(wrong))
    assert said.code == 3
    assert "Authentication failed" in said.err
