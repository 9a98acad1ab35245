"""The settings of a Schema Registry, of which a site may have two at one cluster of brokers."""

from dataclasses import dataclass

from efd_infra.config.aggregation import AGGREGATED_SCHEMAS_TOPIC
from efd_infra.config.contract import (
    AGGREGATED_SCHEMA_REGISTRY,
    SCHEMA_REGISTRY,
    ServiceAddress,
)
from efd_infra.config.listener import SERVICES
from efd_infra.config.schema_registry import SCHEMAS_TOPIC, SchemaRegistrySection
from efd_infra.config.site import Site
from efd_infra.manifests import workloads
from efd_infra.manifests.properties import properties
from efd_infra.manifests.workloads import Workload

_READ_ONLY: dict[str, str | int] = {
    # Its user may only read the topic: it neither makes it nor, as it otherwise does at every
    # start, appends a mark to see how far there is to read (confluentinc/schema-registry,
    # ``KafkaStore.getLatestOffset``; both settings since 8.0).
    "kafkastore.topic.skip.validation": True,
    "kafkastore.init.wait.for.reader": False,
}


@dataclass(frozen=True, kw_only=True)
class Registry:
    """What tells one registry from another."""

    address: ServiceAddress
    workload: Workload
    setup: Workload
    topic: str
    """Where it keeps its schemas."""
    group: str
    """The group in which its servers choose the one that writes, and how the name of each group
    begins that they read in."""


OF_RECORDS = Registry(
    address=SCHEMA_REGISTRY,
    workload=workloads.SCHEMA_REGISTRY,
    setup=workloads.SCHEMA_REGISTRY_SETUP,
    topic=SCHEMAS_TOPIC,
    group="schema-registry",
)
"""The registry that producers know; its group is the software's own choice."""

OF_AGGREGATES = Registry(
    address=AGGREGATED_SCHEMA_REGISTRY,
    workload=workloads.AGGREGATED_REGISTRY,
    setup=workloads.AGGREGATED_REGISTRY_SETUP,
    topic=AGGREGATED_SCHEMAS_TOPIC,
    group=AGGREGATED_SCHEMA_REGISTRY.name,
)
"""The registry that the aggregator writes to."""


def schemas_topics(site: Site) -> tuple[str, ...]:
    """Return the topics in which the registries of a site keep their schemas."""
    return (OF_RECORDS.topic, *([OF_AGGREGATES.topic] if site.streaming.aggregation else []))


def schema_registry_properties(
    registry: Registry,
    section: SchemaRegistrySection,
    *,
    bootstrap: str,
    replication_factor: int,
) -> str:
    """Return ``schema-registry.properties``; host name and login are added in the pod."""
    return properties(
        {
            "listeners": f"http://0.0.0.0:{registry.address.port}",
            "kafkastore.bootstrap.servers": f"{SERVICES.protocol}://{bootstrap}",
            "kafkastore.topic": registry.topic,
            "kafkastore.topic.replication.factor": replication_factor,
            "leader.eligibility": section.may_write,
            "mode.mutability": section.mutable_mode,
            **({} if section.may_write else _READ_ONLY),
            **({} if registry is OF_RECORDS else _groups(registry)),
        }
    )


def _groups(registry: Registry) -> dict[str, str | int]:
    """Return the groups of a registry beside the first, whose servers must not choose together."""
    return {
        "schema.registry.group.id": registry.group,
        # Of whoever reads the topic, who takes all of it and joins nobody.
        "kafkastore.group.id": f"{registry.group}-store",
    }
