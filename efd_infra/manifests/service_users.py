"""The users that this program's own services log in at Kafka as, each with what it needs.

Found in the services' sources and kept as short as they run without a refusal. Names begin with
``efd-``, which a site's own users may not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from efd_infra.config import contract
from efd_infra.config.replication import SCHEMAS_TOPIC, ReplicationSection
from efd_infra.config.site import Site
from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.manifests.grants import (
    CONSUME,
    COPY,
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
)
from efd_infra.manifests.kafka_users import KafkaUser

REGISTRY = "efd-schema-registry"
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
    yield REGISTRY, contract.STREAMING_NAMESPACE, _registry(site)
    if streaming.connect:
        yield CONNECT, contract.STREAMING_NAMESPACE, _connect(sinks)
    if sinks:
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
        kept = topic(SCHEMAS_TOPIC, CONSUME), group(BACKUP)
        yield BACKUP, contract.BACKUP_NAMESPACE, (topics("", SEE), *kept)
        # It makes topics that are gone, and writes schemas back.
        filled = topic(SCHEMAS_TOPIC, (*CONSUME, "WRITE")), group(RESTORE)
        yield RESTORE, contract.BACKUP_NAMESPACE, (topics("", ("CREATE", *SEE)), *filled)


def _registry(site: Site) -> tuple[Grant, ...]:
    """A registry that may not write cannot, whatever its settings say."""
    writes = site.streaming.schema_registry.may_write
    operations = KEEP if writes else CONSUME
    # The group in which servers choose the one that writes.
    return topics(SCHEMAS_TOPIC, operations), groups("schema-registry")


def _connect(sinks: tuple[InfluxDbSinkSection, ...]) -> tuple[Grant, ...]:
    return (
        group(contract.KAFKA_CONNECT.namespace),
        topics(f"{contract.KAFKA_CONNECT.name}-", KEEP),
        *(grant for sink in sinks for grant in _sink(sink)),
        *(topic(sink.dead_letter_topic, PRODUCE) for sink in sinks),
    )


def _sink(sink: InfluxDbSinkSection) -> tuple[Grant, ...]:
    return matching(sink.topics, CONSUME), group(f"connect-{sink.name}")


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
