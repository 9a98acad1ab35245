"""Kafka, Schema Registry, Kafka Connect, the sinks into InfluxDB, Kafdrop."""

from typing import Literal

from pydantic import Field

from efd_infra.config.cluster import Resources
from efd_infra.config.connect import ConnectSection
from efd_infra.config.identifier import FieldName, Identifier
from efd_infra.config.kafka import KafkaSection
from efd_infra.config.login import LoginSection
from efd_infra.config.section import Section
from efd_infra.config.values import (
    Cpu,
    Duration,
    Hostname,
    Name,
    Quantity,
    SourceRange,
    TopicPattern,
)

Compatibility = Literal[
    "NONE",
    "BACKWARD",
    "BACKWARD_TRANSITIVE",
    "FORWARD",
    "FORWARD_TRANSITIVE",
    "FULL",
    "FULL_TRANSITIVE",
]
"""Schema Registry's levels."""

Engine = Literal["connect", "telegraf"]
"""What runs a sink."""

SAL_TOPICS = TopicPattern(r"lsst\.sal\..*")
"""Everything that the Service Abstraction Layer publishes (lsst-ts/ts_salkafka)."""


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
    compatibility: Compatibility = "BACKWARD"
    """What a new version of a schema must keep, where its subject says nothing else. BACKWARD was
    the original's; SAL's schemas give every field a default for its sake."""
    mode: Literal["READWRITE", "READONLY"] = "READWRITE"
    """``READONLY``: nobody registers a schema for now, such as while the site is moved."""
    mutable_mode: bool = False
    """Whether modes may be changed through the API."""
    heap: Quantity = Quantity("512Mi")
    """JVM heap."""
    resources: Resources = Resources(
        cpu=Cpu("250m"), memory=Quantity("1Gi"), cpu_limit=Cpu("2"), memory_limit=Quantity("1Gi")
    )
    """Per server."""


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
    as it was in the original. Records that cannot be read at all are dead letters."""
    check_interval: Duration = Duration("15s")
    """How often somebody looks for new topics."""
    resources: Resources = Resources(
        cpu=Cpu("500m"), memory=Quantity("1Gi"), cpu_limit=Cpu("4"), memory_limit=Quantity("4Gi")
    )
    """With Telegraf, of each of its pods; the limit also decides how many records it reads ahead.
    Connect's workers have theirs in ``streaming.connect``."""

    @property
    def dead_letter_topic(self) -> str:
        """Where Connect puts records that cannot be read; no topic of the SAL is named so."""
        return f"dead-letter.{self.name}"


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
