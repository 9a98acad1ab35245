"""The mirror: which site is mirrored, which of its topics, and what lies between."""

from pydantic import Field

from efd_infra.config.cluster import Resources
from efd_infra.config.link import Link
from efd_infra.config.sal import SAL_TOPICS
from efd_infra.config.schema_registry import SCHEMAS_TOPIC
from efd_infra.config.section import Section
from efd_infra.config.values import Cpu, Duration, HostPort, Name, Quantity, Rate, TopicPattern


class SourceLogin(Section):
    """How the link logs in at the source, which makes the user and hands out its password."""

    secret: Name
    """An existing Secret in the link's namespace with the keys ``username`` and ``password``."""
    private_ca: bool = False
    """Whether the source's certificate is signed by an authority of its own, whose certificate is
    then the key ``ca.crt`` of the Secret; otherwise one that Java trusts must have signed it."""


class ReplicationSection(Section):
    """This site pulls topics from another; names stay as they are."""

    source: Name
    """Name of the source site: the cluster's alias in MirrorMaker's settings and metrics."""
    bootstrap: HostPort
    """The source's external listener."""
    login: SourceLogin
    """The user there, who needs the purpose ``mirrors`` over the topics below."""
    topics: tuple[TopicPattern, ...] = Field(default=(SAL_TOPICS,), min_length=1)
    """Topics to mirror, besides the schemas."""
    schemas: bool = True
    """Whether the source's schemas are mirrored too, which records of the SAL need. Then the
    registry here may not write."""
    tasks: int = Field(default=10, ge=1)
    """Tasks over all workers of these topics."""
    workers: int = Field(default=2, ge=1)
    """Number of workers of these topics, in a Connect cluster of their own."""
    replication_factor: int = Field(default=3, ge=1)
    """Copies of each mirrored topic here."""
    refresh: Duration = Duration("60s")
    """How often new topics and changed settings are looked for."""
    outage_budget: Duration = Duration("24h")
    """The longest time that the way to the source may be cut without a loss: after it, the source
    must keep the oldest records until the link has caught up."""
    rate: Rate = Rate("10MB/s")
    """What the way to the source carries; also what one connection to one broker should reach
    (the observatory's rate of 2025, lsst-sqre/sasquatch ``docs/faq.rst``)."""
    max_message: Quantity = Quantity("10Mi")
    """Largest record of the source; the brokers here must take it too."""
    heap: Quantity = Quantity("2Gi")
    """JVM heap of each worker."""
    resources: Resources = Resources(
        cpu=Cpu("1"), memory=Quantity("3Gi"), cpu_limit=Cpu("4"), memory_limit=Quantity("3Gi")
    )
    """Per worker."""

    @property
    def schemas_link(self) -> Link:
        """The schemas alone, with workers of their own: no backlog of records delays them.

        They are some thousand records that hardly change, for which one small worker is enough:
        while it is away the sinks wait.
        """
        return Link(
            alias=f"{self.source}-schemas",
            topics=SCHEMAS_TOPIC,
            tasks=1,
            heartbeats=False,
            waits_for_schemas=False,
            workers=1,
            heap=Quantity("256Mi"),
            resources=Resources(
                cpu=Cpu("100m"),
                memory=Quantity("512Mi"),
                cpu_limit=Cpu("2"),
                memory_limit=Quantity("512Mi"),
            ),
        )

    @property
    def data_link(self) -> Link:
        """Everything else."""
        return Link(
            alias=self.source,
            topics=",".join(self.topics),
            tasks=self.tasks,
            heartbeats=True,
            waits_for_schemas=self.schemas,
            workers=self.workers,
            heap=self.heap,
            resources=self.resources,
        )

    @property
    def links(self) -> tuple[Link, ...]:
        """The links of this mirror, the schemas' first."""
        return (self.schemas_link, self.data_link) if self.schemas else (self.data_link,)
