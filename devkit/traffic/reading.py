"""Reads whole topics, without a group and without leaving a trace."""

from collections.abc import Iterator, Mapping

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from devkit.errors import DevkitError
from devkit.traffic.access import Kafka
from devkit.traffic.topics import Place

BATCH = 10_000
"""Records taken at once."""

PATIENCE = 60.0
"""Seconds without a record after which a cluster counts as silent."""

WAIT = 0.2
"""Seconds of one wait for records."""


def records(
    kafka: Kafka, spans: Mapping[Place, tuple[int, int]]
) -> Iterator[tuple[Place, Message]]:
    """Every record of these spans of offsets, in order within each partition."""
    left = {place: end for place, (first, end) in spans.items() if first < end}
    consumer = Consumer(kafka.settings | _settings())
    silent = 0.0
    try:
        consumer.assign([TopicPartition(*place, spans[place][0]) for place in left])
        while left:
            messages = consumer.consume(BATCH, WAIT)
            silent = 0.0 if messages else silent + WAIT
            for message in messages:
                if _is_of_the_group(message):
                    continue
                place, offset = _where(message)
                if place in left and offset < left[place]:
                    yield place, message
            for done in _done(consumer, left) if len(messages) < BATCH else ():
                del left[done]
            if silent > PATIENCE:
                name, partition = next(iter(left))
                raise DevkitError(f"{kafka.bootstrap} gives no more of {name}-{partition}")
    except KafkaException as error:
        raise DevkitError(f"{kafka.bootstrap}: {error.args[0]}") from error
    finally:
        consumer.close()


def _done(consumer: Consumer, left: Mapping[Place, int]) -> list[Place]:
    """Partitions read to their ends; by position, as the last offsets may hold no record."""
    places = [TopicPartition(*place) for place in left]
    return [
        (at.topic, at.partition)
        for at in consumer.position(places)
        if at.offset >= left[at.topic, at.partition]
    ]


def _is_of_the_group(message: Message) -> bool:
    """Whether the client only tells that it may not use the group, which it does not use."""
    error = message.error()
    return error is not None and error.code() == KafkaError.GROUP_AUTHORIZATION_FAILED


def _where(message: Message) -> tuple[Place, int]:
    if message.error():
        raise KafkaException(message.error())
    topic, partition, offset = message.topic(), message.partition(), message.offset()
    if topic is None or partition is None or offset is None:
        raise DevkitError("a record without a place")
    return (topic, partition), offset


def _settings() -> dict[str, str | bool]:
    return {
        # The client wants a name for a group; none is joined.
        "group.id": "efd-traffic",
        "enable.auto.commit": False,
        "auto.offset.reset": "error",
        "allow.auto.create.topics": False,
    }
