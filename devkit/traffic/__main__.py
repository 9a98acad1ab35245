"""`python -m devkit.traffic`: records as the observatory makes them, and where they have gone."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from devkit.errors import exit_code
from devkit.traffic import commands, observatory, records


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m devkit.traffic", description=__doc__)
    verbs = top.add_subparsers(dest="command", required=True)
    for name, (command, arguments) in VERBS.items():
        verb = verbs.add_parser(name, help=command.__doc__)
        verb.set_defaults(run=command)
        for add in arguments:
            add(verb)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0, or 1 when something is wrong."""
    given = parser().parse_args(argv)
    return exit_code(lambda: int(given.run(given)), given.command)


def _access(verb: argparse.ArgumentParser, prefix: str = "", whose: str = "the server's") -> None:
    verb.add_argument(f"--{prefix}user", default="")
    verb.add_argument(f"--{prefix}password-file", type=Path)
    verb.add_argument(f"--{prefix}ca", type=Path, help=f"{whose} certificate authority")


def _own_access(verb: argparse.ArgumentParser) -> None:
    _access(verb)


def _bootstrap(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--bootstrap", required=True, help="brokers, host:port,…")


def _ledgers(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--ledger", required=True, type=Path, nargs="+")


def _influx(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--influx", required=True, help="URL of InfluxDB")
    verb.add_argument("--database", default="efd")
    verb.add_argument("--policy", default="", help="retention policy, else the default one")


def _produce(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--registry", required=True, help="URL of the Schema Registry")
    verb.add_argument("--registry-ca", type=Path, help="the registry's certificate authority")
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
    verb.add_argument("--acks", choices=("all", "1"), default="all")
    verb.add_argument("--give-up", type=float, default=600.0, help="seconds to try one record")


def _check(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--separator", default="", help="between an array's name and the number")
    verb.add_argument("--wait", type=float, default=0.0, help="seconds for the last to arrive")


def _watch(verb: argparse.ArgumentParser) -> None:
    _access(verb, "kafka-", "the brokers'")


def _compare(verb: argparse.ArgumentParser) -> None:
    for side in ("source", "target"):
        verb.add_argument(f"--{side}", required=True, help="brokers, host:port,…")
        verb.add_argument(f"--{side}-registry", help="URL, to compare schemas too")
        _access(verb, f"{side}-", "the brokers' and the registry's")
    verb.add_argument("--pattern", default=records.PATTERN, help="of whole topic names")


VERBS = {
    "produce": (commands.produce, (_bootstrap, _own_access, _produce)),
    "check": (commands.check, (_influx, _own_access, _ledgers, _check)),
    "check-kafka": (commands.check_kafka, (_bootstrap, _own_access, _ledgers)),
    "compare": (commands.compare, (_compare,)),
    "watch": (commands.watch, (_bootstrap, _influx, _own_access, _watch, _ledgers)),
}
"""Each command and who adds its arguments."""


if __name__ == "__main__":
    sys.exit(main())
