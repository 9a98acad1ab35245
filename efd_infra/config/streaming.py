"""Kafka, Schema Registry, Kafka Connect, the sinks into InfluxDB, Kafdrop."""

from typing import Literal

from pydantic import Field

from efd_infra.config.cluster import Resources, Storage
from efd_infra.config.identifier import FieldName, Identifier, LabelKey, LabelValue
from efd_infra.config.kafka_user import KafkaUserSection
from efd_infra.config.listener import INTERNAL, Listener
from efd_infra.config.login import LoginSection
from efd_infra.config.section import NodePort, Section
from efd_infra.config.values import (
    Cpu,
    Duration,
    Hostname,
    HostPattern,
    Name,
    Quantity,
    SourceRange,
    TopicPattern,
)

Engine = Literal["connect", "telegraf"]
"""What runs a sink."""

CONTROLLERS = 3
"""Voters of a KRaft quorum that survives the loss of one; further brokers are brokers only."""

SAL_TOPICS = TopicPattern(r"lsst\.sal\..*")
"""Everything that the Service Abstraction Layer publishes (lsst-ts/ts_salkafka)."""


class ExternalListener(Section):
    """Brokers reachable from outside the cluster, each by a node port of its own.

    They show the site's certificate, which must have every name below, and ask for a login.
    """

    bootstrap: Hostname
    """The name that clients are given; resolves to the nodes."""
    advertised: HostPattern | None = None
    """What each broker tells its clients; the bootstrap name when absent, which is enough
    because every node answers on every node port."""
    first_node_port: NodePort = 31090
    """Node port of broker 0; broker n answers on this plus n."""

    @property
    def listener(self) -> Listener:
        """This listener as the one object from which everything is derived."""
        return Listener(
            name="EXTERNAL",
            protocol="SASL_SSL",
            port=19092,
            advertised=self.advertised or HostPattern(self.bootstrap),
            advertised_port=self.first_node_port,
            port_per_broker=True,
        )


class KafkaSection(Section):
    """The brokers, which are also the first controllers (KRaft, no ZooKeeper)."""

    brokers: int = Field(default=3, ge=1, le=99)
    """Number of brokers."""
    storage: Storage
    """One claim per broker."""
    ingest_per_day: Quantity = Quantity("187Gi")
    """What producers write in a day, before replication: 200 GB (lsst-sqre/sqr-050, 2020)."""
    heap: Quantity = Quantity("2Gi")
    """JVM heap, minimum and maximum alike."""
    resources: Resources = Resources(
        cpu=Cpu("1"), memory=Quantity("4Gi"), cpu_limit=Cpu("4"), memory_limit=Quantity("8Gi")
    )
    """Per broker; what the heap leaves free is page cache, which Kafka reads from."""
    retention: Duration = Duration("72h")
    """How long records are kept, unless a topic says otherwise."""
    offsets_retention: Duration = Duration("7d")
    """How long the position of a silent consumer group is kept."""
    tombstone_retention: Duration = Duration("1d")
    """How long compacted topics show a deletion."""
    replication_factor: int = Field(default=3, ge=1)
    """Copies of each record in topics that do not choose, and in Kafka's own topics."""
    min_in_sync_replicas: int = Field(default=2, ge=1)
    """Copies that must have a record before a producer with acks=all is answered."""
    auto_create_topics: bool = True
    """Whether a first record creates its topic; SAL producers create their own."""
    max_message: Quantity = Quantity("10Mi")
    """Largest record batch, in the brokers and in everything that reads from them."""
    node_labels: dict[LabelKey, LabelValue] = Field(default_factory=dict)
    """Labels of the nodes that may carry brokers."""
    external: ExternalListener | None = None
    """Absent: brokers are reachable inside the cluster only."""
    users: tuple[KafkaUserSection, ...] = ()
    """Who may log in from outside."""

    @property
    def external_hosts(self) -> tuple[str, ...]:
        """The names of the external listener, all of which its certificate must have."""
        if self.external is None:
            return ()
        advertised = {self.external.listener.advertised.host(n) for n in range(self.brokers)}
        return tuple(sorted({self.external.bootstrap, *advertised}))

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """Every way in for clients."""
        return (INTERNAL, *((self.external.listener,) if self.external else ()))

    @property
    def storage_needed(self) -> Quantity:
        """What one broker must hold: ingest over retention, replicated, with a quarter spare."""
        days = self.retention.seconds / 86_400
        copies = self.replication_factor / self.brokers
        return Quantity.of_bytes(self.ingest_per_day.bytes * days * copies * 1.25)

    @property
    def controllers(self) -> int:
        """Nodes 0 to this minus one vote in the controller quorum."""
        return CONTROLLERS if self.brokers >= CONTROLLERS else 1


