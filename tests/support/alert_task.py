"""One task of Kapacitor, asked by hand: its query over a real InfluxDB, and what it would raise.

What Kapacitor does to a query and to its answer is done here after its template as it is written:
the time, the groups and their alignment (``query.go``), one value of each group (``influxql.go``),
and the two conditions (``alert.go``).
"""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.support.influx_server import InfluxServer
from tests.support.tickscript import Argument, Call, parse

_CONDITION = re.compile(r'FALSE|"value" (?P<sign>[<>]) (?P<number>-?\d+\.\d+)')
_REDUCE = {"min": min, "sum": sum, "last": lambda values: values[-1]}


@dataclass(frozen=True)
class Point:
    """One value to be compared, and what it is of."""

    name: str
    tags: dict[str, str]
    time: str
    value: float


class AlertTask:
    """A task and its template, as they lie in the load directory."""

    def __init__(self, task: str, template: str) -> None:
        self.task: dict[str, Any] = json.loads(task)
        self._script = parse(template)

    @cached_property
    def _calls(self) -> tuple[Call, ...]:
        (chain,) = [calls for start, calls in self._script.chains if start == "batch"]
        return chain

    def variable(self, name: str) -> Any:
        """Return the value of a variable."""
        return self.task["vars"][name]["value"]

    def levels(self, server: InfluxServer, now: int) -> dict[str, str]:
        """Return the level of each alert by its name, at a time in seconds."""
        levels = ("OK", "WARNING", "CRITICAL")
        found: dict[str, str] = {}
        for point in self.points(server, now):
            name = self._identity(point)
            level = levels[
                2 if self._is(point, "critical") else 1 if self._is(point, "warning") else 0
            ]
            found[name] = max(found.get(name, "OK"), level, key=levels.index)
        return found

    def points(self, server: InfluxServer, now: int) -> list[Point]:
        """Return the values that the alert compares."""
        batches = [
            [
                Point(series["name"], series.get("tags", {}), row[0], float(row[1]))
                for row in series["values"]
                if row[1] is not None
            ]
            for series in server.series(self.query(now), self.task["dbrps"][0]["db"])
        ]
        reducers = [c.name for c in self._calls if c.mark == "|" and c.name in _REDUCE]
        if not reducers:
            return [point for batch in batches for point in batch]
        points = [_reduced(reducers[0], batch) for batch in batches if batch]
        return _by_time(points) if reducers[1:] == ["sum"] else points

    def query(self, now: int) -> str:
        """Return the query as Kapacitor asks it."""
        stop = now - self._seconds("offset")
        start = stop - self._seconds("period")
        text: str = self.variable("select")
        condition = f"time >= {start}s AND time < {stop}s"
        text += f" {'AND' if ' WHERE ' in text else 'WHERE'} {condition}"
        aligned = any(call.name == "alignGroup" for call in self._calls)
        groups: list[str] = []
        for argument in self._property("groupBy"):
            if argument.kind == "time":
                grain = _seconds(self.variable(argument.text))
                groups.append(f"time({grain}s, {start % grain if aligned else 0}s)")
            else:
                value = self.variable(argument.text)
                tags = [value] if isinstance(value, str) else [tag["value"] for tag in value]
                groups += [f'"{tag}"' for tag in tags]
        fill = "".join(f" fill({argument.text})" for argument in self._property("fill"))
        return text + (f" GROUP BY {', '.join(groups)}" if groups else "") + fill

    def _property(self, name: str) -> tuple[Argument, ...]:
        return next((c.arguments for c in self._calls if c.mark == "." and c.name == name), ())

    def _seconds(self, name: str) -> int:
        return sum(_seconds(self.variable(argument.text)) for argument in self._property(name))

    def _is(self, point: Point, level: str) -> bool:
        condition = _CONDITION.fullmatch(self.variable(level))
        assert condition, f"{self.variable(level)} is more than a test of value understands"
        if condition["sign"] is None:
            return False
        number = float(condition["number"])
        return point.value < number if condition["sign"] == "<" else point.value > number

    def _identity(self, point: Point) -> str:
        text: str = self.variable("id").replace("{{ .Name }}", point.name)
        return re.sub(r'{{ index \.Tags "(\w+)" }}', lambda tag: point.tags.get(tag[1], ""), text)


def _seconds(text: str) -> int:
    assert text.endswith("s"), text
    return int(text[:-1])


def _reduced(name: str, batch: list[Point]) -> Point:
    """Return one value of a batch, with the time of its last point."""
    value = _REDUCE[name]([point.value for point in batch])  # type: ignore[operator]
    return Point(batch[0].name, batch[0].tags, batch[-1].time, value)


def _by_time(points: list[Point]) -> list[Point]:
    """Return the sum of the points of each time."""
    times = dict.fromkeys(point.time for point in points)
    return [Point("", {}, t, sum(p.value for p in points if p.time == t)) for t in times]
