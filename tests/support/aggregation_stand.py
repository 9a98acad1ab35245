"""A broker with the aggregator's workers and both registries, and what is sent and found there."""

import io
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fastavro
import pytest
from confluent_kafka import Consumer, Message, Producer, TopicPartition

from efd_infra.config.parsing import parse_site
from tests.support.aggregator_worker import Aggregation, aggregation, registries
from tests.support.full_site import changed, full_site
from tests.support.kafka_server import wait
from tests.support.registry_stand_in import RegistryStandIn, registry_stand_in
from tests.support.sal_records import ARRAYS, EXACT_ARRAYS, Due, framed, sal_schema

GRACE = 2
"""Seconds."""


def _site() -> dict[str, Any]:
    site = full_site()
    for key, value in {
        "topics": r"lsst\.sal\..*",
        "excluded": r"lsst\.sal\.Excluded\..*",
        "timestamp": "private_efdStamp",
        "window": "1s",
        "grace": f"{GRACE}s",
        "minSamples": 2,
        "checkInterval": "1s",
        "threads": 1,
    }.items():
        site = changed(site, f"streaming.aggregation.{key}", value)
    return changed(site, "streaming.connectors.0.topics", r"lsst\.sal\.A.*")


SITE = parse_site(_site())

SCHEMA = sal_schema(
    "MTMount_azimuth",
    position="double",
    steps="int",
    forces=ARRAYS,
    moments=EXACT_ARRAYS,
    maybe=["null", "double"],
    name="string",
)
DOME = sal_schema("ATDome_position", salIndex="long", position="double")


@dataclass(frozen=True)
class Stand:
    """A broker with workers, and both registries."""

    aggregation: Aggregation
    records: RegistryStandIn
    aggregates: RegistryStandIn
    base: int

    def send(self, topic: str, schema: dict[str, Any], *records: Mapping[str, Any]) -> None:
        """Send records, as they come."""
        number = self.records.add(schema)
        self.send_bytes(topic, *(framed(number, schema, each) for each in records))

    def send_bytes(self, topic: str, *values: bytes | None) -> None:
        """Send values as they are."""
        producer = Producer({"bootstrap.servers": self.aggregation.broker.bootstrap})
        for value in values:
            producer.produce(topic, value)
        assert producer.flush(30) == 0

    def read(self, topic: str) -> list[Message]:
        """Return what is committed in a topic, so far."""
        settings = {"bootstrap.servers": self.aggregation.broker.bootstrap, "group.id": "test"}
        consumer = Consumer({**settings, "isolation.level": "read_committed"})
        try:
            place = TopicPartition(topic, 0, 0)
            if topic not in consumer.list_topics(timeout=10).topics:
                return []
            consumer.assign([place])
            found: list[Message] = []
            while some := consumer.consume(1000, timeout=0.7):
                found += [message for message in some if message.error() is None]
            return found
        finally:
            consumer.close()

    def statistics(self, topic: str) -> list[dict[str, Any]]:
        """Return the aggregates of a topic, in the order in which they were written."""
        return [self._decoded(message) for message in self.read(f"{topic}-aggregated")]

    def _decoded(self, message: Message) -> dict[str, Any]:
        value = message.value()
        assert value is not None
        schema = self.aggregates.schemas[int.from_bytes(value[1:5], "big")]
        decoded: Any = fastavro.schemaless_reader(
            io.BytesIO(value[5:]), fastavro.parse_schema(schema), None
        )
        return dict(decoded)

    def deleted(self, topic: str) -> int:
        """Return how many records have been deleted from a topic."""
        settings = {"bootstrap.servers": self.aggregation.broker.bootstrap, "group.id": "test"}
        consumer = Consumer(settings)
        parts = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        places = [TopicPartition(topic, part) for part in parts]
        first = sum(consumer.get_watermark_offsets(each, timeout=30)[0] for each in places)
        consumer.close()
        return first

    def waits_for(self, topic: str, count: int) -> list[dict[str, Any]]:
        """Return the aggregates of a topic once there are so many."""
        wait(lambda: len(self.statistics(topic)) >= count, f"{count} aggregates of {topic}")
        return self.statistics(topic)


@contextmanager
def aggregation_stand(folder: Path, base: int) -> Iterator[Stand]:
    """Run all but the workers; records begin at ``base``, in seconds since 1970."""
    with (
        registry_stand_in() as records,
        registry_stand_in() as aggregates,
        aggregation(
            folder,
            SITE,
            registries(records.url, aggregates.url),
            aggregator_closes_after_ms="12000",  # longer than a dead worker is missed
            session_timeout_ms="6000",
        ) as here,
    ):
        yield Stand(here, records, aggregates, base)


def assert_equal(found: list[dict[str, Any]], expected: dict[tuple[float, Any], Due]) -> None:
    """Compare what was found with what is due."""
    windows = [(each["private_efdStamp"], each.get("salIndex")) for each in found]
    assert sorted(windows, key=str) == sorted(expected, key=str), "each window once"
    for each in found:
        wanted = expected[each["private_efdStamp"], each.get("salIndex")]
        assert each["count"] == wanted.count
        assert each["window_size"] == 1
        assert each["time"].timestamp() == each["private_efdStamp"]
        for name, value in wanted.values.items():
            assert each[name] == pytest.approx(value, rel=1e-12, abs=1e-12), name


def noise(base: float, rate: int, seconds: int, **fixed: Any) -> list[dict[str, Any]]:
    """Return records of many kinds of fields, the same each time."""
    dice = random.Random(17)  # noqa: S311 -- the same each time
    return [
        {
            "private_efdStamp": base + n / rate,
            "position": dice.gauss(0, 100),
            "steps": dice.randrange(1000),
            "forces": [float(dice.randrange(99)) / 4 for _ in range(3)],
            "moments": [dice.gauss(0, 1000) for _ in range(3)],
            "maybe": dice.choice([None, 2.5]),
            "name": "x",
            **fixed,
        }
        for n in range(rate * seconds)
    ]


def dome(base: float, count: int) -> list[dict[str, Any]]:
    """Return records of one instance, four in a second, and a later one that closes all windows."""
    times = [*(base + n / 4 for n in range(count)), base + count / 4 + 10]
    return [
        {"private_efdStamp": each, "salIndex": 1, "position": n / 3} for n, each in enumerate(times)
    ]
