"""A link of the mirror: some of the source's topics, and the workers that pull them."""

from dataclasses import dataclass

from efd_infra.config.cluster import Resources
from efd_infra.config.values import Quantity


@dataclass(frozen=True, kw_only=True)
class Link:
    """What tells one link to the source from another.

    MirrorMaker derives the group of its workers and the names of their topics for settings,
    positions and states from the source's alias alone (Apache Kafka 4.3.1,
    ``MirrorMakerConfig.workerConfig``): two links with one alias would be one Connect cluster,
    in which the last to start decides what is mirrored.
    """

    alias: str
    """What the source is called, in settings, metrics and the names of those topics."""
    topics: str
    """Topics and patterns, separated by commas."""
    tasks: int
    """Tasks over all workers."""
    heartbeats: bool
    """Whether it writes the topic ``heartbeats``, of which a site has one."""
    waits_for_schemas: bool
    """Whether its workers start only when the source's schemas are here."""
    workers: int
    """Number of workers."""
    heap: Quantity
    """JVM heap of each worker."""
    resources: Resources
    """Per worker."""
