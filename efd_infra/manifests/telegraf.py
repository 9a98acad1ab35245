"""The settings of the Telegraf that collects what services say about themselves."""

from collections.abc import Sequence
from typing import Any

from efd_infra.config.cluster import Resources
from efd_infra.config.contract import JMX_PORT, KAFKA_BROKERS, ServiceAddress
from efd_infra.config.monitoring import MonitoringSection
from efd_infra.config.published_name import PublishedName
from efd_infra.config.values import Duration
from efd_infra.manifests.kafka import pod_name
from efd_infra.manifests.toml import go_duration, toml

HEALTH_PORT = 8080

CERTIFICATE_INTERVAL = Duration("10m")
"""Time between two looks at a certificate, which lives for weeks: each is a connection that a
broker takes for a client who leaves before he logs in."""

_METRIC_BYTES = 2048
"""What a buffered metric takes: 1 KiB, measured with samples of a JMX exporter, and as much again
for Go's collector."""
_BUFFER_SHARE = 2
"""The buffer may take one part in this many of the memory limit."""
_FULL = 0.9
"""How full the buffer may be before Telegraf says that it is not well."""


def broker_url(broker: int) -> str:
    """Return where the metrics of one broker are: its own name, which outlives its pod."""
    return f"http://{pod_name(broker)}.{KAFKA_BROKERS.host}:{JMX_PORT}/metrics"


def telegraf_conf(  # noqa: PLR0913 -- all that one file says
    section: MonitoringSection,
    *,
    influxdb_url: str,
    brokers: Sequence[str],
    scraped: Sequence[ServiceAddress],
    names: Sequence[PublishedName],
    credentials_dir: str,
) -> str:
    """Return ``telegraf.conf``; the user's name and password are files in ``credentials_dir``.

    ``brokers`` are the URLs of their metrics, by number; ``names`` are those of which the
    certificates are watched.
    """
    return toml(
        {
            "agent": agent_settings(section, section.resources),
            **influxdb_output(section, section.resources, influxdb_url, credentials_dir),
            "inputs": {
                "internal": [{"collect_memstats": True}],
                "influxdb": [_influxdb(influxdb_url)],
                "prometheus": [
                    *(_broker(number, url) for number, url in enumerate(brokers)),
                    _pods(scraped),
                ],
                # Telegraf refuses an empty list.
                **({"x509_cert": [_certificate(name) for name in names]} if names else {}),
            },
        }
    )


def agent_settings(section: MonitoringSection, resources: Resources) -> dict[str, Any]:
    """Return how often a Telegraf of these resources collects, and how much may wait."""
    interval = go_duration(section.interval)
    # A sixth of the interval, so that Telegraf asks and writes at its own times, not everybody's.
    jitter = f"{section.interval.milliseconds // 6}ms"
    return {
        "interval": interval,
        "flush_interval": interval,
        "collection_jitter": jitter,
        "flush_jitter": jitter,
        "metric_batch_size": 1000,
        "metric_buffer_limit": _buffer(resources),
        "skip_processors_after_aggregators": True,
        # A pod's name is new at each start, and each name would be a new series of everything.
        "omit_hostname": True,
    }


def influxdb_output(
    section: MonitoringSection,
    resources: Resources,
    influxdb_url: str,
    credentials_dir: str,
    *,
    without: Sequence[str] = (),
) -> dict[str, Any]:
    """Return where points go, with the user's files, and who tells probes whether they arrive.

    Measurements ``without`` are not written.
    """
    return {
        "secretstores": {"docker": [{"id": "influxdb", "path": credentials_dir}]},
        "outputs": {
            "influxdb": [
                {
                    "urls": [influxdb_url],
                    "database": section.database,
                    # Its user may write to one database and create none.
                    "skip_database_creation": True,
                    "username": "@{influxdb:username}",
                    "password": "@{influxdb:password}",
                    "timeout": "30s",
                    "namedrop": list(without),
                }
            ],
            "health": [_health(resources)],
        },
    }


def _influxdb(url: str) -> dict[str, Any]:
    """Read InfluxDB's own figures; those of a shard are known by its number alone."""
    return {
        "urls": [f"{url}/debug/vars"],
        "timeout": "10s",
        "namedrop": ["influxdb_build", "influxdb_cmdline", "influxdb_crypto"],
        "tagexclude": ["engine", "indexType", "path", "walPath"],
    }


def _broker(number: int, url: str) -> dict[str, Any]:
    return {
        "urls": [url],
        "tags": {"broker": str(number)},
        "metric_version": 2,
        "timeout": "10s",
    }


def _pods(services: Sequence[ServiceAddress]) -> dict[str, Any]:
    """Scrape each pod behind each Service: the name is resolved and every address is asked.

    An ordinary ``urls`` entry would ask one of them at random, as the original did.
    """
    return {
        "kubernetes_services": [f"{service.url}/metrics" for service in services],
        "metric_version": 2,
        "timeout": "10s",
    }


def _certificate(name: PublishedName) -> dict[str, Any]:
    """Read what servers show for a name, whoever signed it; that they are trusted is a tag."""
    return {
        "sources": list(name.shown_at),
        "server_name": name.host,
        "interval": go_duration(CERTIFICATE_INTERVAL),
        "timeout": "10s",
        "tags": {"host": name.host},
    }


def _health(resources: Resources) -> dict[str, Any]:
    """Answer probes: well as long as points reach InfluxDB, or there is room to wait for it."""
    return {
        "service_address": f"http://:{HEALTH_PORT}",
        "namepass": ["internal_write"],
        "tagpass": {"output": ["influxdb"]},
        "compares": [{"field": "buffer_size", "lt": float(int(_buffer(resources) * _FULL))}],
    }


def _buffer(resources: Resources) -> int:
    """Return how many metrics may wait while InfluxDB is away; the oldest are dropped then."""
    return resources.memory_limit.bytes // _BUFFER_SHARE // _METRIC_BYTES
