"""`python -m devkit.traffic`: records as the observatory makes them, and where they have gone."""

import argparse
import signal
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from devkit.errors import DevkitError
from devkit.progress import counted, say
from devkit.traffic import access, arrivals, observatory
from devkit.traffic.influx import Influx
from devkit.traffic.ledger import Ledger, LedgerWriter
from devkit.traffic.producer import Order, Producer
from devkit.traffic.registry import Registry
from devkit.traffic.topic import Topic


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m devkit.traffic", description=__doc__)
    verbs = top.add_subparsers(dest="command", required=True)
    _add_produce(verbs.add_parser("produce", help=_produce.__doc__))
    _add_check(verbs.add_parser("check", help=_check.__doc__))
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0, or 1 when something is wrong."""
    given = parser().parse_args(argv)
    try:
        return {"produce": _produce, "check": _check}[given.command](given)
    except DevkitError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _add_produce(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--bootstrap", required=True, help="brokers, host:port,…")
    verb.add_argument("--registry", required=True, help="URL of the Schema Registry")
    verb.add_argument("--ledger", required=True, type=Path, help="file to begin or to continue")
    verb.add_argument("--seed", type=int, default=1)
    verb.add_argument("--csc", nargs="+", default=observatory.CSCS, help="any name will do")
    verb.add_argument("--topics", default="*", help="of those CSCs, as `lsst.sal.*.logevent_*`")
    speed = verb.add_mutually_exclusive_group()
    speed.add_argument("--rate", type=float, help="records per second of all topics together")
    speed.add_argument("--load", type=float, default=1.0, help="times the rates of real life")
    speed.add_argument("--full-speed", action="store_true", help="as fast as possible")
    verb.add_argument("--duration", type=float, help="seconds; else until SIGTERM or Ctrl-C")
    verb.add_argument("--partitions", type=int, default=1)
    verb.add_argument("--replication", type=int, default=3)
    verb.add_argument("--acks", choices=("all", "1", "0"), default="all")
    verb.add_argument("--give-up", type=float, default=600.0, help="seconds to try one record")
    verb.add_argument("--user", default="", help="SCRAM-SHA-512 user")
    verb.add_argument("--password-file", type=Path)
    verb.add_argument("--ca", type=Path, help="certificate authority of the brokers")
    verb.add_argument("--registry-ca", type=Path, help="certificate authority of the registry")


def _add_check(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--influx", required=True, help="URL of InfluxDB")
    verb.add_argument("--ledger", required=True, type=Path, nargs="+")
    verb.add_argument("--database", default="efd")
    verb.add_argument("--policy", default="", help="retention policy, else the default one")
    verb.add_argument("--user", default="")
    verb.add_argument("--password-file", type=Path)
    verb.add_argument("--ca", type=Path)
    verb.add_argument("--separator", default="", help="between an array's name and the number")
    verb.add_argument("--wait", type=float, default=0.0, help="seconds for the last to arrive")


def _produce(given: argparse.Namespace) -> int:
    """Send records until the time is over or SIGTERM; the summary is one line of JSON."""
    stopped = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopped
        stopped = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
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
    kafka = access.Kafka(given.bootstrap, given.user, _secret(given.password_file), given.ca)
    registry = Registry(access.Web(given.registry, ca=given.registry_ca))
    ledger = LedgerWriter(given.ledger, given.seed, [topic.name for topic in topics])
    try:
        summary = Producer(kafka, registry, topics, ledger, order).run(lambda: stopped)
    finally:
        ledger.close()
    sys.stdout.write(f"{summary}\n")
    return 1 if summary.failed else 0


def _check(given: argparse.Namespace) -> int:
    """Compare what the brokers acknowledged with what is in InfluxDB."""
    web = access.Web(given.influx, given.user, _secret(given.password_file), given.ca)
    influx = Influx(web, given.database, given.policy)
    ledger = Ledger(given.ledger)
    if given.wait:
        with counted("arriving in InfluxDB", ledger.acknowledged) as show:
            found = arrivals.wait(influx, ledger, given.wait, given.separator, show)
    else:
        with counted("comparing", ledger.acknowledged) as show:
            found = arrivals.check(influx, ledger, given.separator, show)
    for line in found.lines():
        say(line)
    return 0 if found.complete else 1


def _topics(given: argparse.Namespace) -> Sequence[Topic]:
    topics = [
        topic for topic in observatory.topics(given.csc) if fnmatchcase(topic.name, given.topics)
    ]
    if not topics:
        raise DevkitError(f"no topic is named like {given.topics!r}", "mend --topics")
    if given.rate:
        return observatory.at_total_rate(topics, given.rate)
    return observatory.at_load(topics, given.load)


def _secret(path: Path | None) -> str:
    """A password from its file: arguments are seen by everybody on the machine."""
    return path.read_text(encoding="utf-8").strip() if path else ""


if __name__ == "__main__":
    sys.exit(main())
