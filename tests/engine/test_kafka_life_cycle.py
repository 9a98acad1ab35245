"""The scripts that guard changes of the brokers, against real ones: three that vote.

The tests follow each other: a cluster takes longer to start than all of them.
"""

import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.support.kafka_classes import kafka_libs
from tests.support.kafka_cluster import SCRIPTS, KafkaCluster, wait

pytestmark = pytest.mark.engine

BROKERS = range(3)
QUICK = {
    "min.insync.replicas": 2,
    "broker.session.timeout.ms": 3000,
    "broker.heartbeat.interval.ms": 500,
    "offsets.topic.replication.factor": 3,
}
EVERYWHERE = "0:1:2,1:2:0"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    """Three brokers with the metadata of an older release."""
    folder = tmp_path_factory.mktemp("kafka")
    with KafkaCluster(folder, kafka_libs(), len(BROKERS), QUICK, "4.2") as running:
        wait(lambda: all(map(running.started, BROKERS)), "three brokers")
        yield running


def _ready(cluster: KafkaCluster, broker: int) -> bool:
    return cluster.readiness(broker).code == 0


def test_a_new_cluster_without_topics_is_ready_at_once(cluster: KafkaCluster) -> None:
    for broker in BROKERS:
        assert cluster.readiness(broker).code == 0
        assert cluster.latch(broker).exists()


def test_what_has_not_been_seen_in_sync_is_not_ready(cluster: KafkaCluster) -> None:
    said = cluster.on(0, "ready.sh", LATCH="/nowhere")
    assert (said.code, said.out) == (1, "starting")


def test_what_has_been_in_sync_costs_no_java_machine_again(cluster: KafkaCluster) -> None:
    said = cluster.on(0, "ready.sh", KAFKA_LIBS="/nowhere")
    assert (said.code, said.err) == (0, "")


def test_a_cluster_in_which_all_is_well_may_change(cluster: KafkaCluster) -> None:
    cluster.topic("everywhere", EVERYWHERE)
    roll = cluster.run("roll_check.sh")
    assert (roll.code, roll.err) == (0, ""), roll
    size = cluster.run("size_check.sh", BROKERS="4", CONTROLLERS="3")
    assert (size.code, size.out) == (0, "4 brokers, of which 3 vote: nothing would be lost")


def test_a_broker_that_nobody_needs_stops_at_once(cluster: KafkaCluster) -> None:
    said = cluster.on(1, "stop_gate.sh", PATIENCE="60")
    assert said.out == "stop: nobody needs this broker now"


def test_a_topic_without_a_replica_to_spare_refuses_a_roll(cluster: KafkaCluster) -> None:
    cluster.topic("pair", "1:2")
    cluster.topic("lone", "1", min_insync_replicas=1)
    said = cluster.run("roll_check.sh")
    assert said.code == 3
    assert "2 topics have too few replicas" in said.err
    assert "lone (1, min.insync.replicas 1)" in said.err
    assert "pair (2, min.insync.replicas 2)" in said.err
    assert "streaming.kafka.mayPause" in said.err


def test_one_that_may_pause_does_not(cluster: KafkaCluster) -> None:
    assert cluster.run("roll_check.sh", MAY_PAUSE="lo pai").code == 0
    assert cluster.run("roll_check.sh", MAY_PAUSE="*").code == 0
    assert cluster.run("roll_check.sh", MAY_PAUSE="lo air").code == 3, "a prefix is no pattern"


def test_fewer_brokers_are_refused_while_those_that_go_have_replicas(
    cluster: KafkaCluster,
) -> None:
    said = cluster.run("size_check.sh", BROKERS="2", CONTROLLERS="3")
    assert said.code == 3
    assert "broker 2 with 3." in said.err


@pytest.mark.parametrize(("wanted", "advice"), [(1, "at 3 or above"), (5, "below 3")])
def test_another_number_of_controllers_is_refused(
    cluster: KafkaCluster, wanted: int, advice: str
) -> None:
    said = cluster.run("size_check.sh", BROKERS="3", CONTROLLERS=str(wanted))
    assert said.code == 3
    assert "3 of the brokers vote" in said.err
    assert advice in said.err


@pytest.fixture(scope="module")
def short(cluster: KafkaCluster) -> KafkaCluster:
    """The same cluster, without broker 0."""
    cluster.tool("org.apache.kafka.tools.TopicCommand", "--delete", "--topic", "lone")
    cluster.kill(0)
    wait(
        lambda: "Isr: 0" not in (said := _described(cluster, "everywhere")) and ",0" not in said,
        "the cluster notices",
    )
    return cluster


