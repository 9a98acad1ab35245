"""One connector under test, Kafka's own sink into a file, with its broker, worker and manager."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, Message, Producer

from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.config.values import Name
from tests.support.connect_worker import FILE_SINK, Worker
from tests.support.connector_manager import Manager
from tests.support.kafka_server import wait

SECTION = InfluxDbSinkSection(name=Name("file-sink"))
RUNNING = ["RUNNING", "RUNNING"]
FAILED = ["RUNNING", "FAILED"]


@dataclass(frozen=True)
class Cluster:
    """A broker and a worker."""

    bootstrap: str
    worker: Worker


@dataclass(frozen=True)
class Sink:
    """One connector with its manager."""

    topic: str
    folder: Path
    cluster: Cluster
    manager: Manager

    @property
    def config(self) -> dict[str, Any]:
        """What it should be, as a generator says it."""
        return {
            "name": SECTION.name,
            "connector.class": FILE_SINK,
            "tasks.max": 1,
            "topics": self.topic,
            "file": str(self.folder / "out"),
            "consumer.override.auto.offset.reset": "earliest",
        }

    @property
    def states(self) -> list[str]:
        """Of the connector and its task."""
        return self.cluster.worker.states(SECTION.name)

    @property
    def topics(self) -> str:
        """What it reads; nothing while the worker rebalances."""
        return str((self.ask("GET", "/config") or {}).get("topics", ""))

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask the worker about the connector, as somebody by hand would."""
        return self.cluster.worker.ask(method, f"/connectors/{SECTION.name}{path}", body)

    def send(self, *values: str) -> None:
        """Send records to its topic."""
        producer = Producer({"bootstrap.servers": self.cluster.bootstrap})
        for value in values:
            producer.produce(self.topic, value)
        assert producer.flush(30) == 0

    @property
    def written(self) -> list[str]:
        """What it has written."""
        out = self.folder / "out"
        return out.read_text().splitlines() if out.exists() else []

    def runs(self) -> None:
        """Wait until it is as it should be."""
        wait(lambda: self.states == RUNNING and self.manager.is_ready, "a running connector")


def read(cluster: Cluster, topic: str, count: int) -> list[Message]:
    """Return at least so many records of a topic."""
    consumer = Consumer(
        {
            "bootstrap.servers": cluster.bootstrap,
            "group.id": "reader",
            "auto.offset.reset": "earliest",
        }
    )
    consumer.subscribe([topic])
    letters: list[Message] = []

    def enough() -> bool:
        letters.extend(consumer.consume(9, 1))
        return len(letters) >= count

    wait(enough, "letters")
    consumer.close()
    return letters


def headers(letter: Message) -> list[tuple[str, bytes]]:
    """Return what a record says beside its value."""
    given: Any = letter.headers()
    return list(given)
