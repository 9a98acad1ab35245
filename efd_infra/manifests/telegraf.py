"""Telegraf's settings."""

from collections.abc import Iterable, Sequence
from typing import Any

from efd_infra.config.contract import ServiceAddress
from efd_infra.config.monitoring import MonitoringSection
from efd_infra.config.published_name import PublishedName
from efd_infra.config.values import Duration
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


def telegraf_conf(
    section: MonitoringSection,
    *,
    influxdb_url: str,
    scraped: Sequence[ServiceAddress],
    names: Iterable[PublishedName],
    credentials_dir: str,
) -> str:
    """Return ``telegraf.conf``; the user's name and password are files in ``credentials_dir``.

    ``names`` are those of which the certificates are watched.
    """
    return toml(
        {
            "agent": _agent(section),
            "secretstores": {"docker": [{"id": "influxdb", "path": credentials_dir}]},
            "inputs": {
                "internal": [{"collect_memstats": True}],
                "influxdb": [{"urls": [f"{influxdb_url}/debug/vars"], "timeout": "10s"}],
                **({"prometheus": [_prometheus(scraped)]} if scraped else {}),
                "x509_cert": [_certificate(name) for name in names],
            },
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
                    }
                ],
                "health": [_health(section)],
            },
        }
    )


def _agent(section: MonitoringSection) -> dict[str, Any]:
    interval = go_duration(section.interval)
    # A sixth of the interval, so that Telegraf asks and writes at its own times, not everybody's.
    jitter = f"{section.interval.milliseconds // 6}ms"
    return {
        "interval": interval,
        "flush_interval": interval,
        "collection_jitter": jitter,
        "flush_jitter": jitter,
        "metric_batch_size": 1000,
        "metric_buffer_limit": _buffer(section),
        "skip_processors_after_aggregators": True,
        # A pod's name is new at each start, and each name would be a new series of everything.
        "omit_hostname": True,
    }


def _prometheus(scraped: Sequence[ServiceAddress]) -> dict[str, Any]:
    """Scrape each pod behind each Service: the name is resolved and every address is asked.

    An ordinary ``urls`` entry would ask one of them at random, as the original did.
    """
    return {
        "kubernetes_services": [f"{service.url}/metrics" for service in scraped],
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


def _health(section: MonitoringSection) -> dict[str, Any]:
    """Answer probes: well as long as points reach InfluxDB, or there is room to wait for it."""
    return {
        "service_address": f"http://:{HEALTH_PORT}",
        "namepass": ["internal_write"],
        "tagpass": {"output": ["influxdb"]},
        "compares": [{"field": "buffer_size", "lt": float(int(_buffer(section) * _FULL))}],
    }


def _buffer(section: MonitoringSection) -> int:
    """Return how many metrics may wait while InfluxDB is away; the oldest are dropped then."""
    return section.resources.memory_limit.bytes // _BUFFER_SHARE // _METRIC_BYTES
