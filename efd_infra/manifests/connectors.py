"""What the Connect manager is told about one connector, in its environment variables.

https://github.com/lsst-sqre/kafka-connect-manager documents them (``docs/configuration.rst``).
"""

from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.config.values import TopicPattern
from efd_infra.manifests.connect import INFLUXDB_USER, secret_reference

_ERROR_POLICIES = {"retry": "RETRY", "stop": "THROW", "skip": "NOOP"}
_RETRIES = 10
_RETRY_INTERVAL_MS = 60_000


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
    if section.excluded:
        environment["KAFKA_CONNECT_EXCLUDED_TOPIC_REGEX"] = _anchored(section.excluded)
    return environment


def _anchored(pattern: TopicPattern) -> str:
    """Return the pattern for the manager, which would take a mere beginning for a match."""
    return rf"(?:{pattern})\Z"
