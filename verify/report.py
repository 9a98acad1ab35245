"""The findings for a person or for a program."""

import json
from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from verify.finding import Finding

_STYLES = {"right": "green", "wrong": "bold red", "unasked": "yellow"}


def table(findings: Sequence[Finding], stream: TextIO) -> None:
    """Write one row for each finding, coloured on a terminal."""
    console = Console(file=stream, highlight=False, soft_wrap=True)
    rows = Table("", "address", "question", box=None, pad_edge=False)
    rows.add_column("found", overflow="fold")
    for finding in findings:
        state = Text(finding.state, style=_STYLES[finding.state])
        rows.add_row(state, Text(finding.subject), finding.question, Text(finding.told))
    console.print(rows)
    wrong = [finding for finding in findings if finding.state == "wrong"]
    unasked = [finding for finding in findings if finding.state == "unasked"]
    console.print(f"\n{len(findings)} questions: {len(wrong)} wrong, {len(unasked)} not asked")
    for finding in (*wrong, *unasked):
        line = f"{finding.state}: {finding.subject}, {finding.question}: {finding.told}"
        console.print(Text(line, style=_STYLES[finding.state]))


def as_json(findings: Sequence[Finding], stream: TextIO) -> None:
    """Write a list of objects."""
    json.dump([finding.data for finding in findings], stream, indent=2)
    stream.write("\n")
