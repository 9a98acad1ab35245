"""Kafka's users: who logs in besides this program's own services, and what for."""

from pydantic import Field

from efd_infra.config.identifier import Prefix, UserName
from efd_infra.config.section import Section
from efd_infra.config.values import Quantity


class QuotaSection(Section):
    """What a user may move, in bytes per second and broker; brokers delay who moves more."""

    produce: Quantity | None = None
    """Written; absent: as much as the brokers take."""
    consume: Quantity | None = None
    """Read; absent: as much as the brokers give."""


class KafkaUserSection(Section):
    """A user and its purposes, each over topics whose names begin alike; what none needs is denied.

    A purpose is what somebody does, not an operation of Kafka's: a site file can neither forget
    half of what a producer needs nor grant everything.
    """

    name: UserName
    """Name of the user."""
    produces: tuple[Prefix, ...] = ()
    """Topics to make and to write."""
    consumes: tuple[Prefix, ...] = ()
    """Topics to read."""
    groups: tuple[Prefix, ...] = ()
    """Consumer groups to read them in; without one, a consumer chooses its partitions and keeps
    its position itself."""
    mirrors: tuple[Prefix, ...] = ()
    """Topics to read with their settings, for another site's MirrorMaker."""
    monitors: bool = False
    """Whether to see all topics, groups and settings, but no record."""
    quota: QuotaSection = QuotaSection()
    """What the user may move."""
    generation: int = Field(default=1, ge=1)
    """Raised by one, it gives the user a new password."""
