"""The aggregator's settings: Kafka Streams' own, and those of the program.

What begins with ``aggregator.`` is the program's; everything else is Kafka Streams' and its
clients' (https://kafka.apache.org/43/streams/developer-guide/config-streams/).
"""

from efd_infra.config.aggregation import AGGREGATOR_DEAD_LETTERS, SESSION, TASKS, AggregationSection
from efd_infra.config.contract import (
    AGGREGATED_SCHEMA_REGISTRY,
    AGGREGATOR,
    SCHEMA_REGISTRY,
)
from efd_infra.config.sal import AGGREGATED_SUFFIX, SAL_TOPICS, TELEMETRY
from efd_infra.config.values import Quantity, TopicPattern
from efd_infra.manifests.kafka_client import LOGIN_DIR, config_provider, login_by_reference
from efd_infra.manifests.properties import properties

SETTINGS_DIR = "/etc/kafka-aggregator"
"""Where the program finds its settings."""

STATE_DIR = "/var/lib/kafka-aggregator"
"""Where a worker keeps its open windows; Kafka has a copy."""

APPLICATION = AGGREGATOR.name
"""Kafka Streams' ``application.id``: the consumer group, and how the names of its own topics and
transactions begin."""

_BUFFERED = 100
"""Records of each topic that wait in the heap: a thousand topics have a thousand times as many."""

_PARTITIONS = 1
"""Of a topic of aggregates, as of SAL's topics."""


def aggregator_properties(
    section: AggregationSection, *, bootstrap: str, replication_factor: int, max_message: Quantity
) -> str:
    """Return ``aggregator.properties``; user and password are references to files."""
    return properties(
        {
            **_streams(section, replication_factor, max_message),
            "bootstrap.servers": bootstrap,
            **login_by_reference(LOGIN_DIR),
            **config_provider(LOGIN_DIR),
            **_windows(section),
            "aggregator.registry.url": SCHEMA_REGISTRY.url,
            "aggregator.internal.registry.url": AGGREGATED_SCHEMA_REGISTRY.url,
            "aggregator.dead.letter.topic": AGGREGATOR_DEAD_LETTERS,
            "aggregator.topic.partitions": _PARTITIONS,
            "aggregator.topic.replication.factor": replication_factor,
        }
    )


def telemetry(topics: TopicPattern) -> TopicPattern:
    """Return the pattern of the telemetry among ``topics``, for Java and for Python."""
    return TELEMETRY if topics == SAL_TOPICS else TopicPattern(f"(?=(?:{topics})$){TELEMETRY}")


def _streams(
    section: AggregationSection, replication_factor: int, max_message: Quantity
) -> dict[str, str | int]:
    return {
        "application.id": APPLICATION,
        # Or each start would have names of its own, also in metrics.
        "client.id": APPLICATION,
        "processing.guarantee": "exactly_once_v2",
        "num.stream.threads": section.threads,
        "replication.factor": replication_factor,
        "state.dir": STATE_DIR,
        # By it a new topic is found.
        "metadata.max.age.ms": section.check_interval.milliseconds,
        "session.timeout.ms": SESSION.milliseconds,
        # Topics are read as they come: to look which of a thousand is behind costs more than to
        # deal out a record.
        "max.task.idle.ms": -1,
        "buffered.records.per.partition": _BUFFERED,
        # A record goes through a topic of the aggregator's own, as large as it came.
        "producer.max.request.size": max_message.bytes,
        "producer.compression.type": "lz4",
        "consumer.max.partition.fetch.bytes": max_message.bytes,
    }


def _windows(section: AggregationSection) -> dict[str, str | int]:
    return {
        "aggregator.topics": telemetry(section.topics),
        "aggregator.excluded": section.excluded or "",
        "aggregator.suffix": AGGREGATED_SUFFIX,
        "aggregator.timestamp.field": section.timestamp,
        "aggregator.window.ms": section.window.milliseconds,
        "aggregator.grace.ms": section.grace.milliseconds,
        "aggregator.closes.after.ms": section.closes_after.milliseconds,
        "aggregator.min.samples": section.min_samples,
        "aggregator.tasks": TASKS,
    }
