"""What is in a stretch of a policy: by measurement, the points of each field, and a digest.

The digest is over the first and the last points of each series, with all their fields and tags:
to send every point over HTTP would cost the server more than the backup itself. Counts are of
everything.
"""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

from .influx import Influx, quoted, source, within

EDGE = 50
"""Points at either end of a series that are in the digest."""

Census = dict[str, dict[str, object]]
"""By measurement, ``fields`` (their numbers of points) and ``sha256``."""


@dataclass(frozen=True)
class Stretch:
    """A policy's points between two times, in nanoseconds since 1970."""

    database: str
    policy: str
    start: int
    end: int


def census(influx: Influx, stretch: Stretch, *, gently: bool = False) -> Census:
    """Count; ``gently``, the server rests as long after each measurement as it took."""
    found: Census = {}
    for measurement in measurements(influx, stretch.database):
        began = time.monotonic()
        fields = counts(influx, stretch, measurement)
        if fields:
            found[measurement] = {"fields": fields, "sha256": _digest(influx, stretch, measurement)}
        if gently:
            time.sleep(time.monotonic() - began)
    return found


def measurements(influx: Influx, database: str) -> list[str]:
    """Return the names of all measurements of a database."""
    return sorted(influx.column(f"SHOW MEASUREMENTS ON {quoted(database)}"))


def counts(influx: Influx, stretch: Stretch, measurement: str) -> dict[str, int]:
    """Return the points of each field that has any."""
    where = source(stretch.database, stretch.policy, measurement)
    span = within(stretch.start, stretch.end)
    statement = f"SELECT count(*) FROM {where} WHERE {span}"  # noqa: S608 -- quoted
    for series in influx.query(statement):
        named = zip(series["columns"][1:], series["values"][0][1:], strict=True)
        return {name.removeprefix("count_"): int(number) for name, number in named if number}
    return {}


def differences(wanted: Census, found: Census, *, exactly: bool) -> Iterator[str]:
    """Yield what is missing in ``found``; ``exactly``, also what is different or too much."""
    for measurement in sorted(wanted.keys() | found.keys()):
        here, there = wanted.get(measurement, {}), found.get(measurement, {})
        expected, present = _fields(here), _fields(there)
        for field in sorted(expected.keys() | present.keys()):
            number, other = expected.get(field, 0), present.get(field, 0)
            if other < number or (exactly and other != number):
                yield f"{measurement}: {other} points of {field}, not {number}"
        if exactly and expected == present and here.get("sha256") != there.get("sha256"):
            yield f"{measurement}: as many points, but others"


def _fields(counted: dict[str, object]) -> dict[str, int]:
    fields = counted.get("fields", {})
    assert isinstance(fields, dict)  # noqa: S101 -- of this module's making
    return fields


def _digest(influx: Influx, stretch: Stretch, measurement: str) -> str:
    digest = hashlib.sha256()
    where = source(stretch.database, stretch.policy, measurement)
    for order in ("ASC", "DESC"):
        statement = (
            f"SELECT * FROM {where} WHERE {within(stretch.start, stretch.end)} "  # noqa: S608 -- quoted
            f"GROUP BY * ORDER BY time {order} LIMIT {EDGE}"
        )
        for series in influx.query(statement):
            parts = (series.get("tags"), series["columns"], series["values"])
            digest.update(json.dumps(parts, sort_keys=True).encode())
    return digest.hexdigest()
