"""What the end-to-end checks counted, for people and for machines."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One figure."""

    check: str
    """Number of the check, as in the README of these tests."""
    what: str
    value: float | str
    unit: str = ""
    aim: float | str | None = None
    """What was hoped for, or what is published elsewhere."""

    def cells(self) -> tuple[str, ...]:
        """Return the row as text."""
        return self.check, self.what, f"{_text(self.value)} {self.unit}".strip(), _text(self.aim)


@dataclass
class Report:
    """Every figure of one run."""

    rows: list[Row] = field(default_factory=list)

    def add(
        self,
        check: str,
        what: str,
        value: float | str,
        unit: str = "",
        aim: float | str | None = None,
    ) -> None:
        """Enter one figure."""
        self.rows.append(Row(check, what, value, unit, aim))

    @contextmanager
    def timed(self, check: str, what: str, aim: float | str | None = None) -> Iterator[None]:
        """Enter how many seconds the body took."""
        began = time.monotonic()
        yield
        self.add(check, what, round(time.monotonic() - began, 1), "s", aim)

    def table(self) -> str:
        """Return the report as a table."""
        table = Table("check", "what", "counted", "aim or published", box=None)
        for row in sorted(self.rows, key=lambda row: int(row.check)):
            table.add_row(*row.cells())
        shown = StringIO()
        Console(file=shown, width=120).print(table)
        return shown.getvalue()

    def write(self, path: Path) -> None:
        """Write the report as JSON."""
        path.write_text(json.dumps([asdict(row) for row in self.rows], indent=2) + "\n")


def _text(value: float | str | None) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
