"""One topic of the observatory: its fields, and the Avro schema that carries them."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any


class Kind(StrEnum):
    """What a SAL field holds, by the name of its Avro type."""

    LONG = "long"
    DOUBLE = "double"
    STRING = "string"
    BOOLEAN = "boolean"

    @property
    def default(self) -> int | float | str | bool:
        """Value of a field that a record lacks; with it, the registry lets a schema grow."""
        defaults: dict[str, int | float | str | bool] = {
            "long": 0,
            "double": 0.0,
            "string": "",
            "boolean": False,
        }
        return defaults[self.value]


@dataclass(frozen=True)
class Field:
    """A field of a topic."""

    name: str
    kind: Kind = Kind.DOUBLE
    length: int = 0
    """Number of elements of an array, 0 for a scalar."""
    gaps: bool = False
    """Whether a value is NaN now and then, as of a sensor that does not answer."""

    @property
    def schema(self) -> dict[str, Any]:
        """The Avro schema of the field."""
        if not self.length:
            return {"name": self.name, "type": str(self.kind), "default": self.kind.default}
        return {
            "name": self.name,
            "type": {"type": "array", "items": str(self.kind)},
            "default": [self.kind.default] * self.length,
        }


HEADER = (
    Field("private_sndStamp"),
    Field("private_rcvStamp"),
    Field("private_efdStamp"),
    Field("private_kafkaStamp"),
    Field("private_seqNum", Kind.LONG),
    Field("private_identity", Kind.STRING),
    Field("private_origin", Kind.LONG),
    Field("private_revCode", Kind.STRING),
)
"""What ts_salkafka puts into every record."""


@dataclass(frozen=True)
class Topic:
    """A topic of a CSC (Commandable SAL Component)."""

    csc: str
    topic: str
    rate: float
    """Records per second, on average."""
    payload: tuple[Field, ...]
    irregular: bool = False
    """Whether records come at random times, as events and commands do."""

    @property
    def name(self) -> str:
        """Name of the Kafka topic, of the Avro record and of the InfluxDB measurement."""
        return f"lsst.sal.{self.csc}.{self.topic}"

    @property
    def subject(self) -> str:
        """Where the registry keeps the schema."""
        return f"{self.name}-value"

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields, in the order in which a record holds them."""
        return HEADER + self.payload

    @property
    def schema(self) -> dict[str, Any]:
        """The Avro schema of a record."""
        return {
            "type": "record",
            "namespace": f"lsst.sal.{self.csc}",
            "name": self.topic,
            "fields": [field.schema for field in self.fields],
        }

    @cached_property
    def revision(self) -> str:
        """The private_revCode: eight digits that change with the payload, as SAL's do."""
        payload = json.dumps([field.schema for field in self.payload])
        return hashlib.sha256(payload.encode()).hexdigest()[:8]
