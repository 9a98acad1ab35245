"""What the records of one topic look like as points of InfluxDB."""

import math
from operator import itemgetter
from typing import Any

from devkit.traffic.influx import Row
from devkit.traffic.recipe import VARIANTS, Recipe
from devkit.traffic.topic import HEADER, Kind

STAMPS = tuple(field.name for field in HEADER[:4])
VARYING = (*STAMPS, "private_seqNum")
"""Fields that no two records share."""

KINDS = {
    Kind.LONG: "integer",
    Kind.DOUBLE: "float",
    Kind.STRING: "string",
    Kind.BOOLEAN: "boolean",
}
"""InfluxDB's names of the types."""


def flat(record: dict[str, Any], separator: str = "") -> dict[str, Any]:
    """The fields of a record's point: elements of arrays are numbered, NaN is left out."""
    point: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, list):
            point |= {f"{name}{separator}{n}": each for n, each in enumerate(value)}
        else:
            point[name] = value
    return {name: value for name, value in point.items() if not _is_nan(value)}


def kinds(recipe: Recipe, separator: str = "") -> dict[str, str]:
    """InfluxDB's type of each field that a point of the topic may have."""
    types: dict[str, str] = {}
    for field in recipe.topic.fields:
        names = [f"{field.name}{separator}{n}" for n in range(field.length)] or [field.name]
        types |= dict.fromkeys(names, KINDS[field.kind])
    return types


class PointCheck:
    """Compares rows of one topic with the records they should be.

    A row is compared as a whole with what its payload's variant gives in the order of the columns.
    """

    def __init__(self, recipe: Recipe, columns: list[str], separator: str = "") -> None:
        """Prepare for rows with these columns, of which the first is the time."""
        self._recipe = recipe
        self._columns = columns
        self._separator = separator
        positions = {column: n for n, column in enumerate(columns)}
        self._complete = all(name in positions for name in VARYING)
        self._varying = [0, *(positions[name] for name in VARYING if name in positions)]
        self._get = itemgetter(*self._varying[1:]) if self._complete else None
        self._templates = [self._template(variant) for variant in range(VARIANTS)]

    def difference(self, row: Row, sequence: int, efd: int) -> str:
        """What is wrong with a row, empty when nothing is. Empties the row."""
        template = self._templates[sequence % VARIANTS]
        expected = (*self._recipe.stamps(sequence, efd), sequence)
        if self._get and template is not None and self._get(row) == expected:
            for position in self._varying:
                row[position] = None
            if row == template:
                return ""
            for position, value in zip(self._varying[1:], expected, strict=True):
                row[position] = value
        return self._explain(row, sequence, efd)

    def _template(self, variant: int) -> Row | None:
        """What the rows of a variant share; None when a field has no column to be in."""
        fields = flat(self._recipe.record(variant, 0), self._separator)
        if not fields.keys() <= set(self._columns):
            return None
        return [None if column in VARYING else fields.get(column) for column in self._columns]

    def _explain(self, row: Row, sequence: int, efd: int) -> str:
        wanted = flat(self._recipe.record(sequence, efd), self._separator)
        found = {
            column: value
            for column, value in zip(self._columns[1:], row[1:], strict=True)
            if value is not None
        }
        names = sorted(
            name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)
        )
        first = names[0] if names else "nothing"
        return (
            f"{len(names)} fields, first {first}: {found.get(first)!r} where {wanted.get(first)!r} "
            "was sent"
        )


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)
