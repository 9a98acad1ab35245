"""The Connect workers' settings."""

from efd_infra.config.connect import ConnectSection
from efd_infra.config.contract import CONNECT_SCHEMAS, KAFKA_CONNECT
from efd_infra.config.images import ImagesSection
from efd_infra.config.values import Quantity
from efd_infra.manifests.kafka_client import (
    LOGIN_DIR,
    PROVIDER,
    config_provider,
    login_by_reference,
)
from efd_infra.manifests.properties import properties

SECRETS_DIR = "/etc/efd/secrets"
"""Below it each Secret of the workers is a directory, and each of its keys a file."""

PLUGINS_DIR = "/opt/kafka/plugins"
"""Where the observatory's Connect image keeps the sink and the Avro converter."""

FETCHED_PLUGINS_DIR = "/opt/efd/plugins"
"""Where the plugins are that a site adds, each in a folder of its own."""

INFLUXDB_USER = "influxdb"
"""The directory of the user that the InfluxDB sink writes as."""

AVRO = "io.confluent.connect.avro.AvroConverter"
REGISTRY = f"http://127.0.0.1:{CONNECT_SCHEMAS.port}"
"""What stands between a worker and the registry, in the worker's own pod."""
AGGREGATED_REGISTRY = f"{REGISTRY}/aggregated"
"""By it the same asks the registry of aggregates (``artifacts/connect/schemas.py``)."""
_FOR_EVER = 2**31 - 1
"""Milliseconds: the largest number that Kafka's client takes."""


def secret_reference(directory: str, key: str) -> str:
    """Return what stands in a connector's configuration for one key of a worker's Secret.

    The workers replace it when a task starts. The original's configurations carried the
    password itself, for everybody who could reach the REST port to read.
    """
    return f"${{{PROVIDER}:{SECRETS_DIR}/{directory}:{key}}}"


def worker_properties(
    section: ConnectSection,
    *,
    bootstrap: str,
    replication_factor: int,
    max_message: Quantity,
) -> str:
    """Return ``connect-distributed.properties``.

    ``max_message`` bounds what the workers write: the InfluxDB sink's configuration has one
    clause per topic and outgrows a client's own limit of 1 MiB at some thousand topics.
    """
    internal_topics = {
        f"{kind}.storage.{setting}": value
        for kind in ("config", "offset", "status")
        for setting, value in (
            ("topic", f"{KAFKA_CONNECT.name}-{kind}"),
            ("replication.factor", replication_factor),
        )
    }
    return properties(
        {
            "bootstrap.servers": bootstrap,
            # The group and topics of the original's workers: a new name would start anew.
            "group.id": KAFKA_CONNECT.namespace,
            **internal_topics,
            "offset.flush.interval.ms": section.offset_flush_interval.milliseconds,
            # Without a host, a worker is known to the others by its pod's address; its host
            # name resolves in the pod alone.
            "listeners": f"http://:{KAFKA_CONNECT.port}",
            "plugin.path": ",".join(_plugin_folders(section)),
            "key.converter": AVRO,
            "key.converter.schema.registry.url": REGISTRY,
            "value.converter": AVRO,
            "value.converter.schema.registry.url": REGISTRY,
            **config_provider(SECRETS_DIR, LOGIN_DIR),
            # A worker, and each client that it makes for a connector, logs in by itself.
            **{
                f"{client}{key}": value
                for client in ("", "producer.", "consumer.", "admin.")
                for key, value in login_by_reference(LOGIN_DIR).items()
            },
            # A topic that is gone is none to make again; not to be allowed it fails the task.
            "consumer.allow.auto.create.topics": False,
            # A task that waits for a schema keeps its partitions: others would wait the same.
            "consumer.max.poll.interval.ms": _FOR_EVER,
            "max.request.size": max_message.bytes,
            "producer.max.request.size": max_message.bytes,
        }
    )


def plugin_list(section: ConnectSection, images: ImagesSection) -> str:
    """Return one line per plugin for the script that fetches them: name, digest, address."""
    return "\n".join(
        f"{plugin.name} {plugin.sha256} {images.address(plugin)}" for plugin in section.plugins
    )


def _plugin_folders(section: ConnectSection) -> list[str]:
    return [PLUGINS_DIR, FETCHED_PLUGINS_DIR] if section.plugins else [PLUGINS_DIR]
