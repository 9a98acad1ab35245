"""What each command of `python -m devkit.traffic` does."""

import argparse
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from devkit.errors import DevkitError
from devkit.progress import counted, say, step
from devkit.signals import stopped_by_signal
from devkit.traffic import access, arrivals, kept, latency, observatory, records, sources, table
from devkit.traffic.influx import Influx
from devkit.traffic.latency import Watcher
from devkit.traffic.ledger import Ledger, LedgerWriter
from devkit.traffic.producer import Order, Producer
from devkit.traffic.registry import Registry
from devkit.traffic.topic import Topic


def produce(given: argparse.Namespace) -> int:
    """Send records until the time is over or SIGTERM; the summary is one line of JSON."""
    stopped = stopped_by_signal()
    topics = _topics(given)
    order = Order(
        seed=given.seed,
        partitions=given.partitions,
        replication=given.replication,
        acks=given.acks,
        duration=given.duration,
        full_speed=given.full_speed,
        give_up=given.give_up,
    )
    registry = Registry(access.Web(given.registry, ca=given.registry_ca))
    ledger = LedgerWriter(given.ledger, given.seed, [topic.name for topic in topics])
    try:
        summary = Producer(_kafka(given), registry, topics, ledger, order).run(stopped)
    finally:
        ledger.close()
    sys.stdout.write(f"{summary}\n")
    return 1 if summary.failed else 0


def check(given: argparse.Namespace) -> int:
    """Compare what the brokers acknowledged with what is in InfluxDB."""
    influx, ledger = _influx(given), Ledger(given.ledger)
    if given.wait:
        with counted("arriving in InfluxDB", ledger.acknowledged) as show:
            found = arrivals.wait(influx, ledger, given.wait, given.separator, show)
    else:
        with counted("comparing", ledger.acknowledged) as show:
            found = arrivals.check(influx, ledger, given.separator, show)
    for line in found.lines():
        say(line)
    return 0 if found.complete else 1


def check_kafka(given: argparse.Namespace) -> int:
    """Compare what the brokers acknowledged with what they hold, byte for byte."""
    with step("reading Kafka"):
        found = kept.check(_kafka(given), Ledger(given.ledger))
    for line in found.lines():
        say(line)
    return 0 if found.complete else 1


def compare(given: argparse.Namespace) -> int:
    """Compare all records, topics and schemas of two clusters."""
    source, target = (
        access.Kafka(
            getattr(given, side),
            getattr(given, f"{side}_user"),
            _secret(getattr(given, f"{side}_password_file")),
            getattr(given, f"{side}_ca"),
        )
        for side in ("source", "target")
    )
    registries = None
    if given.source_registry and given.target_registry:
        registries = (
            Registry(access.Web(given.source_registry, ca=given.source_ca)),
            Registry(access.Web(given.target_registry, ca=given.target_ca)),
        )
    with step("reading both clusters"):
        found = records.compare(source, target, registries, given.pattern)
    for line in found.lines():
        say(line)
    return 0 if found.equal else 1


def watch(given: argparse.Namespace) -> int:
    """Show what is where until SIGTERM or Ctrl-C, then latency and rates."""
    stopped = stopped_by_signal()
    influx, ledger = _influx(given), Ledger(given.ledger)
    kafka = access.Kafka(
        given.bootstrap, given.kafka_user, _secret(given.kafka_password_file), given.kafka_ca
    )
    # A session of requests belongs to one thread.
    with Watcher(latency.newest_of(_influx(given), lambda: list(ledger.topics))) as watcher:
        table.show(sources.real(ledger, kafka, influx, watcher), stopped)
    ledger.refresh()
    say(str(latency.latency(ledger, watcher.looks)))
    say(f"produced {latency.produced_rate(ledger).per_second:,.0f} records a second")
    say(f"arrived {latency.filled_rate(ledger, watcher.looks).per_second:,.0f} records a second")
    return 0


def _topics(given: argparse.Namespace) -> Sequence[Topic]:
    topics = [
        topic for topic in observatory.topics(given.csc) if fnmatchcase(topic.name, given.topics)
    ]
    if not topics:
        raise DevkitError(f"no topic is named like {given.topics!r}", "mend --topics")
    if given.rate:
        return observatory.at_total_rate(topics, given.rate)
    return observatory.at_load(topics, given.load)


def _kafka(given: argparse.Namespace) -> access.Kafka:
    return access.Kafka(given.bootstrap, given.user, _secret(given.password_file), given.ca)


def _influx(given: argparse.Namespace) -> Influx:
    web = access.Web(given.influx, given.user, _secret(given.password_file), given.ca)
    return Influx(web, given.database, given.policy)


def _secret(path: Path | None) -> str:
    """A password from its file: arguments are seen by everybody on the machine."""
    return path.read_text(encoding="utf-8").strip() if path else ""
