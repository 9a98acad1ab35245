"""What a client is told that brokers do not let in."""

from collections.abc import Iterator
from typing import Any

from confluent_kafka import KafkaError
from confluent_kafka.admin import AdminClient


def refusals(settings: dict[str, Any]) -> Iterator[KafkaError]:
    """Yield what a client is told that tries for a while."""
    errors: list[KafkaError] = []
    listening: Any = settings | {"error_cb": errors.append, "logger": quiet}
    client = AdminClient(listening)
    for _ in range(20):
        client.poll(0.25)
        yield from errors
        errors.clear()


def quiet(*_: object) -> None:
    """Take the place of a logger: what a client would print is asked for."""
