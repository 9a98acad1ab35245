"""Every workload of a site: where it runs and which labels its pods have.

Components label their pods from here and network policies select by it, so they cannot disagree.
"""

from dataclasses import dataclass

from efd_infra.config import contract
from efd_infra.config.archive import ConnectSinkSection
from efd_infra.config.site import Site
from efd_infra.config.streaming import Engine
from efd_infra.manifests.labels import Identity


@dataclass(frozen=True, kw_only=True)
class Workload:
    """The pods of one identity, in one namespace."""

    namespace: str
    identity: Identity


def _workload(namespace: str, name: str, layer: str, instance: str | None = None) -> Workload:
    identity = Identity(name=name, instance=instance or name, layer=layer)
    return Workload(namespace=namespace, identity=identity)


KAFKA = _workload(contract.STREAMING_NAMESPACE, "kafka", "streaming")
KAFKA_CHECKS = _workload(contract.STREAMING_NAMESPACE, "kafka-checks", "streaming")
KAFKA_FEATURES = _workload(contract.STREAMING_NAMESPACE, "kafka-features", "streaming")
KAFKA_USERS = _workload(contract.STREAMING_NAMESPACE, "kafka-users", "streaming")
SCHEMA_REGISTRY = _workload(contract.SCHEMA_REGISTRY.namespace, "schema-registry", "streaming")
SCHEMA_REGISTRY_SETUP = _workload(
    contract.SCHEMA_REGISTRY.namespace, "schema-registry-setup", "streaming"
)
AGGREGATED_REGISTRY = _workload(
    contract.AGGREGATED_SCHEMA_REGISTRY.namespace,
    "schema-registry",
    "streaming",
    "aggregated-schema-registry",
)
AGGREGATED_REGISTRY_SETUP = _workload(
    contract.AGGREGATED_SCHEMA_REGISTRY.namespace,
    "schema-registry-setup",
    "streaming",
    "aggregated-schema-registry-setup",
)
AGGREGATOR = _workload(contract.AGGREGATOR.namespace, "kafka-aggregator", "streaming")
CONNECT = _workload(contract.KAFKA_CONNECT.namespace, "kafka-connect", "streaming", "connect")
KAFDROP = _workload(contract.KAFDROP.namespace, "kafdrop", "streaming")
KAFDROP_LOGIN = _workload(
    contract.KAFDROP_LOGIN.namespace, "oauth2-proxy", "streaming", "kafdrop-login"
)
INFLUXDB = _workload(contract.INFLUXDB.namespace, "influxdb", "timeseries")
INFLUXDB_SETUP = _workload(contract.INFLUXDB.namespace, "influxdb-setup", "timeseries")
DOWNSAMPLING = _workload(contract.INFLUXDB.namespace, "downsampling", "timeseries")
CHRONOGRAF = _workload(contract.CHRONOGRAF.namespace, "chronograf", "timeseries")
KAPACITOR = _workload(contract.KAPACITOR.namespace, "kapacitor", "timeseries")
TELEGRAF = _workload(contract.TELEGRAF_NAMESPACE, "telegraf", "monitoring")
TELEGRAF_NODES = _workload(contract.TELEGRAF_NAMESPACE, "telegraf", "monitoring", "telegraf-nodes")
MIRROR_MAKER = _workload(contract.MIRROR_MAKER.namespace, "mirror-maker", "replication")
MIRROR_MAKER_SCHEMAS = _workload(
    contract.MIRROR_MAKER_SCHEMAS.namespace, "mirror-maker", "replication", "mirror-maker-schemas"
)
BACKUP, BACKUP_WATCH, REHEARSAL, RESTORE = (
    _workload(contract.BACKUP_NAMESPACE, "backup", "backup", instance)
    for instance in ("backup", "backup-watch", "backup-rehearsal", "restore")
)
BACKUPS = (BACKUP, BACKUP_WATCH, REHEARSAL, RESTORE)
"""Those that use what is kept."""

JAVA = (
    KAFKA,
    SCHEMA_REGISTRY,
    AGGREGATED_REGISTRY,
    AGGREGATOR,
    CONNECT,
    MIRROR_MAKER_SCHEMAS,
    MIRROR_MAKER,
)
"""Those whose pods fetch the JMX exporter and publish metrics."""

_SINKS: dict[Engine, tuple[str, str]] = {
    "connect": (contract.CONNECT_MANAGER_NAMESPACE, "connect-manager"),
    "telegraf": (contract.TELEGRAF_NAMESPACE, "telegraf-sink"),
}
"""By engine, namespace and software of what the program runs for one sink."""


def sink(section: ConnectSinkSection) -> Workload:
    """Return what runs for a sink: the connector's manager, or Telegraf itself."""
    namespace, name = _SINKS[section.engine]
    return _workload(namespace, name, "streaming", section.name)


def readers(site: Site, engine: Engine, *, aggregated: bool) -> tuple[Workload, ...]:
    """Return what runs for the sinks of one engine that write records, or statistics of them."""
    return tuple(
        sink(section)
        for section in site.streaming.sinks(engine)
        if section.aggregated == aggregated
    )


def connectors(site: Site) -> tuple[Workload, ...]:
    """Return the managers of all connectors, whatever they write to."""
    return tuple(map(sink, site.connect_sinks))


def sinks(site: Site, engine: Engine) -> tuple[Workload, ...]:
    """Return what runs for all sinks of one engine."""
    return tuple(sink(section) for section in site.streaming.sinks(engine))


def site_workloads(site: Site) -> tuple[Workload, ...]:
    """Return the workloads that the site has; a namespace exists if one of them is in it."""
    streaming, timeseries = site.streaming, site.timeseries
    present = {
        KAFKA: streaming.kafka,
        KAFKA_CHECKS: streaming.kafka.checked_changes,
        KAFKA_FEATURES: streaming.kafka.metadata_version,
        KAFKA_USERS: streaming.kafka,
        SCHEMA_REGISTRY: streaming.schema_registry,
        SCHEMA_REGISTRY_SETUP: streaming.schema_registry.may_write,
        AGGREGATED_REGISTRY: streaming.aggregation,
        AGGREGATED_REGISTRY_SETUP: streaming.aggregation,
        AGGREGATOR: streaming.aggregation,
        CONNECT: streaming.connect,
        **dict.fromkeys(connectors(site), streaming.connect),
        KAFDROP: streaming.kafdrop,
        KAFDROP_LOGIN: streaming.kafdrop,
        INFLUXDB: timeseries.influxdb,
        INFLUXDB_SETUP: timeseries.influxdb,
        DOWNSAMPLING: timeseries.downsampled,
        CHRONOGRAF: timeseries.chronograf,
        KAPACITOR: timeseries.kapacitor,
        TELEGRAF: site.monitoring,
        **dict.fromkeys(sinks(site, "telegraf"), streaming),
        MIRROR_MAKER_SCHEMAS: site.replication and site.replication.schemas,
        MIRROR_MAKER: site.replication,
        TELEGRAF_NODES: site.monitoring and site.monitoring.nodes,
        **dict.fromkeys(BACKUPS, site.backup),
    }
    return tuple(workload for workload, section in present.items() if section)
