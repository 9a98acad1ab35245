"""The settings of a Telegraf that writes topics to InfluxDB.

Two files: one that stays, and the consumer's, which its companion writes anew when topics come.
Options and their effects: plugins of ``influxdata/telegraf`` at v1.37.2.
"""

from typing import Any

from efd_infra.config.contract import TELEGRAF_NAMESPACE, ServiceAddress
from efd_infra.config.listener import SCRAM
from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.config.values import Quantity
from efd_infra.manifests.kafka_client import LOGIN_DIR
from efd_infra.manifests.telegraf import HEALTH_PORT
from efd_infra.manifests.telegraf_aggregates import AGGREGATES_PROCESSORS, aggregates_input
from efd_infra.manifests.toml import toml

COMPANION_PORT = 8081
SCHEMA_OVERDUE = 300
"""Seconds after which a sink that still waits for a schema needs somebody: the companion's metric
``efd_sink_schemas_overdue`` is above zero then. A mirrored schema may come some seconds later than
its records, and a link that is started again takes a minute or two."""

_KAFKA_VERSION = "2.8.0"
"""The protocol that the consumer speaks: every broker from 2.8 to 4 does too. Its default is older
than 2.1, and refused by Kafka 4."""
_RECORD_BYTES = 64 * 1024
"""What a decoded record takes at most on average: 600 fields of 100 bytes."""
_RECORDS_SHARE = 8
"""Records that InfluxDB has not taken yet have one part in this many of the memory limit; as much
may wait from before a rebalance; the rest is what the consumer has fetched, and Go's collector."""
_PARTITIONS = 10_000
"""More than there are partitions: each holds a place among the undelivered records while it waits
for its next record, and with fewer places than partitions the busy ones would get none."""
_MEMORY_SHARE = 0.9
"""How much of its limit Telegraf may take before Go's collector works harder."""
_FULL = 0.9
"""How full the buffer may be before Telegraf says that it is not well."""
_BATCH = 1000
_LONGEST_WAIT = "100ms"
"""How long a point may wait for others to be written with. The prototype took 183 ms in the median
from producer to query (lsst-sqre/sqr-029), which Telegraf's usual seconds could not meet."""
_OUTPUT = "influxdb_v2"


def companion_service(section: InfluxDbSinkSection) -> ServiceAddress:
    """Return where the companions of a sink tell what they wait for."""
    return ServiceAddress(TELEGRAF_NAMESPACE, f"{section.name}-topics", COMPANION_PORT)


def sink_conf(section: InfluxDbSinkSection, *, influxdb_url: str, credentials_dir: str) -> str:
    """Return ``telegraf.conf``; InfluxDB's user and password are files in ``credentials_dir``."""
    return toml(
        {
            "agent": _agent(section),
            "secretstores": {
                "docker": [
                    {"id": "influxdb", "path": credentials_dir},
                    {"id": "kafka", "path": LOGIN_DIR},
                ]
            },
            "inputs": {"internal": [{}]},
            "outputs": {
                _OUTPUT: [_influxdb(section, influxdb_url)],
                "health": [_health(section)],
            },
        }
    )


def consumer_conf(section: InfluxDbSinkSection, *, bootstrap: str, max_message: Quantity) -> str:
    """Return the template of the consumer's settings, still without topics."""
    consumer = {
        "brokers": [bootstrap],
        "topics": [],
        # The group of Connect's sink of this name: either engine goes on where the other stopped.
        "consumer_group": f"connect-{section.name}",
        "client_id": section.name,
        "kafka_version": _KAFKA_VERSION,
        "sasl_mechanism": SCRAM,
        "sasl_username": "@{kafka:username}",
        "sasl_password": "@{kafka:password}",
        "offset": "oldest",
        # SAL's topics have one partition each: by range, the first member would get them all.
        "balance_strategy": "roundrobin",
        "startup_error_behavior": "retry",
        "max_undelivered_messages": _undelivered(section),
        # A partition that waits longer is fetched again later; until then the others wait too.
        "max_processing_time": "5s",
        "consumer_fetch_default": str(max_message.bytes),
        # Times are exact decimals of a double, so this moves none by more than its own noise.
        "precision": "1us",
        "data_format": "avro",
        "avro_schema_registry": f"http://127.0.0.1:{COMPANION_PORT}",
        "avro_timestamp": section.timestamp,
        "avro_timestamp_format": "unix",
        "avro_field_separator": "",
        "avro_union_mode": "nullable",
        **(aggregates_input(section) if section.aggregated else {}),
    }
    processors = {"processors": AGGREGATES_PROCESSORS} if section.aggregated else {}
    return toml({"inputs": {"kafka_consumer": [consumer]}, **processors})


def memory_limit(section: InfluxDbSinkSection) -> str:
    """Return ``GOMEMLIMIT``: near its limit Go collects more often, instead of being killed."""
    return f"{int(section.resources.memory_limit.bytes * _MEMORY_SHARE)}B"


def _agent(section: InfluxDbSinkSection) -> dict[str, Any]:
    return {
        "interval": "10s",
        "flush_interval": _LONGEST_WAIT,
        "metric_batch_size": _BATCH,
        "metric_buffer_limit": _buffer(section),
        "skip_processors_after_aggregators": True,
        # Points have no tags.
        "omit_hostname": True,
    }


def _influxdb(section: InfluxDbSinkSection, url: str) -> dict[str, Any]:
    """Write through the 2.x API, which InfluxDB 1.8 has too.

    The plugin of the 1.x API takes each answer 4xx, also to a wrong password or to a batch that
    is too large, for a reason to drop the batch and to commit its records.
    """
    return {
        "urls": [url],
        "bucket": f"{section.database}/",
        "token": "@{influxdb:username}:@{influxdb:password}",
        "content_encoding": "gzip",
        "timeout": "60s",
        "namedrop": ["internal_*"],
    }


def _health(section: InfluxDbSinkSection) -> dict[str, Any]:
    """Answer probes: well as long as nothing can be dropped; without InfluxDB it waits."""
    return {
        "service_address": f"http://:{HEALTH_PORT}",
        "namepass": ["internal_write"],
        "tagpass": {"output": [_OUTPUT]},
        "compares": [{"field": "buffer_size", "lt": float(int(_buffer(section) * _FULL))}],
    }


def _undelivered(section: InfluxDbSinkSection) -> int:
    """Return how many records may be read, or waited for, before InfluxDB has taken them."""
    share = section.resources.memory_limit.bytes // _RECORDS_SHARE // _RECORD_BYTES
    return _PARTITIONS + share


def _buffer(section: InfluxDbSinkSection) -> int:
    """Return how many points may wait: what is undelivered now and before the last rebalance.

    After more rebalances without InfluxDB the oldest go, which have been read again since.
    """
    return 2 * _undelivered(section) + _BATCH
