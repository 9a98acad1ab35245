"""Schema Registry's settings."""

from efd_infra.config.contract import SCHEMA_REGISTRY
from efd_infra.config.listener import SERVICES
from efd_infra.config.replication import SCHEMAS_TOPIC
from efd_infra.config.streaming import SchemaRegistrySection
from efd_infra.manifests.properties import properties

_READ_ONLY: dict[str, str | int] = {
    # Its user may only read the topic: it neither makes it nor, as it otherwise does at every
    # start, appends a mark to see how far there is to read (confluentinc/schema-registry,
    # ``KafkaStore.getLatestOffset``; both settings since 8.0).
    "kafkastore.topic.skip.validation": True,
    "kafkastore.init.wait.for.reader": False,
}


def schema_registry_properties(
    section: SchemaRegistrySection, *, bootstrap: str, replication_factor: int
) -> str:
    """Return ``schema-registry.properties``; host name and login are added in the pod."""
    return properties(
        {
            "listeners": f"http://0.0.0.0:{SCHEMA_REGISTRY.port}",
            "kafkastore.bootstrap.servers": f"{SERVICES.protocol}://{bootstrap}",
            "kafkastore.topic": SCHEMAS_TOPIC,
            "kafkastore.topic.replication.factor": replication_factor,
            "leader.eligibility": section.may_write,
            "mode.mutability": section.mutable_mode,
            **({} if section.may_write else _READ_ONLY),
        }
    )
