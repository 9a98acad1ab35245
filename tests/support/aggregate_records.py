"""Statistics as the aggregator writes them, but as JSON with its schema.

The Avro converter is no package.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_TIME = {
    "field": "time",
    "type": "int64",
    "name": "org.apache.kafka.connect.data.Timestamp",
    "version": 1,
    "optional": False,
}


def _field(name: str, kind: str, *, optional: bool = False) -> dict[str, Any]:
    return {"field": name, "type": kind, "optional": optional}


@dataclass(frozen=True)
class Aggregates:
    """The statistics of one topic, of which each window has these numbers."""

    topic: str
    numbers: tuple[str, ...] = ("mean_position",)
    instances: bool = False
    """Whether there are several of the CSC."""
    more: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def record(self, second: int, value: float | None, **values: Any) -> str:
        """Return the record of one window, which begins at a second since 1970."""
        fields = [_TIME, _field("private_efdStamp", "double"), _field("count", "int64")]
        payload: dict[str, Any] = {
            "time": second * 1000,
            "private_efdStamp": float(second),
            "count": 10,
            "mean_forces": [second / 7, -1.5],
        }
        if self.instances:
            fields.append(_field("salIndex", "int64"))
        for name in self.numbers:
            fields.append(_field(name, "double", optional=True))
            payload[name] = value
        forces = {"type": "array", "items": {"type": "double"}, "optional": True}
        fields.append({"field": "mean_forces", **forces})
        schema = {"type": "struct", "optional": False, "fields": fields}
        return json.dumps({"schema": schema, "payload": {**payload, **values}})
