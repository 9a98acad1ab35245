"""What a user of Kafka may do, found out by trying it, without leaving anything behind.

A topic is created in a dry run. Records are offered to a topic that takes none, since brokers look
at rights before they look at sizes. What would take effect is tried where it is to be refused.
"""

from collections.abc import Callable, Mapping
from typing import Any

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
    admin,
)
from confluent_kafka.admin import AdminClient

from devkit.traffic.access import Kafka

PROBE = "lsst.sal.Rights.probe"
"""A topic that takes no record: see ``probe_topic``."""
LIMIT = 20
"""Seconds for one attempt."""

_api: Any = admin
"""Most of its names are not exported, as type checkers see it."""

_DENIED = {
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
}


def attempt(kafka: Kafka, operation: str, name: str) -> bool:
    """Return whether the brokers let ``kafka``'s user do ``operation`` on ``name``.

    Raises
    ------
    KafkaException
        When they refuse for another reason than a missing right.
    """
    try:
        _ATTEMPTS[operation](kafka, name)
    except KafkaException as error:
        if error.args[0].code() in _DENIED:
            return False
        raise
    return True


def probe_topic(kafka: Kafka) -> None:
    """Make the topic that takes no record, as a user who may."""
    # With fewer replicas the brokers could not be rolled.
    topic = _api.NewTopic(PROBE, 1, 3, config={"max.message.bytes": "1"})
    try:
        _ask(kafka, lambda client: client.create_topics([topic]))
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise


def _ask(kafka: Kafka, ask: Callable[[AdminClient], Mapping[Any, Any]]) -> None:
    settings: Any = kafka.settings
    client = AdminClient(settings)  # which must live until the answers are here
    for future in ask(client).values():
        future.result(LIMIT)


def _create(kafka: Kafka, name: str) -> None:
    _ask(
        kafka, lambda client: client.create_topics([_api.NewTopic(name, 1, 1)], validate_only=True)
    )


def _delete(kafka: Kafka, name: str) -> None:
    _ask(kafka, lambda client: client.delete_topics([name]))


def _configure(kafka: Kafka, name: str) -> None:
    entry = _api.ConfigEntry(
        "retention.ms", "1000", incremental_operation=_api.AlterConfigOpType.SET
    )
    resource = _api.ConfigResource(_api.ResourceType.TOPIC, name, incremental_configs=[entry])
    _ask(kafka, lambda client: client.incremental_alter_configs([resource], validate_only=True))


def _look(kafka: Kafka, name: str) -> None:
    _ask(
        kafka,
        lambda client: client.describe_configs(
            [_api.ConfigResource(_api.ResourceType.TOPIC, name)]
        ),
    )


def _write(kafka: Kafka, name: str) -> None:
    errors: list[KafkaError] = []
    settings: Any = kafka.settings | {"acks": "all", "delivery.timeout.ms": LIMIT * 1000}
    producer = Producer(settings)

    def answered(error: KafkaError | None, _: object) -> None:
        errors.extend([error] if error else [])

    producer.produce(name, b"probe", partition=0, on_delivery=answered)
    assert producer.flush(LIMIT) == 0, "the brokers do not answer"
    for error in errors:
        if error.code() != KafkaError.MSG_SIZE_TOO_LARGE:
            raise KafkaException(error)


def _consume(
    kafka: Kafka, group: str, begin: Callable[[Consumer], None], beside: tuple[int, ...] = ()
) -> None:
    """Consume until there is an answer; errors of the codes ``beside`` are none."""
    settings: Any = kafka.settings | {
        "group.id": group,
        "enable.partition.eof": True,
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
    }
    consumer = Consumer(settings)
    try:
        begin(consumer)
        while (message := consumer.poll(LIMIT)) and (error := message.error()):
            if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 -- its public name
                return
            if error.code() not in beside:
                raise KafkaException(error)
        assert message is not None, "the brokers do not answer"
    finally:
        consumer.close()


def _read(kafka: Kafka, name: str) -> None:
    # A consumer of a topic that it may not even see asks for it for ever.
    settings: Any = kafka.settings
    if error := AdminClient(settings).list_topics(name, timeout=LIMIT).topics[name].error:
        raise KafkaException(error)
    where = [TopicPartition(name, 0, 0)]
    # The client looks for its group also where partitions are assigned.
    aside = (KafkaError.GROUP_AUTHORIZATION_FAILED,)
    _consume(kafka, "none", lambda consumer: consumer.assign(where), aside)


def _join(kafka: Kafka, name: str) -> None:
    _consume(kafka, name, lambda consumer: consumer.subscribe([PROBE]))


def _grant(kafka: Kafka, name: str) -> None:
    binding = _api.AclBinding(
        _api.ResourceType.TOPIC,
        name,
        _api.ResourcePatternType.LITERAL,
        f"User:{kafka.user}",
        "*",
        _api.AclOperation.ALL,
        _api.AclPermissionType.ALLOW,
    )
    _ask(kafka, lambda client: client.create_acls([binding]))


def _enlist(kafka: Kafka, name: str) -> None:
    info = _api.ScramCredentialInfo(_api.ScramMechanism.SCRAM_SHA_512, 4096)
    wish = _api.UserScramCredentialUpsertion(name, info, b"guessed")
    _ask(kafka, lambda client: client.alter_user_scram_credentials([wish]))


_ATTEMPTS: Mapping[str, Callable[[Kafka, str], None]] = {
    "configure": _configure,
    "create": _create,
    "delete": _delete,
    "enlist": _enlist,
    "grant": _grant,
    "join": _join,
    "look": _look,
    "read": _read,
    "write": _write,
}
"""By what is done: a topic's settings changed, a topic made, deleted, a user made, a right given,
a group joined, a topic's settings seen, its records read, records written."""
