"""Every measurement, and which of them a site has.

Dashboards and alert rules may ask for what stands here and nothing else. That it is written under
these names is shown by ``tests/engine/test_measurements.py`` with the real parts.
"""

from efd_infra.config.site import Site
from efd_infra.manifests.measurements.collected import collected
from efd_infra.manifests.measurements.measurement import (
    Kind,
    Measurement,
    Writer,
    floats,
    integers,
)
from efd_infra.manifests.measurements.scraped import scraped

JOBS = (
    Measurement(
        name="downsampling",
        writer=Writer.DOWNSAMPLING,
        tags={"database": "efd", "policy": "medium"},
        fields=floats("seconds") | integers("chunks failed lag points until"),
    ),
    Measurement(
        name="backup",
        writer=Writer.BACKUP,
        tags={"what": "influxdb"},
        fields=floats("age seconds") | integers("bytes ok"),
    ),
)
"""What scheduled jobs write by themselves."""

METRICS: tuple[Measurement, ...] = (*scraped(), *collected(), *JOBS)
"""All that goes to the database of metrics."""

STAMPS = ("private_efdStamp", "private_kafkaStamp", "private_rcvStamp", "private_sndStamp")
"""Seconds of Unix time, in every topic of SAL."""
TOPIC_FIELDS = {
    **floats(" ".join(STAMPS)),
    **integers("private_origin private_seqNum"),
    "private_identity": Kind.STRING,
}
"""What every topic of SAL has (``lsst-ts/ts_xml``); its measurement has the topic's own name."""
HEARTBEAT = r"lsst\.sal\.\w+\.logevent_heartbeat"
"""The topics, as a regular expression, that every component of SAL publishes to once a second."""


def writers(site: Site) -> frozenset[Writer]:
    """Return who writes at a site."""
    streaming, timeseries = site.streaming, site.timeseries
    present = {
        Writer.BROKERS: streaming.kafka,
        Writer.REGISTRY: streaming.schema_registry,
        Writer.AGGREGATOR: streaming.aggregation,
        Writer.CONNECT: streaming.connect,
        Writer.MANAGERS: streaming.connect and site.connect_sinks,
        Writer.COMPANIONS: streaming.connect or streaming.sinks("telegraf"),
        Writer.MIRROR: site.replication,
        Writer.INFLUXDB: timeseries.influxdb,
        Writer.CLAIMS: timeseries.influxdb,
        Writer.COLLECTOR: site.monitoring,
        Writer.CERTIFICATES: site.monitoring,
        Writer.NODES: site.monitoring and site.monitoring.nodes,
        Writer.DOWNSAMPLING: timeseries.downsampled,
        Writer.BACKUP: site.backup,
    }
    metrics = [writer for writer, section in present.items() if section and site.monitoring]
    return frozenset([*metrics, *([Writer.TOPICS] if streaming.record_databases else [])])


def site_metrics(site: Site) -> tuple[Measurement, ...]:
    """Return what a site's database of metrics has."""
    here = writers(site)
    return tuple(measurement for measurement in METRICS if measurement.writer in here)
