"""What a command tells: costs, sandboxes and addresses, for people and for programs."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from efd_infra.config.prices import PRICED_IN, hourly_costs
from efd_infra.config.site import Site
from sandbox.reaper import Verdict

_STYLES = {"alive": "green", "removed": "green", "failed": "bold red", "kept": "bold red"}
_OTHERWISE = "yellow"


def costs(site: Site, hours: float, stream: TextIO) -> None:
    """Write what the site is estimated to cost; one line where it costs nothing."""
    parts = hourly_costs(site)
    if not parts:
        stream.write("It runs on this machine and costs nothing.\n")
        return
    rows = Table("an hour, US dollars", "", box=None, pad_edge=False)
    for part in parts:
        rows.add_row(f"{part.dollars:.3f}", part.what)
    total = sum(part.dollars for part in parts)
    rows.add_row(f"{total:.2f}", f"at most; {total * hours:.2f} in {hours:g} hours")
    _console(stream).print(rows)
    stream.write(f"An estimate from list prices of {PRICED_IN}; traffic and logs come on top.\n")


def verdicts(found: Sequence[Verdict], stream: TextIO, *, as_json: bool) -> None:
    """Write one row for each sandbox."""
    if as_json:
        json.dump([verdict.data for verdict in found], stream, indent=2)
        stream.write("\n")
        return
    if not found:
        stream.write("there is no sandbox\n")
        return
    rows = Table("", "name", "owner", "end", "", box=None, pad_edge=False)
    for verdict in found:
        state = Text(verdict.state, style=_STYLES.get(verdict.state, _OTHERWISE))
        marks = verdict.marks
        until = f"{marks.end:%Y-%m-%d %H:%M} UTC" if marks else ""
        rows.add_row(state, verdict.name, marks.owner if marks else "", until, Text(verdict.told))
    _console(stream).print(rows)


def addresses(
    outputs: Mapping[str, Any], stack: str, authority: Path | None, stream: TextIO
) -> None:
    """Write where a sandbox answers, and how a producer outside gets in."""
    rows = Table("address", "", box=None, pad_edge=False)
    for name, value in sorted(outputs.items()):
        if isinstance(value, str) and name != "kafkaBootstrap":
            rows.add_row(name, Text(value))
    rows.add_row("in the cluster", Text(str(outputs["kafkaBootstrap"])))
    _console(stream).print(rows)
    brokers = outputs.get("kafkaExternalBrokers")
    if not brokers:
        stream.write("Brokers have no address outside: a producer must be a pod of the cluster.\n")
        return
    stream.write(
        "\nA producer outside:\n"
        f"  bootstrap.servers={outputs['kafkaExternalBootstrap']}\n"
        "  security.protocol=SASL_SSL\n"
        "  sasl.mechanism=SCRAM-SHA-512\n"
        f"{f'  ssl.ca.location={authority}' if authority else '  trusting its issuer'}\n"
        f"  names and passwords: pulumi stack output kafkaUsers --show-secrets --stack {stack}\n"
    )
    for host, address in zip(brokers, outputs.get("kafkaExternalAddresses") or (), strict=False):
        name = host.rpartition(":")[0]
        stream.write(f"  {address} {name}: in the DNS, or in /etc/hosts of the producer\n")


def _console(stream: TextIO) -> Console:
    return Console(file=stream, highlight=False, soft_wrap=True)
