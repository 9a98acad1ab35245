"""What the data facility has of the records of one CSC, in each place where it keeps something."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import fastavro
from confluent_kafka import Message

from devkit.traffic.access import Kafka
from devkit.traffic.reading import records
from devkit.traffic.registry import Registry
from devkit.traffic.topics import Topics
from tests.e2e.stand import Stand
from tests.support.postgresql_server import PostgreSql
from tests.support.windows import Numbers, read

PREFIX = 5
"""Bytes before a record: zero, and the schema's id."""
NANO = 10**9


@dataclass(frozen=True)
class Facility:
    """The small data facility, with whoever has its consolidated database."""

    stand: Stand
    database: PostgreSql

    @property
    def kafka(self) -> Kafka:
        """Someone outside who may read topics."""
        return self.stand.outside("notebooks")

    def raw(self, topic: str) -> list[dict[str, Any]]:
        """Return the mirrored records of a topic."""
        return list(self._decoded(topic, self.stand.registry))

    def aggregated(self, topic: str) -> list[tuple[int, Numbers]]:
        """Return what is committed in the topic of statistics, in its order."""
        return read(self._decoded(f"{topic}-aggregated", self.stand.aggregated_registry))

    def points(self, topic: str) -> list[tuple[int, Numbers]]:
        """Return the points of InfluxDB; a point's time must be that of its window."""
        influx = self.stand.influx_as_admin("aggregates")
        found: list[dict[str, Any]] = []
        for series in influx.query(f'SELECT * FROM "{topic}-aggregated"'):  # noqa: S608 -- ours
            found += (dict(zip(series.columns, row, strict=True)) for row in series.rows)
        return _at_their_time(found, lambda time: int(time) / NANO)

    def rows(self, topic: str) -> list[tuple[int, Numbers]]:
        """Return the rows of the consolidated database; none while there is no table."""
        table = topic.removeprefix("lsst.sal.").replace(".", "_").lower()
        if self.database.query(f"SELECT to_regclass('{table}') AS t") == [{"t": "NULL"}]:
            return []
        query = f"SELECT extract(epoch FROM time) AS epoch, * FROM {table}"  # noqa: S608 -- ours
        found = [{k: _value(v) for k, v in row.items()} for row in self.database.query(query)]
        for row in found:
            row["time"] = row.pop("epoch")
        return _at_their_time(found, float)

    def _decoded(self, topic: str, registry: Registry) -> Iterator[dict[str, Any]]:
        schemas: dict[int, Any] = {}
        for message in self._messages(topic):
            value = message.value()
            assert isinstance(value, bytes)
            number = int.from_bytes(value[1:PREFIX], "big")
            if number not in schemas:
                schemas[number] = fastavro.parse_schema(registry.schema(number))
            decoded: Any = fastavro.schemaless_reader(
                io.BytesIO(value[PREFIX:]), schemas[number], None
            )
            yield decoded

    def _messages(self, topic: str) -> Iterable[Message]:
        topics = Topics(self.kafka)
        places = [
            (name, n) for name, count in topics.partitions(topic).items() for n in range(count)
        ]
        return (message for _, message in records(self.kafka, topics.spans(places)))


def _at_their_time(
    found: list[dict[str, Any]], seconds: Callable[[Any], float]
) -> list[tuple[int, Numbers]]:
    for row in found:
        lower = {name.lower(): value for name, value in row.items()}
        assert seconds(lower["time"]) == lower["private_efdstamp"]
    return read(found)


def _value(text: str) -> Any:
    """Return what PostgreSQL wrote: a number, an array of numbers, a time, or nothing."""
    if text.startswith("{"):
        return [_value(each) for each in text[1:-1].split(",")]
    try:
        return None if text == "NULL" else float(text)
    except ValueError:
        return text
