"""The JMX exporter's rules: what they let through, by names that the real servers gave.

The lines are in the exporter's own form, ``domain<keys><>attribute: value``, as Kafka 4.3.1,
Connect 3.4.0, MirrorMaker and Kafka Streams 4.3.1 published them.
"""

import re
from pathlib import Path

import pytest

from tests.support.jmx_rules import metric, rules

FILES = (
    "aggregator.yaml",
    "connect.yaml",
    "kafka.yaml",
    "mirror-maker.yaml",
    "schema-registry.yaml",
)
_UNBOUNDED = re.compile(r"\b(topic|partition|subject|path)=\*")
_ALLOWED = "topic=*.logevent_heartbeat,partition=0"
"""One series per SAL component, some sixty: the age of what a mirror receives."""


@pytest.mark.parametrize("file", FILES)
def test_the_exporter_is_told_which_objects_to_read(file: str) -> None:
    """Without a list it reads every object at each scrape: with a thousand topics, minutes."""
    assert rules(file)["includeObjectNames"]


@pytest.mark.parametrize("file", FILES)
def test_no_object_comes_once_per_topic_or_partition(file: str) -> None:
    names = [name.replace(_ALLOWED, "") for name in rules(file)["includeObjectNames"]]
    assert not [name for name in names if _UNBOUNDED.search(name)]


@pytest.mark.parametrize("file", FILES)
def test_every_rule_names_its_metric_and_its_type(file: str) -> None:
    for rule in rules(file)["rules"]:
        assert rule["type"] in {"GAUGE", "COUNTER"}, rule
        counts = rule["name"].endswith("_total")
        assert counts == (rule["type"] == "COUNTER"), f"{rule['name']}: only counters end so"
        groups = re.compile(rule["pattern"]).groups
        used = re.findall(r"\$(\d)", rule["name"] + str(rule.get("labels", "")))
        assert all(int(number) <= groups for number in used), rule


def test_every_file_is_used_by_a_component() -> None:
    components = Path(__file__).parents[2] / "efd_infra" / "components"
    sources = "".join(path.read_text(encoding="utf-8") for path in components.rglob("*.py"))
    assert all(f'"jmx/{file}"' in sources for file in FILES)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (
            "kafka.server<type=ReplicaManager, name=UnderReplicatedPartitions><>Value: 0",
            "kafka_server_replicamanager_underreplicatedpartitions",
        ),
        (
            "kafka.controller<type=KafkaController, name=OfflinePartitionsCount><>Value: 0",
            "kafka_controller_kafkacontroller_offlinepartitionscount",
        ),
        (
            "kafka.controller<type=KafkaController, name=ActiveControllerCount><>Value: 1",
            "kafka_controller_kafkacontroller_activecontrollercount",
        ),
        (
            "kafka.server<type=ReplicaManager, name=IsrShrinksPerSec><>Count: 0",
            "kafka_server_replicamanager_isrshrinks_total",
        ),
        (
            "kafka.server<type=BrokerTopicMetrics, name=BytesInPerSec><>Count: 12",
            "kafka_server_brokertopicmetrics_bytesin_total",
        ),
        (
            "kafka.log<type=LogManager, name=OfflineLogDirectoryCount><>Value: 0",
            "kafka_log_logmanager_offlinelogdirectorycount",
        ),
    ],
)
def test_the_brokers_say_what_alerts_ask_for(line: str, name: str) -> None:
    assert metric("kafka.yaml", line) == (name, {})


def test_the_brokers_are_silent_about_single_topics() -> None:
    line = "kafka.server<type=BrokerTopicMetrics, name=BytesInPerSec, topic=lsst.sal.A><>Count: 1"
    assert metric("kafka.yaml", line) is None


@pytest.mark.parametrize(
    ("line", "name", "labels"),
    [
        (
            (
                "kafka.connect<type=connector-task-metrics, connector=influxdb-sink, task=0>"
                "<>status: failed"
            ),
            "kafka_connect_task_status",
            {"connector": "influxdb-sink", "task": "0", "status": "failed"},
        ),
        (
            (
                "kafka.consumer<type=consumer-fetch-manager-metrics, "
                "client-id=connector-consumer-influxdb-sink-0><>records-lag-max: 3.0"
            ),
            "kafka_connect_sink_records_lag_max",
            {"connector": "influxdb-sink", "task": "0"},
        ),
        (
            (
                "kafka.connect<type=sink-task-metrics, connector=influxdb-sink, task=0>"
                "<>sink-record-send-total: 3.0"
            ),
            "kafka_connect_sink_records_send_total",
            {"connector": "influxdb-sink", "task": "0"},
        ),
        (
            (
                "kafka.connect<type=task-error-metrics, connector=influxdb-sink, task=0>"
                "<>deadletterqueue-produce-requests: 3.0"
            ),
            "kafka_connect_task_dead_letter_requests_total",
            {"connector": "influxdb-sink", "task": "0"},
        ),
    ],
)
def test_connect_tells_of_each_task(line: str, name: str, labels: dict[str, str]) -> None:
    assert metric("connect.yaml", line) == (name, labels)


def test_an_attribute_is_not_taken_for_another_that_begins_like_it() -> None:
    """Patterns match anywhere; without an end three attributes claimed one name."""
    line = "kafka.connect<type=sink-task-metrics, connector=a, task=0><>sink-record-active-count"
    assert metric("connect.yaml", f"{line}-max: 1.0") is None


@pytest.mark.parametrize("file", ["connect.yaml", "mirror-maker.yaml"])
def test_failed_tasks_are_counted_by_worker(file: str) -> None:
    line = "kafka.connect<type=connect-worker-metrics, connector=a><>connector-failed-task-count: 1"
    assert metric(file, line) == ("kafka_connect_worker_tasks_failed", {"connector": "a"})


def test_the_link_tells_how_late_it_is() -> None:
    line = (
        "kafka.connect.mirror<type=MirrorSourceConnector, source=summit, target=ldf, "
        "topic=lsst.sal.MTMount.logevent_heartbeat, partition=0><>replication-latency-ms-max: 251"
    )
    found = metric("mirror-maker.yaml", line)
    assert found is not None
    name, labels = found
    assert name == "kafka_mirror_replication_latency_ms"
    assert labels["topic"] == "lsst.sal.MTMount.logevent_heartbeat"


def test_the_link_tells_how_far_each_task_is_behind() -> None:
    line = (
        "kafka.consumer<type=consumer-fetch-manager-metrics, "
        'client-id="summit->ldf|MirrorSourceConnector-2|replication-consumer">'
        "<>records-lag-max: 7.0"
    )
    assert metric("mirror-maker.yaml", line) == (
        "kafka_mirror_records_lag_max",
        {"source": "summit", "target": "ldf", "task": "2"},
    )


def test_the_link_is_silent_about_other_topics() -> None:
    line = (
        "kafka.connect.mirror<type=MirrorSourceConnector, source=summit, target=ldf, "
        "topic=lsst.sal.MTMount.azimuth, partition=0><>replication-latency-ms-max: 251"
    )
    assert metric("mirror-maker.yaml", line) is None
