"""The JMX exporter's rules for the aggregator, by what a real worker of Kafka Streams 4.3.1 has."""

import re

import pytest

from tests.support.jmx_rules import metric, rules


@pytest.mark.parametrize(
    ("line", "name", "labels"),
    [
        (
            (
                "kafka.streams<type=stream-metrics, "
                "process-id=30f9e76d-c7e1-4300-9f47-b5d243a86d50, "
                "application-id=kafka-aggregator, client-id=kafka-aggregator><>client-state: 2"
            ),
            "kafka_streams_client_state",
            {},
        ),
        (
            (
                "kafka.streams<type=stream-metrics, client-id=kafka-aggregator>"
                "<>alive-stream-threads: 1"
            ),
            "kafka_streams_alive_stream_threads",
            {},
        ),
        (
            (
                "kafka.streams<type=stream-thread-metrics, "
                "thread-id=kafka-aggregator-StreamThread-1><>process-total: 1200.0"
            ),
            "kafka_streams_thread_process_total",
            {"thread": "1"},
        ),
        (
            (
                "kafka.consumer<type=consumer-fetch-manager-metrics, "
                "client-id=kafka-aggregator-StreamThread-1-consumer><>records-lag-max: 0.0"
            ),
            "kafka_streams_thread_records_lag_max",
            {"thread": "1"},
        ),
        (
            (
                "kafka.producer<type=producer-metrics, "
                "client-id=kafka-aggregator-StreamThread-1-producer><>record-send-total: 1806.0"
            ),
            "kafka_streams_thread_records_send_total",
            {"thread": "1"},
        ),
        (
            (
                "kafka.streams<type=stream-topic-metrics, "
                "thread-id=kafka-aggregator-StreamThread-1, task-id=0_0, "
                "processor-node-id=KSTREAM-SINK-0000000008, topic=dead-letter.kafka-aggregator>"
                "<>records-produced-total: 6.0"
            ),
            "kafka_streams_dead_letters_total",
            {"thread": "1", "task": "0_0"},
        ),
        (
            (
                "kafka.streams<type=stream-window-metrics, "
                "thread-id=kafka-aggregator-StreamThread-1, window-id=1_7><>late-records-total: 3.0"
            ),
            "kafka_streams_late_records_total",
            {"thread": "1", "task": "1_7"},
        ),
    ],
)
def test_the_aggregator_tells_of_each_thread(line: str, name: str, labels: dict[str, str]) -> None:
    assert metric("aggregator.yaml", line) == (name, labels)


@pytest.mark.parametrize(
    "line",
    [
        (
            "kafka.consumer<type=consumer-fetch-manager-metrics, "
            "client-id=kafka-aggregator-StreamThread-1-consumer, topic=lsst.sal.A.x, partition=0>"
            "<>records-lag-max: 0.0"
        ),
        (
            "kafka.streams<type=stream-topic-metrics, thread-id=kafka-aggregator-StreamThread-1, "
            "task-id=0_0, processor-node-id=KSTREAM-SOURCE-0000000000, topic=lsst.sal.A.x>"
            "<>records-consumed-total: 6.0"
        ),
    ],
)
def test_the_aggregator_is_silent_about_single_topics(line: str) -> None:
    """Fnmatch takes a comma for part of a value, which the exporter does not."""
    assert not any(re.search(rule["pattern"], line) for rule in rules("aggregator.yaml")["rules"])
