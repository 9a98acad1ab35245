"""A backlog that one worker reads: how long, with how much of a processor and of memory."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from devkit.errors import DevkitError
from efd_infra.config.parsing import parse_site
from efd_infra.config.site import Site
from tests.bench.aggregator.load import SCHEMA, Load
from tests.bench.aggregator.reading import Reading
from tests.support.aggregator_worker import (
    Aggregation,
    AggregatorWorker,
    aggregation,
    registries,
)
from tests.support.full_site import changed, full_site
from tests.support.registry_stand_in import registry_stand_in

_PATIENCE = 900
"""Seconds for the whole backlog, which takes less than one on two quiet cores."""
_GRACE = 10
_HEAP = "1g"
"""As a site gives its workers unless it says otherwise."""


def _site() -> Site:
    """Return a site whose workers have the program's defaults, and one thread."""
    site = full_site()
    for key, value in {
        "topics": r"lsst\.sal\.Bench\..*",
        "timestamp": "private_efdStamp",
        "window": "1s",
        "grace": f"{_GRACE}s",
        "minSamples": 2,
        "threads": 1,
    }.items():
        site = changed(site, f"streaming.aggregation.{key}", value)
    return parse_site(site)


@dataclass(frozen=True)
class Backlog:
    """Records that wait for the first worker."""

    folder: Path
    load: Load

    def read(self) -> Reading:
        """Write the backlog, start a worker, and measure until all windows are there."""
        with (
            registry_stand_in() as records,
            registry_stand_in() as aggregates,
            aggregation(
                self.folder, _site(), registries(records.url, aggregates.url), _HEAP
            ) as here,
        ):
            self._write(here, records.add(SCHEMA))
            return self._measure(here)

    def _write(self, here: Aggregation, schema: int) -> None:
        producer = Producer({"bootstrap.servers": here.broker.bootstrap, "linger.ms": 50})
        admin = AdminClient({"bootstrap.servers": here.broker.bootstrap})
        made = admin.create_topics([NewTopic(name, 1, 1) for name in self.load.names])
        for done in made.values():
            done.result(timeout=30)
        values = list(self.load.values(schema, float(int(time.time()) - 3000)))
        for name in self.load.names:
            for value in values:
                producer.produce(name, value)
            # No more than a topic's records are on their way: librdkafka refuses more than 100,000.
            if producer.flush(120):
                raise DevkitError("the backlog could not be written", "look at the broker's log")

    def _measure(self, here: Aggregation) -> Reading:
        with self._written(here) as written:
            began = time.monotonic()
            with here.worker("worker") as worker:
                return self._watched(worker, written, began)

    def _watched(self, worker: AggregatorWorker, written: Iterator[int], began: float) -> Reading:
        running, processor = time.monotonic(), _metric(worker, "process_cpu_seconds_total")
        wanted, count = self.load.topics * (self.load.seconds - _GRACE - 1), 0
        for count in written:
            if count >= wanted:
                break
            if time.monotonic() > running + _PATIENCE:
                raise DevkitError(
                    f"the backlog was not read within {_PATIENCE} s", "give it fewer records"
                )
        ended = time.monotonic()
        return Reading(
            self.load.count,
            count,
            running - began,
            ended - running,
            _metric(worker, "process_cpu_seconds_total") - processor,
            _metric(worker, "process_resident_memory_bytes") / 2**20,
        )

    @contextmanager
    def _written(self, here: Aggregation) -> Iterator[Iterator[int]]:
        """Give, again and again, how many windows are committed."""
        settings = {"bootstrap.servers": here.broker.bootstrap, "group.id": "bench"}
        consumer = Consumer({**settings, "isolation.level": "read_committed"})
        # As at a site that has run before: a worker makes a new topic by itself, in some 30 ms.
        names = [f"{name}-aggregated" for name in self.load.names]
        admin = AdminClient({"bootstrap.servers": here.broker.bootstrap})
        made = admin.create_topics([NewTopic(name, 1, 1) for name in names])
        for done in made.values():
            done.result(timeout=30)
        consumer.assign([TopicPartition(name, 0, 0) for name in names])
        try:
            yield _counts(consumer)
        finally:
            consumer.close()


def _counts(consumer: Consumer) -> Iterator[int]:
    count = 0
    while True:
        count += sum(each.error() is None for each in consumer.consume(500, timeout=0.5))
        yield count


def _metric(worker: AggregatorWorker, name: str) -> float:
    """Return what the exporter says of the worker's process."""
    (line,) = [each for each in worker.metrics() if each.startswith(name)]
    return float(line.split()[-1])