class SchemaRegistrySection(Section):
    """The registry of Avro schemas."""

    host: Hostname | None = None
    """Public host name; producers outside the cluster register their schemas here."""
    source_ranges: tuple[SourceRange, ...] = ()
    """Networks that may use the public host; empty admits every network. The registry has no
    login, because producers could not use one."""
    replicas: int = Field(default=1, ge=1)
    """Number of servers; one of them writes."""
    may_write: bool = True
    """Whether this site registers schemas. False where the schemas are mirrored: a second
    writer would give one id to two schemas."""
    mutable_mode: bool = False
    """Whether the mode of a subject may be changed through the API."""
    heap: Quantity = Quantity("512Mi")
    """JVM heap."""
    resources: Resources = Resources(
        cpu=Cpu("250m"), memory=Quantity("1Gi"), cpu_limit=Cpu("2"), memory_limit=Quantity("1Gi")
    )
    """Per server."""


class ConnectSection(Section):
    """The workers that run connectors."""

    replicas: int = Field(default=3, ge=1)
    """Number of workers."""
    heap: Quantity = Quantity("512Mi")
    """JVM heap of each worker."""
    memory_limit: Quantity | None = None
    """Memory limit of each worker; 1.25 times the heap when absent."""
    cpu_limit: Cpu = Cpu("4")
    """CPU limit of each worker."""
    offset_flush_interval: Duration = Duration("60s")
    """How often source connectors' positions are written."""

    @property
    def resources(self) -> Resources:
        """Requests and limits of a worker, which follow its heap."""
        limit = self.memory_limit or Quantity.of_bytes(self.heap.bytes * 1.25)
        return Resources(
            cpu=Cpu("500m"), memory=limit, cpu_limit=self.cpu_limit, memory_limit=limit
        )


class InfluxDbSinkSection(Section):
    """A sink that writes topics to InfluxDB.

    The name is also the consumer group's (``connect-<name>``, with either engine): renaming a
    sink loses or repeats data.
    """

    name: Name
    """Name of the sink."""
    engine: Engine = "connect"
    """``connect``: a connector of the Connect workers, kept up to date by the Connect manager.
    ``telegraf``: Telegraf's Kafka consumer, in pods of its own."""
    database: Identifier = Identifier("efd")
    """InfluxDB database; measurements are named like topics."""
    topics: TopicPattern = SAL_TOPICS
    """Topics to write."""
    excluded: TopicPattern | None = None
    """Topics to leave out."""
    tasks: int = Field(default=1, ge=1, le=10)
    """Consumers that share the topics: the connector's tasks, above ten of which it was unstable
    (lsst-sqre/argocd-efd@47725d9), or Telegraf's pods."""
    timestamp: FieldName = FieldName("private_efdStamp")
    """The field that becomes the time of a point."""
    on_error: Literal["retry", "stop", "skip"] = "retry"
    """With Connect, what happens to records that InfluxDB refuses or cannot take: ``retry`` every
    minute ten times and then stop, ``stop`` at once, or ``skip`` them. A stopped connector loses
    nothing while Kafka keeps the records, and is restarted; what is skipped is lost in silence,
    as it was in the original."""
    check_interval: Duration = Duration("15s")
    """How often somebody looks for new topics."""
    resources: Resources = Resources(
        cpu=Cpu("500m"), memory=Quantity("1Gi"), cpu_limit=Cpu("4"), memory_limit=Quantity("4Gi")
    )
    """With Telegraf, of each of its pods; the limit also decides how many records it reads ahead.
    Connect's workers have theirs in ``streaming.connect``."""


class KafdropSection(Section):
    """The brokers' web page, behind a login."""

    host: Hostname
    """Public host name."""
    login: LoginSection = LoginSection()
    """Who may enter."""
    heap: Quantity = Quantity("256Mi")
    """JVM heap."""
    resources: Resources = Resources(
        cpu=Cpu("100m"),
        memory=Quantity("512Mi"),
        cpu_limit=Cpu("1"),
        memory_limit=Quantity("512Mi"),
    )
    """Of Kafdrop; its login proxy is small."""


class StreamingSection(Section):
    """Everything that moves records."""

    kafka: KafkaSection
    """Brokers."""
    schema_registry: SchemaRegistrySection = SchemaRegistrySection()
    """Schema Registry."""
    connect: ConnectSection | None = None
    """Kafka Connect workers. Absent: none; every sink must have another engine."""
    connectors: tuple[InfluxDbSinkSection, ...] = ()
    """Sinks into InfluxDB."""
    kafdrop: KafdropSection | None = None
    """Absent: no Kafdrop page."""

    def sinks(self, engine: Engine) -> tuple[InfluxDbSinkSection, ...]:
        """Return the sinks that ``engine`` runs."""
        return tuple(sink for sink in self.connectors if sink.engine == engine)
