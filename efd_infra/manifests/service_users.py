"""The users that this program's own services log in at Kafka as, each with what it needs.

Found in the services' sources and kept as short as they run without a refusal. Names begin with
``efd-``, which a site's own users may not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from efd_infra.config import contract
from efd_infra.config.aggregation import (
    AGGREGATOR_DEAD_LETTERS,
    AGGREGATOR_TOPICS,
    AggregationSection,
)
from efd_infra.config.archive import ConnectSinkSection, DatabaseSinkSection
from efd_infra.config.replication import ReplicationSection
from efd_infra.config.sal import AGGREGATED_SUFFIX, aggregates_of
from efd_infra.config.schema_registry import SCHEMAS_TOPIC
from efd_infra.config.site import Site
from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.manifests.aggregator import APPLICATION
from efd_infra.manifests.grants import (
    CONSUME,
    COPY,
    FORWARD,
    KEEP,
    PRODUCE,
    SEE,
    Grant,
    group,
    groups,
    matching,
    sight,
    topic,
    topics,
    transactions,
)
from efd_infra.manifests.kafka_users import KafkaUser
from efd_infra.manifests.schema_registry import (
    OF_AGGREGATES,
    OF_RECORDS,
    Registry,
    schemas_topics,
)

REGISTRY = "efd-schema-registry"
AGGREGATED_REGISTRY = "efd-aggregated-schema-registry"
AGGREGATOR = "efd-kafka-aggregator"
CONNECT = "efd-connect"
CONNECT_MANAGER = "efd-connect-manager"
KAFDROP = "efd-kafdrop"
MIRROR_MAKER = "efd-mirror-maker"
BACKUP = "efd-backup"
RESTORE = "efd-restore"


@dataclass(frozen=True, kw_only=True)
class ServiceUser:
    """A service's user and the namespace that it works in."""

    user: KafkaUser
    namespace: str


def sink_user(sink: InfluxDbSinkSection) -> str:
    """Return the user of a sink that Telegraf runs; Connect's sinks log in as its workers do."""
    return f"efd-sink-{sink.name}"


def service_users(site: Site) -> tuple[ServiceUser, ...]:
    """Return the users of the services that ``site`` has."""
    return tuple(
        ServiceUser(
            user=KafkaUser(
                name=name, grants=grants, generation=site.streaming.kafka.login_generation
            ),
            namespace=namespace,
        )
        for name, namespace, grants in _users(site)
    )


def _users(site: Site) -> Iterator[tuple[str, str, tuple[Grant, ...]]]:
    streaming = site.streaming
    sinks = streaming.sinks("connect")
    writes = streaming.schema_registry.may_write
    yield REGISTRY, contract.STREAMING_NAMESPACE, _registry(OF_RECORDS, writes=writes)
    if streaming.aggregation:
        own = _registry(OF_AGGREGATES, writes=True)
        yield AGGREGATED_REGISTRY, contract.AGGREGATED_SCHEMA_REGISTRY.namespace, own
        yield AGGREGATOR, contract.AGGREGATOR.namespace, _aggregator(streaming.aggregation)
    if streaming.connect:
        yield CONNECT, contract.STREAMING_NAMESPACE, _connect(site)
    if site.connect_sinks:
        seen = tuple(matching(sink.topics, ("DESCRIBE",)) for sink in sinks)
        yield CONNECT_MANAGER, contract.CONNECT_MANAGER_NAMESPACE, seen
    if streaming.kafdrop:
        yield KAFDROP, contract.KAFDROP.namespace, (*sight(), topics("", ("READ",)))
    if site.replication:
        grants = _mirror_maker(site.replication)
        yield MIRROR_MAKER, contract.MIRROR_MAKER.namespace, grants
    for sink in streaming.sinks("telegraf"):
        yield sink_user(sink), contract.TELEGRAF_NAMESPACE, _sink(sink)
    if site.backup:
        kept = (topic(name, CONSUME) for name in schemas_topics(site))
        yield BACKUP, contract.BACKUP_NAMESPACE, (topics("", SEE), *kept, group(BACKUP))
        # It makes topics that are gone, and writes schemas back.
        filled = (topic(name, (*CONSUME, "WRITE")) for name in schemas_topics(site))
        made = topics("", ("CREATE", *SEE))
        yield RESTORE, contract.BACKUP_NAMESPACE, (made, *filled, group(RESTORE))


def _registry(registry: Registry, *, writes: bool) -> tuple[Grant, ...]:
    """A registry that may not write cannot, whatever its settings say."""
    return topics(registry.topic, KEEP if writes else CONSUME), groups(registry.group)


def _aggregator(section: AggregationSection) -> tuple[Grant, ...]:
    """Kafka knows no endings of names: who may write ``<topic>-aggregated`` may write the topic."""
    one = section.topics.literal
    both = tuple(dict.fromkeys((*CONSUME, *PRODUCE)))
    return (
        *(
            (topic(one, CONSUME), topic(f"{one}{AGGREGATED_SUFFIX}", PRODUCE))
            if one
            else (topics(section.topics.prefix, both),)
        ),
        topic(AGGREGATOR_DEAD_LETTERS, PRODUCE),
        # Of Kafka Streams: open windows, and what it sends from one step to the next.
        topics(AGGREGATOR_TOPICS, FORWARD),
        group(APPLICATION),
        transactions(f"{APPLICATION}-"),
    )


def _connect(site: Site) -> tuple[Grant, ...]:
    return (
        group(contract.KAFKA_CONNECT.namespace),
        topics(f"{contract.KAFKA_CONNECT.name}-", KEEP),
        *(grant for sink in site.connect_sinks for grant in _sink(sink)),
        *(topic(sink.dead_letter_topic, PRODUCE) for sink in site.connect_sinks),
    )


def _sink(sink: ConnectSinkSection) -> tuple[Grant, ...]:
    statistics = isinstance(sink, DatabaseSinkSection)
    read = aggregates_of(sink.topics) if statistics else sink.topics
    return matching(read, CONSUME), group(f"connect-{sink.name}")


def _mirror_maker(section: ReplicationSection) -> tuple[Grant, ...]:
    # What is here of the schemas is read too, before the first record is mirrored.
    schemas = (topic(SCHEMAS_TOPIC, (*COPY, "READ")),) if section.schemas else ()
    return (
        # Where it keeps its settings, positions and state, and tells that it is alive.
        topics("mm2-", KEEP),
        topics("heartbeats", KEEP),
        *(topics(f"{link.alias}.", KEEP) for link in section.links),
        groups(f"{section.source}-"),
        *schemas,
        *(matching(pattern, COPY) for pattern in section.topics),
    )
