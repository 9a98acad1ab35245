"""Topics of a Kafka cluster, created as ts_salkafka does: by their producer."""

from collections.abc import Sequence

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from devkit.errors import DevkitError
from devkit.traffic.access import Kafka

PATIENCE = 60.0
"""Seconds for the cluster to answer."""


def create(kafka: Kafka, names: Sequence[str], partitions: int, replication: int) -> int:
    """Create the topics that are not there; how many were not."""
    admin = AdminClient(kafka.settings)
    wanted = [NewTopic(name, partitions, replication) for name in names]
    created = 0
    for name, done in admin.create_topics(wanted, request_timeout=PATIENCE).items():
        try:
            done.result()
            created += 1
        except KafkaException as error:
            reason = error.args[0]
            if reason.code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise DevkitError(
                    f"the topic {name} cannot be created: {reason.str()}",
                    f"check --bootstrap {kafka.bootstrap}, the user's rights and --replication",
                ) from error
    return created
