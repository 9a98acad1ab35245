"""The findings for a person or for a program."""

import json
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from verify.finding import UNASKED, Finding, UnaskedError, exit_code

_STYLES = {"right": "green", "wrong": "bold red", "unasked": "yellow"}


def tell(ask: Callable[[], Sequence[Finding]], *, as_json: bool) -> int:
    """Print what is found, or why nothing could be; return the exit code.

    For people one row for each finding, coloured on a terminal; else a list of objects.
    """
    try:
        found = list(ask())
    except UnaskedError as error:
        sys.stderr.write(f"error: {error}\n")
        return UNASKED
    (_as_json if as_json else _table)(found, sys.stdout)
    return exit_code(found)


def _table(findings: Sequence[Finding], stream: TextIO) -> None:
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


def _as_json(findings: Sequence[Finding], stream: TextIO) -> None:
    json.dump([finding.data for finding in findings], stream, indent=2)
    stream.write("\n")
