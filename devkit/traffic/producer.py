"""A producer as ts_salkafka is one: its own topics and schemas, then records on time."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial

import confluent_kafka
from confluent_kafka import KafkaError, KafkaException, Message

from devkit.errors import DevkitError
from devkit.traffic.access import Kafka
from devkit.traffic.framing import frame
from devkit.traffic.ledger import UNTOLD, LedgerWriter
from devkit.traffic.recipe import Recipe
from devkit.traffic.registry import Registry
from devkit.traffic.schedule import Schedule
from devkit.traffic.stamps import DistinctStamps, now
from devkit.traffic.topic import Topic
from devkit.traffic.topics import Topics

TICK = 0.002
"""Seconds of the shortest sleep. A record may be this late, and its stamp says when it was sent."""

SHOW_EVERY = 0.2
"""Seconds after which readers of the ledger see an acknowledgement."""

TELL_EVERY = 10.0
"""Seconds between two lines about brokers that are away."""

SERVE_EVERY = 100
"""Records between two looks at acknowledgements when nothing is waited for."""


@dataclass(frozen=True)
class Order:
    """What a producer is to do."""

    seed: int = 1
    partitions: int = 1
    replication: int = 3
    acks: str = "all"
    duration: float | None = None
    """Seconds; without it, until stopped."""
    full_speed: bool = False
    """Send the schedule's records in their order without waiting for their times."""
    give_up: float = 600.0
    """Seconds to try one record, which outlasts a rolling restart of all brokers."""


@dataclass(frozen=True)
class Summary:
    """What a producer has done."""

    seconds: float
    """From the first record to the last acknowledgement."""
    acknowledged: int
    failed: int
    bytes: int
    """Of the values, framed."""
    late: float
    """Seconds the schedule was behind at the end."""

    def __str__(self) -> str:
        """One line of JSON."""
        rate = self.acknowledged / self.seconds if self.seconds else 0.0
        return json.dumps(asdict(self) | {"rate": rate})


class _Line:
    """What the producer knows about one topic."""

    def __init__(self, topic: Topic, seed: int, schema: int, last: tuple[int, int]) -> None:
        self.name = topic.name
        self.encode = Recipe(topic, seed).encode
        self.frame = frame(schema)
        self.sequence, latest = last
        self.stamps = DistinctStamps(latest)


class Producer:
    """Sends the records of some topics and enters them in a ledger when acknowledged."""

    def __init__(
        self,
        kafka: Kafka,
        registry: Registry,
        topics: Sequence[Topic],
        ledger: LedgerWriter,
        order: Order,
    ) -> None:
        """Register the schemas and create the topics."""
        self._order = order
        self._ledger = ledger
        self._topics = topics
        nothing = (0, 0)
        before = ledger.before.topics
        self._lines = [
            _Line(
                topic,
                order.seed,
                registry.register(topic),
                before[topic.name].last if topic.name in before else nothing,
            )
            for topic in topics
        ]
        names = [topic.name for topic in topics]
        Topics(kafka).create(names, order.partitions, order.replication)
        settings = kafka.settings | _settings(order) | {"error_cb": self._trouble}
        self._kafka = confluent_kafka.Producer(settings)
        self._told = 0.0
        self.acknowledged = 0
        self.failed = 0
        self._bytes = 0
        self._shown = 0.0

    def run(self, stopped: Callable[[], bool]) -> Summary:
        """Send until stopped or the time is over; then wait for every acknowledgement."""
        schedule = Schedule(self._topics, self._order.seed)
        limit = float("inf") if self._order.duration is None else self._order.duration
        started = time.monotonic()
        count = 0
        late = 0.0
        while not stopped():
            passed = time.monotonic() - started
            if passed >= limit:
                break
            due, index = schedule.next
            if due > passed and not self._order.full_speed:
                self._kafka.poll(min(max(due - passed, TICK), SHOW_EVERY))
                self._show(passed)
                continue
            late = passed - due
            if not self._send(index, stopped):
                break
            schedule.advance()
            count += 1
            if count % SERVE_EVERY == 0:
                self._kafka.poll(0)
                self._show(passed)
        self._finish()
        seconds = time.monotonic() - started
        behind = 0.0 if self._order.full_speed else max(late, 0.0)
        return Summary(seconds, self.acknowledged, self.failed, self._bytes, behind)

    def _send(self, index: int, stopped: Callable[[], bool]) -> bool:
        """Hand one record to the client; False when stopped while its queue was full."""
        line = self._lines[index]
        while True:
            sequence = line.sequence + 1
            efd = line.stamps.next()
            value = line.frame + line.encode(sequence, efd)
            done = partial(self._delivered, index, sequence, efd, now())
            try:
                self._kafka.produce(line.name, value, on_delivery=done)
            except BufferError:
                self._kafka.poll(SHOW_EVERY)
                self._ledger.flush()
                if stopped():
                    return False
            except KafkaException as error:
                self._finish()
                raise DevkitError(f"the producer cannot go on: {error.args[0]}") from error
            else:
                line.sequence = sequence
                self._bytes += len(value)
                return True

    def _delivered(  # noqa: PLR0913, PLR0917 - what a ledger line holds, then librdkafka's two
        self,
        index: int,
        sequence: int,
        efd: int,
        produced: int,
        error: KafkaError | None,
        message: Message,
    ) -> None:
        if error is not None:
            self.failed += 1
            self._ledger.failed(index, sequence, efd, error.name())
            return
        self.acknowledged += 1
        # Zero is an offset; none is told for a record that a broker had when it was sent again.
        offset = message.offset()
        place = message.partition() or 0, UNTOLD if offset is None else offset
        self._ledger.acknowledged(index, sequence, efd, *place, produced, now())

    def _trouble(self, error: KafkaError) -> None:
        """Say now and then what the client meets; it tries again by itself."""
        if time.monotonic() - self._told > TELL_EVERY:
            self._told = time.monotonic()
            sys.stderr.write(f"Kafka: {error.str()}\n")

    def _show(self, passed: float) -> None:
        if passed - self._shown >= SHOW_EVERY:
            self._shown = passed
            self._ledger.flush()

    def _finish(self) -> None:
        """Wait until each record is acknowledged or given up."""
        while self._kafka.flush(1.0):
            self._ledger.flush()
        self._ledger.flush()


def _settings(order: Order) -> dict[str, str | int | bool]:
    """Settings of librdkafka: nothing is lost, doubled or reordered while brokers restart."""
    return {
        "acks": order.acks,
        # Idempotence needs every replica's word.
        "enable.idempotence": order.acks == "all",
        "linger.ms": 5,
        "compression.type": "lz4",
        "queue.buffering.max.messages": 100_000,
        "queue.buffering.max.kbytes": 128 * 1024,
        "message.timeout.ms": int(order.give_up * 1000),
        "retry.backoff.max.ms": 1000,
        "topic.metadata.refresh.interval.ms": 10_000,
    }
