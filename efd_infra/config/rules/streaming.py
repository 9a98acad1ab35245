"""Rules of Kafka, its clients and the mirror link."""

from collections import Counter
from collections.abc import Iterator

from efd_infra.config.mistake import Mistake
from efd_infra.config.schema_registry import SCHEMAS_TOPIC
from efd_infra.config.site import Site
from efd_infra.config.values import Duration, Quantity

_LAST_NODE_PORT = 32767
_OFFSETS_FLOOR = Duration("7d")
_KAFKA = "streaming.kafka"
_COLLECTORS = ("telegraf", "telegraf-nodes")
_TELEGRAF_ANSWER = Quantity("96Mi")
"""Of the 100 MiB that its client takes at most (``IBM/sarama``, ``MaxResponseSize``)."""


def replicas_fit_brokers(site: Site) -> Iterator[Mistake]:
    """No record can have more copies than there are brokers."""
    brokers = site.streaming.kafka.brokers
    factors = {f"{_KAFKA}.replicationFactor": site.streaming.kafka.replication_factor}
    if site.replication:
        factors["replication.replicationFactor"] = site.replication.replication_factor
    for path, factor in factors.items():
        if factor > brokers:
            yield Mistake(path, str(factor), f"at most the number of brokers, {brokers}")


def in_sync_replicas_leave_one_spare(site: Site) -> Iterator[Mistake]:
    """With min ISR equal to the factor, one slow broker stops every producer.

    It happened: 3 of 3 gave NotEnoughReplicas errors at USDF (lsst-sqre/phalanx@e330c8d44).
    """
    kafka = site.streaming.kafka
    most = max(1, kafka.replication_factor - 1)
    if kafka.min_in_sync_replicas > most:
        yield Mistake(
            f"{_KAFKA}.minInSyncReplicas",
            str(kafka.min_in_sync_replicas),
            f"at most {most}: one less than replicationFactor {kafka.replication_factor}",
        )


def offsets_outlive_records(site: Site) -> Iterator[Mistake]:
    """A sink that was down must find its position again (lsst-sqre/argocd-efd@756eefb)."""
    kafka = site.streaming.kafka
    least = max(_OFFSETS_FLOOR, kafka.retention, key=lambda duration: duration.seconds)
    if kafka.offsets_retention.seconds < least.seconds:
        yield Mistake(f"{_KAFKA}.offsetsRetention", kafka.offsets_retention, f"at least {least}")


def records_fit_storage(site: Site) -> Iterator[Mistake]:
    """Where a claim's size is enforced, the brokers must be able to keep what they promise."""
    kafka = site.streaming.kafka
    if not site.cluster.enforces_storage_size:
        return
    if kafka.storage.size.bytes < kafka.storage_needed.bytes:
        yield Mistake(
            f"{_KAFKA}.storage.size",
            kafka.storage.size,
            f"at least {kafka.storage_needed} for {kafka.ingest_per_day} a day over "
            f"{kafka.retention} in {kafka.replication_factor} copies on {kafka.brokers} brokers",
        )


def node_ports_are_free(site: Site) -> Iterator[Mistake]:
    """Every broker needs a node port, and the Ingress controller may hold one already."""
    external = site.streaming.kafka.external
    if not external or external.type != "NodePort":
        return
    first, brokers = external.first_node_port, site.streaming.kafka.brokers
    last = first + brokers - 1
    path = f"{_KAFKA}.external.firstNodePort"
    if last > _LAST_NODE_PORT:
        yield Mistake(path, str(first), f"at most {_LAST_NODE_PORT - brokers + 1}")
    if first <= site.cluster.public_port <= last:
        yield Mistake(
            path,
            f"{first} (to {last} for {brokers} brokers)",
            f"a range without cluster.publicPort {site.cluster.public_port}",
        )


def connector_names_are_unique(site: Site) -> Iterator[Mistake]:
    """A name is a consumer group: two connectors of one name would share their position."""
    names = Counter(connector.name for connector in site.streaming.connectors)
    for index, connector in enumerate(site.streaming.connectors):
        if names[connector.name] > 1:
            yield Mistake(f"streaming.connectors.{index}.name", connector.name, "a name used once")


def connectors_write_to_databases(site: Site) -> Iterator[Mistake]:
    """A connector without its database would fail at its first record."""
    names = site.timeseries.influxdb.database_names
    for index, connector in enumerate(site.streaming.connectors):
        if connector.database not in names:
            yield Mistake(
                f"streaming.connectors.{index}.database",
                connector.database,
                f"one of timeseries.influxdb.databases: {', '.join(names)}",
            )


def connect_runs_where_a_sink_needs_it(site: Site) -> Iterator[Mistake]:
    """A connector runs on Connect's workers."""
    sinks = site.streaming.sinks("connect")
    if sinks and site.streaming.connect is None:
        yield Mistake(
            "streaming.connect",
            "nothing",
            f"a section, {{}} for its defaults, because {sinks[0].name} has engine connect",
        )


