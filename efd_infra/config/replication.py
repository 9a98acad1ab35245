"""The MirrorMaker 2 link: which site is mirrored, and which of its topics."""

from pydantic import Field

from efd_infra.config.cluster import Resources
from efd_infra.config.section import Section
from efd_infra.config.streaming import SAL_TOPICS
from efd_infra.config.values import Cpu, Duration, HostPort, Name, Quantity, TopicPattern

SCHEMAS_TOPIC = "_schemas"
"""The registry's own topic. Schema ids are part of every record, so it is mirrored as it is."""


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
    topics: tuple[TopicPattern, ...] = Field(
        default=(TopicPattern(SCHEMAS_TOPIC), SAL_TOPICS), min_length=1
    )
    """Topics to mirror."""
    tasks: int = Field(default=10, ge=1)
    """Tasks over all workers."""
    workers: int = Field(default=2, ge=1)
    """Number of workers, in a Connect cluster of their own."""
    replication_factor: int = Field(default=3, ge=1)
    """Copies of each mirrored topic here."""
    refresh: Duration = Duration("60s")
    """How often new topics and changed settings are looked for."""
    max_message: Quantity = Quantity("10Mi")
    """Largest record of the source; the brokers here must take it too."""
    heap: Quantity = Quantity("2Gi")
    """JVM heap of each worker."""
    resources: Resources = Resources(
        cpu=Cpu("1"), memory=Quantity("3Gi"), cpu_limit=Cpu("4"), memory_limit=Quantity("3Gi")
    )
    """Per worker."""
