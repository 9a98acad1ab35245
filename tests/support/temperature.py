"""Twenty records of one topic, and the points that they are when all is well."""

import json
from array import array
from typing import Any

from devkit.traffic import observatory, points
from devkit.traffic.influx import Series
from devkit.traffic.ledger import Entries
from devkit.traffic.recipe import Recipe

TOPIC = observatory.topic("lsst.sal.ESS.temperature")
RECIPE = Recipe(TOPIC, seed=5)
FIRST = 1_795_530_921_832_171
NUMBERS = range(1, 21)
Point = tuple[int, dict[str, Any]]


def stamp(sequence: int) -> int:
    return FIRST + 3 * sequence


def entries() -> Entries:
    return Entries(
        5, array("q", NUMBERS), array("q", map(stamp, NUMBERS)), failed=array("q", [FIRST])
    )


def sent() -> list[Point]:
    return [(stamp(n) * 1000, points.flat(RECIPE.record(n, stamp(n)))) for n in NUMBERS]


def answer(found: list[Point]) -> Series:
    columns = ["time", *sorted({name for _, fields in found for name in fields})]
    rows = [[time, *(fields.get(column) for column in columns[1:])] for time, fields in found]
    return Series(TOPIC.name, columns, json.loads(json.dumps(rows)))