def sinks_say_what_their_engine_does(site: Site) -> Iterator[Mistake]:
    """A setting of the other engine would do nothing."""
    for index, sink in enumerate(site.streaming.connectors):
        path, said = f"streaming.connectors.{index}", sink.model_fields_set
        if sink.engine == "telegraf" and "on_error" in said:
            yield Mistake(
                f"{path}.onError",
                sink.on_error,
                "absent with engine telegraf, which waits while InfluxDB is away, and logs and "
                "drops what InfluxDB refuses",
            )
        if sink.engine == "connect" and "resources" in said:
            yield Mistake(
                f"{path}.resources",
                "a section",
                "absent with engine connect, whose workers are sized in streaming.connect",
            )


def records_fit_telegraf(site: Site) -> Iterator[Mistake]:
    """Telegraf's Kafka client takes no answer that is larger, and would stand still."""
    given = site.streaming.kafka.max_message
    if site.streaming.sinks("telegraf") and given.bytes > _TELEGRAF_ANSWER.bytes:
        yield Mistake(
            f"{_KAFKA}.maxMessage",
            given,
            f"at most {_TELEGRAF_ANSWER} with a sink of engine telegraf",
        )


def sinks_leave_telegraf_its_name(site: Site) -> Iterator[Mistake]:
    """Collectors of metrics stand in the namespace of the sinks that Telegraf runs."""
    for index, sink in enumerate(site.streaming.connectors):
        if site.monitoring and sink.engine == "telegraf" and sink.name in _COLLECTORS:
            yield Mistake(
                f"streaming.connectors.{index}.name",
                sink.name,
                "another name, because monitoring has it",
            )


def mirrored_schemas_have_one_writer(site: Site) -> Iterator[Mistake]:
    """A registry that reads mirrored schemas must not write: ids would mean two things."""
    mirror = site.replication
    if mirror and mirror.schemas and site.streaming.schema_registry.may_write:
        yield Mistake(
            "streaming.schemaRegistry.mayWrite",
            "true",
            f"false, because replication mirrors {SCHEMAS_TOPIC}",
        )


def a_registry_that_may_not_write_is_told_nothing(site: Site) -> Iterator[Mistake]:
    """Its level and mode are records of the schemas' topic, which the source writes."""
    registry = site.streaming.schema_registry
    if registry.may_write:
        return
    for field in ("compatibility", "mode"):
        if field in registry.model_fields_set:
            yield Mistake(
                f"streaming.schemaRegistry.{field}",
                getattr(registry, field),
                "absent, because streaming.schemaRegistry.mayWrite is false",
            )


def a_mode_can_be_set(site: Site) -> Iterator[Mistake]:
    """A registry whose mode is fixed refuses every other."""
    registry = site.streaming.schema_registry
    if registry.mode != "READWRITE" and not registry.mutable_mode:
        yield Mistake(
            "streaming.schemaRegistry.mode",
            registry.mode,
            "READWRITE, because streaming.schemaRegistry.mutableMode is false",
        )


def schemas_have_a_link_of_their_own(site: Site) -> Iterator[Mistake]:
    """Among the data, schemas would come when the backlog before them has, and come twice."""
    for index, pattern in enumerate(site.replication.topics if site.replication else ()):
        if pattern.matches(SCHEMAS_TOPIC):
            yield Mistake(
                f"replication.topics.{index}",
                pattern,
                f"a pattern without {SCHEMAS_TOPIC}, which has a link of its own",
            )


def mirrored_records_fit_brokers(site: Site) -> Iterator[Mistake]:
    """A record that the brokers here refuse would stop the link."""
    mirror, most = site.replication, site.streaming.kafka.max_message
    if mirror and mirror.max_message.bytes > most.bytes:
        yield Mistake(
            "replication.maxMessage",
            mirror.max_message,
            f"at most streaming.kafka.maxMessage, {most}",
        )


def a_site_does_not_mirror_itself(site: Site) -> Iterator[Mistake]:
    """Names stay as they are, so a mirror of itself would repeat every record for ever."""
    if site.replication and site.replication.source == site.name:
        yield Mistake("replication.source", site.name, "the name of another site")


RULES = (
    replicas_fit_brokers,
    in_sync_replicas_leave_one_spare,
    offsets_outlive_records,
    records_fit_storage,
    node_ports_are_free,
    connector_names_are_unique,
    connectors_write_to_databases,
    connect_runs_where_a_sink_needs_it,
    sinks_say_what_their_engine_does,
    records_fit_telegraf,
    sinks_leave_telegraf_its_name,
    mirrored_schemas_have_one_writer,
    a_registry_that_may_not_write_is_told_nothing,
    a_mode_can_be_set,
    schemas_have_a_link_of_their_own,
    mirrored_records_fit_brokers,
    a_site_does_not_mirror_itself,
)
