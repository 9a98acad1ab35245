"""Kafka, Schema Registry, Kafka Connect, the sinks into InfluxDB, Kafdrop."""

from typing import Literal, Self

from pydantic import Field

from efd_infra.config.aggregation import AggregationSection
from efd_infra.config.cluster import Resources
from efd_infra.config.connect import ConnectSection
from efd_infra.config.identifier import FieldName, Identifier
from efd_infra.config.kafka import KafkaSection
from efd_infra.config.login import LoginSection
from efd_infra.config.sal import AGGREGATED, SAL_TOPICS, aggregates_of
from efd_infra.config.schema_registry import SchemaRegistrySection
from efd_infra.config.section import Section
from efd_infra.config.values import (
    Cpu,
    Duration,
    Hostname,
    Name,
    Quantity,
    TopicPattern,
)

Engine = Literal["connect", "telegraf"]
"""What runs a sink."""

INSTANCE = "salIndex"
"""The field that tells instances of a CSC apart."""


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
    aggregated: bool = False
    """Whether to write, instead of records, what ``streaming.aggregation`` makes of them."""
    topics: TopicPattern = SAL_TOPICS
    """Topics to write; with ``aggregated``, those whose statistics are written."""
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

    @property
    def tags(self) -> tuple[str, ...]:
        """The fields that become tags.

        The windows of all instances of a CSC begin at the same time: without a tag, the points of
        one would overwrite those of another.
        """
        return (INSTANCE,) if self.aggregated else ()

    def reading(self, *, aggregation: bool) -> Self:
        """Return the sink with patterns of the topics that it reads, at a site that aggregates.

        Records and statistics have their schemas in two registries: no sink reads both.
        """
        excluded = self.excluded
        if self.aggregated:
            excluded = aggregates_of(excluded) if excluded else None
            return self.model_copy(
                update={"topics": aggregates_of(self.topics), "excluded": excluded}
            )
        if not aggregation:
            return self
        both = TopicPattern(f"{excluded}|{AGGREGATED}") if excluded else AGGREGATED
        return self.model_copy(update={"excluded": both})


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
    aggregation: AggregationSection | None = None
    """The aggregator. Absent: nothing is aggregated."""
    kafdrop: KafdropSection | None = None
    """Absent: no Kafdrop page."""

    @property
    def reading(self) -> tuple[InfluxDbSinkSection, ...]:
        """The sinks, each with patterns of just the topics that it reads."""
        aggregation = self.aggregation is not None
        return tuple(sink.reading(aggregation=aggregation) for sink in self.connectors)

    @property
    def record_databases(self) -> tuple[Identifier, ...]:
        """The databases that records are written to, the first sink's first."""
        sinks = [sink for sink in self.connectors if not sink.aggregated]
        return tuple(dict.fromkeys(sink.database for sink in sinks))

    def sinks(self, engine: Engine) -> tuple[InfluxDbSinkSection, ...]:
        """Return the sinks that ``engine`` runs, with the topics that they read."""
        return tuple(sink for sink in self.reading if sink.engine == engine)
