"""What a tier must hold, computed from the points by something else than InfluxDB."""

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from devkit.traffic.influx import Influx

NANO = 10**9

Value = float | int | str | bool | None
Point = tuple[int, Mapping[str, Value]]
"""Nanoseconds of Unix time, and fields."""
Windows = dict[int, dict[str, float]]
"""By the second at which a window begins, a value for each field."""


def points(influx: Influx, measurement: str) -> list[Point]:
    """Read all points of a measurement."""
    return [
        (row[0], dict(zip(series.columns[1:], row[1:], strict=True)))
        for series in influx.query(f"SELECT * FROM {influx.sources([measurement])}")  # noqa: S608
        for row in series.rows
    ]


def held(influx: Influx, measurement: str) -> Windows:
    """Read a tier."""
    return {
        at // NANO: {name: float(value) for name, value in fields.items() if value is not None}
        for at, fields in points(influx, measurement)
    }


def aggregates(of: Iterable[Point], every: int, until: float, only: Sequence[str] = ()) -> Windows:
    """Compute each whole window that ends before ``until``, field by field."""
    windows: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for at, fields in of:
        begin = at // NANO // every * every
        if begin + every <= until:
            for name, value in fields.items():
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    windows[begin][name].append(value)
    return {
        begin: {
            f"{statistic}_{name}": value
            for name, values in fields.items()
            for statistic, value in _statistics(values).items()
            if not only or statistic in only
        }
        for begin, fields in sorted(windows.items())
    }


def _statistics(values: list[float]) -> dict[str, float]:
    found = {
        "mean": statistics.fmean(values),
        "min": min(values),
        "max": max(values),
        "sum": math.fsum(values),
        "count": len(values),
        "median": statistics.median(values),
    }
    if len(values) > 1:
        mean = found["mean"]
        found["stddev"] = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
    return found


def assert_same(found: Windows, expected: Windows) -> None:
    """Fail with the first value in which two tiers differ by more than rounding."""
    assert list(found) == list(expected)
    for begin, fields in expected.items():
        assert found[begin].keys() == fields.keys(), begin
        for name, value in fields.items():
            close = math.isclose(found[begin][name], value, rel_tol=1e-9, abs_tol=1e-9)
            assert close, f"{name} at {begin}: {found[begin][name]}, and not {value}"
