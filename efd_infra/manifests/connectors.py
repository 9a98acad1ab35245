"""What the Connect manager is told about one connector, in its environment variables.

https://github.com/lsst-sqre/kafka-connect-manager documents them (``docs/configuration.rst``).
"""

import json

from efd_infra.config.archive import ConnectSinkSection
from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.config.values import Quantity, TopicPattern
from efd_infra.manifests.connect import (
    AGGREGATED_REGISTRY,
    AVRO,
    INFLUXDB_USER,
    secret_reference,
)

_ERROR_POLICIES = {"retry": "RETRY", "stop": "THROW", "skip": "NOOP"}
_RETRIES = 10
_RETRY_INTERVAL_MS = 60_000
_FOR_EVER = -1
_AGGREGATES = {
    "value.converter": AVRO,
    "value.converter.schema.registry.url": AGGREGATED_REGISTRY,
    # Whatever it is, no sink reads it.
    "key.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
    # InfluxDB has no field of this name: the same is in the one that becomes a point's time.
    "transforms": "untimed",
    "transforms.untimed.type": "org.apache.kafka.connect.transforms.ReplaceField$Value",
    "transforms.untimed.exclude": "time",
}
"""What is different where statistics are read."""


def influxdb_sink_environment(
    section: InfluxDbSinkSection, *, bootstrap: str, connect_url: str, influxdb_url: str
) -> dict[str, str]:
    """Return the environment of ``kafkaconnect create influxdb-sink``.

    User and password are references, which the Connect workers replace. Without an exclusion its
    variable is left out: the API server drops an empty value, and a refresh would see drift.
    """
    environment = {
        "KAFKA_BROKER_URL": bootstrap,
        "KAFKA_CONNECT_URL": connect_url,
        "KAFKA_CONNECT_NAME": section.name,
        "KAFKA_CONNECT_INFLUXDB_URL": influxdb_url,
        "KAFKA_CONNECT_DATABASE": section.database,
        "KAFKA_CONNECT_INFLUXDB_USERNAME": secret_reference(INFLUXDB_USER, "username"),
        "KAFKA_CONNECT_INFLUXDB_PASSWORD": secret_reference(INFLUXDB_USER, "password"),
        "KAFKA_CONNECT_INFLUXDB_TIMESTAMP": section.timestamp,
        "KAFKA_CONNECT_TASKS_MAX": str(section.tasks),
        "KAFKA_CONNECT_TOPIC_REGEX": _anchored(section.topics),
        "KAFKA_CONNECT_CHECK_INTERVAL": str(section.check_interval.milliseconds),
        "KAFKA_CONNECT_ERROR_POLICY": _ERROR_POLICIES[section.on_error],
        "KAFKA_CONNECT_MAX_RETRIES": str(_RETRIES),
        "KAFKA_CONNECT_RETRY_INTERVAL": str(_RETRY_INTERVAL_MS),
    }
    if section.tags:
        environment["KAFKA_CONNECT_INFLUXDB_TAGS"] = ",".join(section.tags)
    if section.excluded:
        environment["KAFKA_CONNECT_EXCLUDED_TOPIC_REGEX"] = _anchored(section.excluded)
    return environment


def manager_environment(max_message: Quantity, port: int) -> dict[str, str]:
    """Return what our own program is told beside that.

    ``max_message`` is what the workers may send and the brokers take in one record; it bounds a
    connector's configuration.
    """
    return {"MAX_RECORD": str(max_message.bytes), "PORT": str(port)}


def error_settings(section: ConnectSinkSection, *, replication_factor: int) -> str:
    """Return, as JSON, what is added to a connector's own configuration.

    Records that no converter can read go to a topic of their own, as they are, with the reason in
    their headers; the log names where each one stood, and shows none of them. What Connect takes
    for a passing failure is tried for ever, and is no dead letter. A store's refusals are not
    meant: the sinks have ways of their own with them.
    """
    return json.dumps(
        {
            "errors.tolerance": "all",
            "errors.retry.timeout": _FOR_EVER,
            "errors.retry.delay.max.ms": _RETRY_INTERVAL_MS,
            "errors.deadletterqueue.topic.name": section.dead_letter_topic,
            "errors.deadletterqueue.topic.replication.factor": replication_factor,
            "errors.deadletterqueue.context.headers.enable": True,
            "errors.log.enable": True,
            "errors.log.include.messages": False,
        },
        indent=2,
    )


def added_settings(section: ConnectSinkSection, *, replication_factor: int) -> str:
    """Return, as JSON, all that is added to a connector's own configuration."""
    errors = json.loads(error_settings(section, replication_factor=replication_factor))
    aggregates = isinstance(section, InfluxDbSinkSection) and section.aggregated
    return json.dumps(errors | (_AGGREGATES if aggregates else {}), indent=2)


def _anchored(pattern: TopicPattern) -> str:
    """Return the pattern for the manager, which would take a mere beginning for a match."""
    return rf"(?:{pattern})\Z"
