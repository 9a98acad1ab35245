"""A dashboard in few words, and the file that Chronograf reads (its 1.9.4, ``filestore``)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from efd_infra.manifests.dashboards.query import Databases, Query
from efd_infra.manifests.measurements.measurement import Writer

COLUMNS = 12
"""Of Chronograf's grid."""
_HEIGHT = 3
"""Of a row of cells, in rows of the grid."""

Kind = Literal["line", "line-stacked", "line-stepplot", "single-stat", "table"]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One figure of a dashboard."""

    name: str
    writer: Writer
    """Whose points it shows: where there is no such writer, there is no cell."""
    queries: tuple[Query, ...]
    kind: Kind = "line"
    unit: str = ""
    """Behind each number."""
    note: str = ""
    """What to make of it, where the name does not say."""


@dataclass(frozen=True, kw_only=True)
class Variable:
    """A word that whoever looks may change; in queries it stands between colons."""

    name: str
    label: str
    value: str
    """What it is at first."""

    def file(self) -> dict[str, Any]:
        """Return it as Chronograf reads it."""
        return {
            "id": self.name,
            "tempVar": f":{self.name}:",
            "type": "text",
            "label": self.label,
            "values": [{"type": "constant", "value": self.value, "selected": True}],
        }


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """Cells, row by row; those of a row are equally wide."""

    number: int
    """Its identity for Chronograf: above any that its own database hands out."""
    name: str
    rows: tuple[tuple[Cell, ...], ...]
    variables: tuple[Variable, ...] = ()

    def among(self, writers: frozenset[Writer]) -> "Dashboard | None":
        """Return the dashboard without cells that would stay empty; None without any left."""
        rows = (tuple(cell for cell in row if cell.writer in writers) for row in self.rows)
        kept = tuple(row for row in rows if row)
        return replace(self, rows=kept) if kept else None

    def file(self, databases: Databases, organization: str) -> str:
        """Return the text of a ``.dashboard`` file: one form only, sorted and indented."""
        board = {
            "id": self.number,
            "name": self.name,
            "organization": organization,
            "templates": [variable.file() for variable in self.variables],
            "cells": [*self._cells(databases)],
        }
        return normal_form(board)

    def _cells(self, databases: Databases) -> Iterator[dict[str, Any]]:
        for y, row in enumerate(self.rows):
            width = COLUMNS // len(row)
            for x, cell in enumerate(row):
                place = {"x": x * width, "y": y * _HEIGHT, "w": width, "h": _HEIGHT}
                identity = {"i": f"{self.number}-{y}-{x}"}
                yield identity | place | _cell(cell, databases)


def normal_form(board: dict[str, Any]) -> str:
    """Return a dashboard as text."""
    return json.dumps(board, indent=2, sort_keys=True) + "\n"


def _cell(cell: Cell, databases: Databases) -> dict[str, Any]:
    time = {"internalName": "time", "displayName": "", "visible": True}
    return {
        "name": cell.name,
        "type": cell.kind,
        "queries": [
            # Without a source it is whichever the page shows.
            {"query": query.text(databases), "source": "", "type": "influxql"}
            for query in cell.queries
        ],
        "axes": {
            "x": _axis(),
            "y": _axis(cell.unit),
            "y2": _axis(),
        },
        # The page's own.
        "colors": [],
        "legend": {},
        "tableOptions": {
            # A line for each series, the times beside each other.
            "verticalTimeAxis": cell.kind != "table",
            "sortBy": time,
            "wrapping": "truncate",
            "fixFirstColumn": True,
        },
        "fieldOptions": [time],
        "timeFormat": "YYYY-MM-DD HH:mm:ss",
        "decimalPlaces": {"isEnforced": True, "digits": 2},
        "note": cell.note,
        "noteVisibility": "default",
    }


def _axis(unit: str = "") -> dict[str, Any]:
    return {
        "bounds": ["", ""],
        "label": "",
        "prefix": "",
        "suffix": f" {unit}" if unit else "",
        "base": "2" if unit.startswith("B") else "10",
        "scale": "linear",
    }
