"""The producer, with a client that acknowledges what it is told to."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from confluent_kafka import KafkaError

from devkit.traffic import observatory, producer
from devkit.traffic.access import Kafka
from devkit.traffic.framing import schema_of
from devkit.traffic.ledger import Ledger, LedgerWriter
from devkit.traffic.producer import Order, Producer, Summary
from devkit.traffic.recipe import Recipe
from devkit.traffic.registry import Registry
from devkit.traffic.topic import Topic

TOPICS = observatory.at_load(observatory.topics(["ATDome"]), 100)


class FakeMessage:
    """A record with an offset."""

    def __init__(self, offset: int) -> None:
        """Lie at this offset."""
        self.offset = lambda: offset
        self.partition = lambda: 0


class FakeClient:
    """Holds five records, then is full until it is polled; every tenth record fails."""

    def __init__(self, settings: dict[str, Any]) -> None:
        """Take any settings."""
        self.settings = settings
        self.sent: list[tuple[str, bytes]] = []
        self._waiting: list[tuple[int, Callable[..., None]]] = []

    def produce(self, topic: str, value: bytes, on_delivery: Callable[..., None]) -> None:
        """Keep the record."""
        if len(self._waiting) >= 5:
            raise BufferError
        self._waiting.append((len(self.sent), on_delivery))
        self.sent.append((topic, value))

    def poll(self, _timeout: float) -> int:
        """Acknowledge what waits."""
        for number, done in self._waiting:
            failed = number % 10 == 9
            done(KafkaError(KafkaError._MSG_TIMED_OUT) if failed else None, FakeMessage(number))  # noqa: SLF001
        self._waiting = []
        return 0

    def flush(self, timeout: float) -> int:
        """Acknowledge what waits."""
        return self.poll(timeout)


class FakeRegistry:
    """Knows every schema."""

    def register(self, _topic: Topic) -> int:
        """Give the one id."""
        return 42


class FakeTopics:
    """Creates nothing."""

    def __init__(self, kafka: Kafka) -> None:
        """Take any cluster."""

    def create(self, names: list[str], _partitions: int, _replication: int) -> int:
        """Say how many."""
        return len(names)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> list[FakeClient]:
    made: list[FakeClient] = []

    def make(settings: dict[str, Any]) -> FakeClient:
        made.append(FakeClient(settings))
        return made[-1]

    monkeypatch.setattr("confluent_kafka.Producer", make)
    monkeypatch.setattr(producer, "Topics", FakeTopics)
    return made


def run(path: Path, order: Order, count: int) -> Summary:
    left = iter(range(count))
    ledger = LedgerWriter(path, order.seed, [topic.name for topic in TOPICS])
    made = Producer(Kafka("127.0.0.1:1"), cast("Registry", FakeRegistry()), TOPICS, ledger, order)
    summary = made.run(lambda: next(left, None) is None)
    ledger.close()
    return summary


def test_the_ledger_holds_what_was_acknowledged_and_only_that(
    client: list[FakeClient], tmp_path: Path
) -> None:
    summary = run(tmp_path / "ledger", Order(seed=3, full_speed=True), 200)
    ledger = Ledger([tmp_path / "ledger"])
    (fake,) = client
    assert summary.acknowledged == ledger.acknowledged > 100
    assert summary.failed == ledger.failed == len(fake.sent) // 10
    for name, entries in ledger.topics.items():
        recipe = Recipe(observatory.topic(name), 3)
        for sequence, efd, offset in zip(
            entries.sequence, entries.efd, entries.offset, strict=True
        ):
            topic, value = fake.sent[offset]
            assert topic == name
            assert schema_of(value) == 42
            assert value[5:] == recipe.encode(sequence, efd)


def test_a_continued_ledger_continues_the_numbers(client: list[FakeClient], tmp_path: Path) -> None:
    for _ in range(2):
        run(tmp_path / "ledger", Order(full_speed=True), 100)
    for entries in Ledger([tmp_path / "ledger"]).topics.values():
        assert len(set(entries.sequence)) == len(entries)
        assert len(set(entries.efd)) == len(entries)
    assert len(client) == 2


def test_records_come_on_time(client: list[FakeClient], tmp_path: Path) -> None:
    summary = run(tmp_path / "ledger", Order(duration=0.3), 10**9)
    expected = 0.3 * sum(topic.rate for topic in TOPICS)
    assert len(client[0].sent) == pytest.approx(expected, rel=0.4)
    assert json.loads(str(summary))["failed"] == summary.failed


@pytest.mark.parametrize(("acks", "idempotent"), [("all", True), ("1", False)])
def test_records_are_neither_doubled_nor_reordered_where_that_is_possible(
    client: list[FakeClient], tmp_path: Path, acks: str, *, idempotent: bool
) -> None:
    run(tmp_path / "ledger", Order(acks=acks, full_speed=True), 1)
    assert client[0].settings["enable.idempotence"] is idempotent
    assert client[0].settings["acks"] == acks


def test_a_user_with_a_certificate_authority_is_asked_over_tls() -> None:
    settings = Kafka("a:1", "sal", "secret", Path("/ca.pem")).settings
    assert settings["security.protocol"] == "SASL_SSL"
    assert settings["sasl.mechanism"] == "SCRAM-SHA-512"
    assert Kafka("a:1", "sal", "secret").settings["security.protocol"] == "SASL_PLAINTEXT"
    assert Kafka("a:1").settings["security.protocol"] == "PLAINTEXT"
