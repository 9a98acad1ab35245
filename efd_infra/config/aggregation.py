"""The aggregator: statistics of telemetry over windows of a second, as topics of their own."""

from pydantic import Field

from efd_infra.config.cluster import Resources
from efd_infra.config.identifier import FieldName
from efd_infra.config.sal import SAL_TOPICS
from efd_infra.config.schema_registry import SchemaRegistrySection
from efd_infra.config.section import Section
from efd_infra.config.values import Cpu, Duration, Quantity, TopicPattern

AGGREGATED_SCHEMAS_TOPIC = "_aggregated-schemas"
"""Where the aggregates' registry keeps its schemas. It does not begin like the other registry's
topic, whose user has rights by that beginning."""

AGGREGATOR_DEAD_LETTERS = "dead-letter.kafka-aggregator"
"""Where the aggregator puts records that it cannot read."""

AGGREGATOR_TOPICS = "kafka-aggregator-"
"""How the names of topics begin that the aggregator keeps its own state in."""

TASKS = 12
"""Into how many parts the topics are dealt out, by their names: as many threads share the work, and
no more. Another number needs another application id (decision 27), so no site chooses it."""

SESSION = Duration("45s")
"""After which Kafka takes a worker that says nothing for dead (``session.timeout.ms``), so that
another goes on with its windows."""


class AggregatedRegistrySection(Section):
    """The size of the registry that has the schemas of aggregates alone."""

    replicas: int = Field(default=1, ge=1)
    """Number of servers; one of them writes."""
    heap: Quantity = Quantity("256Mi")
    """JVM heap."""
    resources: Resources = Resources(
        cpu=Cpu("100m"),
        memory=Quantity("512Mi"),
        cpu_limit=Cpu("2"),
        memory_limit=Quantity("512Mi"),
    )
    """Per server."""

    @property
    def registry(self) -> SchemaRegistrySection:
        """The registry of this size.

        It takes every schema: an aggregate's follows its source's, which has been accepted.
        """
        return SchemaRegistrySection(
            replicas=self.replicas,
            compatibility="NONE",
            heap=self.heap,
            resources=self.resources,
        )


class AggregationSection(Section):
    """What is aggregated, over which windows, and by how many workers.

    Of each numeric field the minimum, maximum, mean, median and standard deviation of a window go
    to the topic ``<topic>-aggregated``.
    """

    topics: TopicPattern = SAL_TOPICS
    """Topics to aggregate. Of these, telemetry alone has windows: events, commands and their
    acknowledgements (lsst-ts/ts_salkafka) are left out whatever this says."""
    excluded: TopicPattern | None = None
    """Topics to leave out."""
    timestamp: FieldName = FieldName("private_efdStamp")
    """The field that says when a record was, in seconds."""
    window: Duration = Duration("1s")
    """Length of a window; each becomes one record, which is as if at its beginning."""
    grace: Duration = Duration("10s")
    """How late a record may be, by the newest of its topic, and still count."""
    closes_after: Duration = Duration("60s")
    """A window whose topic falls silent is closed this long after its end, by the clock. Longer
    than the 45 s after which a dead worker's windows are another's."""
    min_samples: int = Field(default=2, ge=1)
    """Windows with fewer records are left out: two leave out topics of 1 Hz and slower."""
    check_interval: Duration = Duration("30s")
    """How often somebody looks for new topics."""
    workers: int = Field(default=2, ge=1)
    """Number of workers, which share the topics."""
    threads: int = Field(default=1, ge=1)
    """Threads of each worker."""
    heap: Quantity = Quantity("1Gi")
    """JVM heap of each worker."""
    state: Quantity = Quantity("1Gi")
    """Room for a worker's open windows on its node's disk; Kafka has a copy of them."""
    resources: Resources = Resources(
        cpu=Cpu("500m"), memory=Quantity("2Gi"), cpu_limit=Cpu("4"), memory_limit=Quantity("2Gi")
    )
    """Per worker."""
    registry: AggregatedRegistrySection = AggregatedRegistrySection()
    """The registry of the aggregates' schemas: ids that are given twice would be two schemas, and
    where schemas are mirrored, the site's own registry must give none."""
