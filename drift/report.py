"""The differences for a person or for a program."""

import json
from collections.abc import Sequence
from itertools import groupby
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from drift.difference import Difference

_STYLES = {"changed": "bold red", "added": "yellow", "held": "yellow", "gone": "bold red"}
_NARROWEST = 140
"""Columns; a name that is cut cannot be copied."""


def table(found: Sequence[Difference], stream: TextIO) -> None:
    """Write the differences below the name of each object, coloured on a terminal."""
    console = Console(file=stream, highlight=False, soft_wrap=True)
    console.width = max(console.width, _NARROWEST)
    for name, ones in groupby(found, key=lambda one: one.resource.name):
        console.print(Text(name, style="bold"))
        rows = Table.grid(padding=(0, 2))
        for one in ones:
            rows.add_row("", Text(one.kind, style=_STYLES[one.kind]), *map(Text, _cells(one)))
        console.print(rows)
    objects = len({one.resource.urn for one in found})
    differ = "object differs" if objects == 1 else "objects differ"
    console.print(f"{objects} {differ} from what was deployed" if found else "no drift")


def _cells(one: Difference) -> tuple[str, ...]:
    if one.kind == "gone":
        return ("by whom, the audit log of the API server knows",)
    told = one.data
    values = f"{told['deployed']} → {told['found']}" if one.kind == "changed" else told["found"]
    return told["field"], values, f"by {told['manager'] or 'removal'}", told["since"]


def as_json(found: Sequence[Difference], stream: TextIO) -> None:
    """Write a list of objects."""
    json.dump([one.data for one in found], stream, indent=2)
    stream.write("\n")
