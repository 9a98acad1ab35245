"""Windows of statistics in one form, wherever they were read, and what they must be.

What is due is computed from the records by Python's own statistics, and shares no code with the
aggregator. An array's elements are numbers of their own; what is absent or no number (NaN) is left
out, as InfluxDB can hold neither.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Numbers = dict[str, float]
Windows = dict[int, Numbers]
"""By the second at which a window begins, its numbers by their names in lower case."""

_OWN = "private_"
_FUNCTIONS: dict[str, Any] = {
    "min": min,
    "max": max,
    "mean": statistics.fmean,
    "median": statistics.median,
    "stdev": statistics.stdev,
}


def flat(record: Mapping[str, Any]) -> Numbers:
    """Return every number of a record or of a row."""
    found: Numbers = {}
    for name, value in record.items():
        elements = {f"{name}{n}": each for n, each in enumerate(value)} if _is_list(value) else {}
        for key, number in (elements or {name: value}).items():
            if _is_number(number):
                found[key.lower()] = float(number)
    return found


def due(records: Iterable[Mapping[str, Any]], least: int = 2) -> Windows:
    """Return what is due of the records of one topic, in windows of a second."""
    windows: dict[int, list[Numbers]] = defaultdict(list)
    for record in records:
        numbers = flat({k: v for k, v in record.items() if not k.startswith(_OWN)})
        windows[math.floor(record["private_efdStamp"])].append(numbers)
    return {
        second: {
            "private_efdstamp": float(second),
            "count": float(len(found)),
            "window_size": 1.0,
            **_statistics(found),
        }
        for second, found in sorted(windows.items())
        if len(found) >= least
    }


def read(records: Iterable[Mapping[str, Any]]) -> list[tuple[int, Numbers]]:
    """Return windows as they were read, each with the second at which it begins."""
    found = ({k: v for k, v in record.items() if k != "time"} for record in records)
    return [(round(numbers["private_efdstamp"]), numbers) for numbers in map(flat, found)]


def once(found: list[tuple[int, Numbers]]) -> Windows:
    """Return windows by their seconds; fail where one is there twice."""
    windows = dict(found)
    assert len(windows) == len(found), "a window is there twice"
    return dict(sorted(windows.items()))


def assert_same(found: Windows, expected: Windows, tolerance: float = 0.0) -> int:
    """Fail at the first difference; return how many numbers were compared."""
    assert sorted(found) == sorted(expected)
    for second, numbers in expected.items():
        assert found[second].keys() == numbers.keys(), second
        for name, value in numbers.items():
            here = found[second][name]
            close = math.isclose(here, value, rel_tol=tolerance, abs_tol=tolerance)
            assert close, f"{name} at {second}: {here!r}, and not {value!r}"
    return sum(map(len, expected.values()))


def _statistics(records: list[Numbers]) -> Numbers:
    names = dict.fromkeys(name for record in records for name in record)
    found: Numbers = {}
    for name in names:
        values = [record[name] for record in records if name in record]
        for statistic, of in _FUNCTIONS.items():
            if statistic != "stdev" or len(values) > 1:
                found[f"{statistic}_{name}"] = of(values)
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def _is_list(value: object) -> bool:
    return isinstance(value, list)
