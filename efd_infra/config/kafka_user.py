"""Kafka's users: who logs in from outside the cluster, and what for."""

from efd_infra.config.identifier import Prefix, UserName
from efd_infra.config.section import Section


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
