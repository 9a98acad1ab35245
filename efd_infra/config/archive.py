"""Long-term storage: what is kept of a site's data outside InfluxDB."""

from typing import Literal

from pydantic import Field

from efd_infra.config.backup import BucketName, Region, StoreUrl
from efd_infra.config.identifier import Identifier
from efd_infra.config.sal import AGGREGATED, SAL_TOPICS, aggregates_of
from efd_infra.config.section import Section
from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.config.values import Duration, Hostname, Name, TopicPattern

PART_BYTES = 5 * 2**20
"""Bytes of a file that are kept in memory until they are sent, for each file that is open: the
least that S3 takes. The connector's own 25 MiB ran the workers out of memory
(lsst-sqre/argocd-efd@57c3430)."""

DATABASE_PLUGIN = "debezium-connector-jdbc"
"""How the file of the plugin that writes to a database is named at its beginning."""

PARQUET_PLUGIN = "confluentinc-kafka-connect-s3"
"""How the file of the plugin that writes Parquet is named at its beginning."""


STATISTICS_NAME = "-statistics"
"""What stands behind the name of a connector that writes statistics beside one for records. Its
dead letters are in no topic that is named like one of statistics."""

Content = Literal["records", "aggregates", "both"]
"""What becomes files: what SAL publishes, or what ``streaming.aggregation`` makes of it."""


class ParquetSinkSection(Section):
    """The sink that writes topics as Parquet files to a bucket of an S3-compatible store.

    Its keys may add and replace files; the bucket's own settings, made by ``python -m archive
    create``, keep what was replaced.
    """

    name: Name = Name("s3-sink")
    """Name of the connector, and of its consumer group (``connect-<name>``): renaming it writes
    everything that Kafka still has once more. That of statistics beside records is
    ``<name>-statistics``."""
    content: Content = "records"
    """What is written. Records and statistics have their schemas in two registries, so that
    ``both`` are two connectors, with one bucket."""
    bucket: BucketName
    """The bucket, which has nothing else."""
    endpoint: StoreUrl
    """Where the store answers, with a certificate of an authority that Java knows."""
    region: Region = Region("us-east-1")
    """What requests are signed for, a region of Amazon's; most stores beside it take this one."""
    secret: Name
    """An existing Secret in Connect's namespace with the keys ``access-key-id`` and
    ``secret-access-key``."""
    topics: TopicPattern = SAL_TOPICS
    """Topics to write; those whose statistics are written, likewise."""
    excluded: TopicPattern | None = None
    """Topics to leave out."""
    tasks: int = Field(default=1, ge=1)
    """Consumers that share the topics, of each connector."""
    expected_topics: int = Field(ge=1)
    """How many topics there will be, not counting those of statistics beside them: each has a file
    open, and memory of the workers. With ``both`` there are taken to be as many of either."""
    partitions_per_topic: int = Field(default=1, ge=1)
    """How many partitions each of them has; SAL's have one (lsst-ts/ts_salkafka)."""
    check_interval: Duration = Duration("30s")
    """How often it looks for new topics; Kafka's own clients do every five minutes."""

    @property
    def partitions(self) -> int:
        """Partitions of all topics that are expected, of records or of statistics."""
        return self.expected_topics * self.partitions_per_topic

    @property
    def connectors(self) -> "tuple[ParquetSinkSection, ...]":
        """The section of each connector, which writes records or statistics."""
        if self.content != "both":
            return (self,)
        name = Name(f"{self.name}{STATISTICS_NAME}")
        return (
            self.model_copy(update={"content": "records"}),
            self.model_copy(update={"content": "aggregates", "name": name}),
        )

    @property
    def engine(self) -> Literal["connect"]:
        """What runs it."""
        return "connect"

    @property
    def aggregated(self) -> bool:
        """Whether it reads statistics, whose schemas are in a registry of their own.

        Of ``both`` each of the ``connectors`` says so; the section itself is like that of records.
        """
        return self.content == "aggregates"

    @property
    def dead_letter_topic(self) -> str:
        """Where Connect puts records that cannot be read; no topic of the SAL is named so."""
        return f"dead-letter.{self.name}"

    @property
    def read(self) -> TopicPattern:
        """The topics that it reads, in Java's words as well as in Python's."""
        if self.aggregated:
            return _aggregates(self.topics, self.excluded)
        excluded = f"{self.excluded}|{AGGREGATED}" if self.excluded else AGGREGATED
        return TopicPattern(f"(?!(?:{excluded})$)(?:{self.topics})")


class DatabaseSinkSection(Section):
    """The sink that writes statistics to the consolidated database, a PostgreSQL of somebody else.

    A table for each topic; a window that comes again replaces its row.
    """

    name: Name = Name("consolidated-database")
    """Name of the connector, and of its consumer group (``connect-<name>``)."""
    host: Hostname
    """Where the server is, as in its certificate."""
    port: int = Field(default=5432, ge=1, le=65535)
    """Its port."""
    database: Identifier = Identifier("efd")
    """The database, which is there; tables are made in its schema ``public``."""
    secret: Name
    """An existing Secret in Connect's namespace with the keys ``username`` and ``password`` of a
    user who may create tables."""
    private_ca: bool = False
    """Whether the Secret has ``ca.crt``, the authority of the server's certificate; otherwise it
    is one of those that Java knows."""
    topics: TopicPattern = SAL_TOPICS
    """Topics whose statistics are written."""
    excluded: TopicPattern | None = None
    """Topics to leave out."""
    tasks: int = Field(default=1, ge=1)
    """Consumers that share the topics."""
    check_interval: Duration = Duration("30s")
    """How often it looks for new topics; Kafka's own clients do every five minutes."""

    @property
    def engine(self) -> Literal["connect"]:
        """What runs it."""
        return "connect"

    @property
    def aggregated(self) -> bool:
        """Whether it reads statistics, whose schemas are in a registry of their own."""
        return True

    @property
    def dead_letter_topic(self) -> str:
        """Where Connect puts records that cannot be read; no topic of the SAL is named so."""
        return f"dead-letter.{self.name}"

    @property
    def read(self) -> TopicPattern:
        """The topics that it reads, in Java's words as well as in Python's."""
        return _aggregates(self.topics, self.excluded)


class ArchiveSection(Section):
    """What is kept for years."""

    parquet: ParquetSinkSection | None = None
    """Records, statistics or both as files. Absent: none are written."""
    database: DatabaseSinkSection | None = None
    """Statistics as rows of the consolidated database. Absent: none are written."""

    @property
    def sinks(self) -> "tuple[ParquetSinkSection | DatabaseSinkSection, ...]":
        """What is written by a connector each."""
        return (
            *(self.parquet.connectors if self.parquet else ()),
            *([self.database] if self.database else []),
        )


def _aggregates(topics: TopicPattern, excluded: TopicPattern | None) -> TopicPattern:
    found = aggregates_of(topics)
    return TopicPattern(f"(?!(?:{aggregates_of(excluded)})$){found}") if excluded else found


ConnectSinkSection = InfluxDbSinkSection | ParquetSinkSection | DatabaseSinkSection
"""A sink that Connect runs, if its engine is ``connect``."""
