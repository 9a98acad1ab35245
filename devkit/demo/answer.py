"""An answer of InfluxDB as aligned columns."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from devkit.traffic.influx import Series

ROWS = 500
"""Rows shown of one measurement; who wants more asks InfluxDB itself."""


def lines(answer: Iterable[Series], rows: int = ROWS) -> Iterator[str]:
    """Name, heading and rows of each measurement; one that comes in parts is one."""
    empty = True
    for (name, columns), parts in groupby(answer, key=lambda one: (one.name, one.columns)):
        if not empty:
            yield ""
        empty = False
        yield name
        found = [row for part in parts for row in part.rows]
        cells = [
            [text(column, value) for column, value in zip(columns, row, strict=True)]
            for row in found[:rows]
        ]
        yield from table(columns, cells)
        if len(found) > rows:
            yield f"… and {len(found) - rows:,} more rows: LIMIT asks for fewer"
    if empty:
        yield "InfluxDB has nothing to answer"


def text(column: str, value: Any) -> str:
    """One value in one line; InfluxDB's times are nanoseconds."""
    if value is None:
        return "-"
    if column == "time" and isinstance(value, int):
        whole, nanoseconds = divmod(value, 10**9)
        stamp = datetime.fromtimestamp(whole, UTC).strftime("%Y-%m-%d %H:%M:%S")
        return f"{stamp}.{nanoseconds // 1000:06d}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)[1:-1]
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as they need to be: the first to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(heading, *rows, strict=True)]
    for row in (heading, *rows):
        first, *rest = (
            cell.rjust(width) if n else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(["", first, *rest]).rstrip()
