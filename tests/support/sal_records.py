"""Telemetry as SAL writes it, and the statistics that are due of it, computed independently."""

import io
import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import fastavro

_NULLABLE = ["null", "double"]
ARRAYS: dict[str, Any] = {"type": "array", "items": "float"}
EXACT_ARRAYS: dict[str, Any] = {"type": "array", "items": "double"}


def sal_schema(name: str, /, **fields: Any) -> dict[str, Any]:
    """Return the schema of a topic with these fields beside SAL's own."""
    own = {"private_sndStamp": "double", "private_efdStamp": "double", "private_seqNum": "long"}
    return {
        "type": "record",
        "name": name,
        "namespace": "lsst.sal",
        "fields": [{"name": key, "type": kind} for key, kind in {**own, **fields}.items()],
    }


def framed(schema_id: int, schema: dict[str, Any], values: Mapping[str, Any]) -> bytes:
    """Return a record in Confluent's framing."""
    out = io.BytesIO(b"\0" + schema_id.to_bytes(4, "big"))
    out.seek(5)
    own = {"private_sndStamp": 0.0, "private_seqNum": 7}
    fastavro.schemaless_writer(out, fastavro.parse_schema(schema), {**own, **values})
    return out.getvalue()


@dataclass(frozen=True)
class Due:
    """The statistics of one window."""

    count: int
    values: dict[str, Any]


def due(
    records: Iterable[Mapping[str, Any]], *, window: float = 1, least: int = 2
) -> dict[tuple[float, Any], Due]:
    """Return what is due of records, by the window's beginning and the instance."""
    windows: defaultdict[tuple[float, Any], list[Mapping[str, Any]]] = defaultdict(list)
    for record in records:
        start = math.floor(record["private_efdStamp"] / window) * window
        windows[start, record.get("salIndex")].append(record)
    return {
        key: Due(len(found), dict(_statistics(found)))
        for key, found in windows.items()
        if len(found) >= least
    }


def _statistics(records: list[Mapping[str, Any]]) -> Iterable[tuple[str, Any]]:
    names = dict.fromkeys(name for record in records for name in record)
    for name in names:
        if name.startswith("private_") or name == "salIndex":
            continue
        found = [record[name] for record in records if record.get(name) is not None]
        if found and isinstance(found[0], str | bool):
            continue
        for statistic, of in _FUNCTIONS.items():
            if found and isinstance(found[0], list):
                yield f"{statistic}_{name}", [of(list(each)) for each in zip(*found, strict=True)]
            else:
                yield f"{statistic}_{name}", of(found) if found else None


_FUNCTIONS: dict[str, Any] = {
    "min": min,
    "max": max,
    "mean": statistics.fmean,
    "median": statistics.median,
    "stdev": lambda found: statistics.stdev(found) if len(found) > 1 else None,
}
