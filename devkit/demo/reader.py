"""A consumer outside the cluster: new records as they come, each with the registry's schema."""

import io
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from confluent_kafka import OFFSET_END, Consumer, KafkaException, TopicPartition
from fastavro import parse_schema, schemaless_reader

from devkit.errors import DevkitError
from devkit.traffic.access import Kafka
from devkit.traffic.framing import SIZE, schema_of
from devkit.traffic.registry import Registry
from devkit.traffic.topics import Topics

PATTERN = r"lsst\.sal\..*"

PATIENCE = 30.0
"""Seconds for the next record to come."""


@dataclass(frozen=True)
class Record:
    """One record and what its schema made of it."""

    topic: str
    schema: int
    """Id in the registry."""
    fields: Mapping[str, Any]

    def __str__(self) -> str:
        """One line: when, which topic, which number, then the payload."""
        stamp = datetime.fromtimestamp(self.fields["private_efdStamp"], UTC)
        payload = (
            f"{name}={text(value)}"
            for name, value in self.fields.items()
            if not name.startswith("private_")
        )
        when = f"{stamp:%H:%M:%S}.{stamp.microsecond // 1000:03d}"
        number = f"#{self.fields['private_seqNum']}"
        return " ".join([when, self.topic.removeprefix("lsst.sal."), number, *payload])


class Reader:
    """A user of the brokers who reads on from now."""

    def __init__(self, kafka: Kafka, registry: Registry) -> None:
        """Take all topics of the observatory from their ends, without joining a group."""
        self._registry = registry
        self._kafka = kafka
        self._trouble = ""
        self._schemas: dict[int, Any] = {}
        there = Topics(kafka).partitions(PATTERN)
        self._consumer = Consumer(kafka.settings | _settings() | {"error_cb": self._note})
        self._consumer.assign(
            [TopicPartition(name, n, OFFSET_END) for name in there for n in range(there[name])]
        )
        self.topics = len(there)

    def records(self, number: int) -> Iterator[Record]:
        """So many records that are new."""
        left, silent_since = number, time.monotonic()
        try:
            while left > 0:
                message = self._consumer.poll(1.0)
                if message is None:
                    if time.monotonic() - silent_since > PATIENCE:
                        raise DevkitError(
                            f"no record came for {PATIENCE:.0f} s {self._trouble}".strip(),
                            "`make demo` starts the producer where it has ended",
                        )
                    continue
                if message.error():
                    raise DevkitError(f"{self._kafka.bootstrap}: {message.error()}")
                left, silent_since = left - 1, time.monotonic()
                yield self._decoded(message.topic() or "", message.value())
        except KafkaException as error:
            raise DevkitError(f"{self._kafka.bootstrap}: {error.args[0]}") from error
        finally:
            self._consumer.close()

    def _decoded(self, topic: str, value: bytes | None) -> Record:
        schema = schema_of(value)
        if schema is None or value is None:
            raise DevkitError(f"a record of {topic} does not say which schema it has")
        if schema not in self._schemas:
            self._schemas[schema] = parse_schema(self._registry.schema(schema))
        return Record(topic, schema, decode(value, self._schemas[schema]))

    def _note(self, error: Any) -> None:
        self._trouble = f"({error.str()})"


def decode(value: bytes, schema: Any) -> Mapping[str, Any]:
    """Fields of a framed record."""
    fields = schemaless_reader(io.BytesIO(value[SIZE:]), schema, None)
    if not isinstance(fields, dict):
        raise DevkitError("a record that has no fields")
    return fields


def text(value: Any) -> str:
    """A field's value, short and in one line."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{len(value)} values]"
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def _settings() -> dict[str, str | bool]:
    return {
        "group.id": "notebooks-demo",
        "enable.auto.commit": False,
        "allow.auto.create.topics": False,
        # The client's default, said aloud: the certificate must carry the broker's own name.
        "ssl.endpoint.identification.algorithm": "https",
    }
