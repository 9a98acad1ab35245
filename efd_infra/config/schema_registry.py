"""Schema Registry: its size, who reaches it, and what it accepts."""

from typing import Literal

from pydantic import Field

from efd_infra.config.cluster import Resources
from efd_infra.config.section import Section
from efd_infra.config.values import Cpu, Hostname, Quantity, SourceRange

SCHEMAS_TOPIC = "_schemas"
"""The registry's own topic. Schema ids are part of every record, so it is mirrored as it is, by
workers of its own and before the records."""

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