def _described(cluster: KafkaCluster, topic: str) -> str:
    said = cluster.tool("org.apache.kafka.tools.TopicCommand", "--describe", "--topic", topic)
    lines = [line for line in said.splitlines() if "\tIsr: " in line]
    return "\n".join(f"Isr: {line.partition('Isr: ')[2].partition(chr(9))[0]}" for line in lines)


def test_a_roll_is_refused_while_a_broker_is_out(short: KafkaCluster) -> None:
    said = short.run("roll_check.sh", MAY_PAUSE="pair")
    assert said.code == 3
    assert "broker 0 is out of sync with 2 partitions: everywhere-0, everywhere-1" in said.err


def test_a_broker_that_is_needed_is_held_back_and_not_for_ever(short: KafkaCluster) -> None:
    said = short.on(1, "stop_gate.sh", PATIENCE="3")
    assert "stop: waiting, 2 partitions need this broker" in said.out
    assert said.out.endswith("stop: not waiting any longer than 3 s")


def test_a_broker_that_does_not_answer_is_not_held_back(short: KafkaCluster) -> None:
    started = time.monotonic()
    said = short.on(0, "stop_gate.sh", PATIENCE="60")
    assert said.out == "stop: this broker does not answer, nobody needs it"
    assert time.monotonic() - started < 5
    assert short.readiness(0).out.startswith("nothing listens at ")


def test_what_is_in_sync_itself_waits_for_partitions_under_their_minimum(
    short: KafkaCluster,
) -> None:
    short.kill(2)
    short.start(0)
    wait(lambda: _described(short, "pair") == "Isr: 1", "the cluster notices")
    short.latch(0).unlink()
    wait(
        lambda: short.readiness(0).out.startswith("in sync itself; 1 partitions lack others"),
        "a broker that waits for others",
    )
    assert "pair-0" in short.readiness(0).out


def test_the_last_broker_may_restart_when_only_it_is_out(short: KafkaCluster) -> None:
    said = short.run("roll_check.sh", MAY_PAUSE="pair")
    assert (said.code, said.out) == (
        0,
        "broker 2 is out of sync, and is the first to restart: that harms nothing",
    )


def test_a_broker_that_catches_up_does_not_count_before_it_has(short: KafkaCluster) -> None:
    """It is held back by a throttle here, as by many records elsewhere."""
    _throttle(short, "--add-config", rate="=1", replicas="=*")
    _fill(short)
    short.latch(2).unlink()
    short.start(2)
    wait(lambda: short.readiness(2).out.startswith("catching up"), "a broker that lags")
    assert "everywhere-" in short.readiness(2).out
    assert not short.latch(2).exists()


def test_the_gate_opens_when_the_other_is_back(short: KafkaCluster) -> None:
    gate = subprocess.Popen(  # noqa: S603 -- the artifact under test
        ["/bin/sh", str(SCRIPTS / "stop_gate.sh")],
        env=short.environment(short.address(1), POD_NAME="kafka-1", PATIENCE="60"),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert gate.stdout is not None
    assert "need this broker" in gate.stdout.readline()
    _throttle(short, "--delete-config")
    rest, _ = gate.communicate(timeout=60)
    assert rest.endswith("stop: nobody needs this broker now\n")
    wait(lambda: _ready(short, 2), "the broker counts again")
    assert {line.count(",") for line in _described(short, "everywhere").splitlines()} == {2}


def _throttle(cluster: KafkaCluster, change: str, *, rate: str = "", replicas: str = "") -> None:
    side = f"follower.replication.throttled.rate{rate}"
    configs = "kafka.admin.ConfigCommand"
    cluster.tool(configs, "--alter", "--entity-type=brokers", "--entity-default", change, side)
    side = f"follower.replication.throttled.replicas{replicas}"
    cluster.tool(
        configs, "--alter", "--entity-type=topics", "--entity-name=everywhere", change, side
    )


def _fill(cluster: KafkaCluster) -> None:
    arguments = [
        "--topic=everywhere",
        "--num-records=20000",
        "--record-size=1000",
        "--throughput=-1",
    ]
    cluster.tool("org.apache.kafka.tools.ProducerPerformance", *arguments)


def test_a_voter_is_held_back_while_no_majority_would_be_left(short: KafkaCluster) -> None:
    for topic in ("everywhere", "pair"):
        short.tool("org.apache.kafka.tools.TopicCommand", "--delete", "--topic", topic)
    short.kill(0)
    wait(
        lambda: "controllers need this one" in short.on(1, "stop_gate.sh", PATIENCE="0").out,
        "a voter that is needed",
    )
