"""Schema Registry's settings."""

from efd_infra.config.contract import SCHEMA_REGISTRY
from efd_infra.config.replication import SCHEMAS_TOPIC
from efd_infra.config.streaming import SchemaRegistrySection
from efd_infra.manifests.properties import properties


def schema_registry_properties(
    section: SchemaRegistrySection, *, bootstrap: str, replication_factor: int
) -> str:
    """Return ``schema-registry.properties``; the host name comes from the pod."""
    return properties(
        {
            "listeners": f"http://0.0.0.0:{SCHEMA_REGISTRY.port}",
            "kafkastore.bootstrap.servers": f"PLAINTEXT://{bootstrap}",
            "kafkastore.topic": SCHEMAS_TOPIC,
            "kafkastore.topic.replication.factor": replication_factor,
            "leader.eligibility": section.may_write,
            "mode.mutability": section.mutable_mode,
        }
    )
