"""How Confluent's serialisers put a schema id before an Avro record."""

import struct

_FRAME = struct.Struct(">bI")
MAGIC = 0
SIZE = _FRAME.size
"""Bytes before the record: the magic byte and the id, big-endian."""


def frame(schema: int) -> bytes:
    """What stands before a record of the schema with this id."""
    return _FRAME.pack(MAGIC, schema)


def schema_of(value: bytes | None) -> int | None:
    """The schema id of a record's value; None when the value is not framed."""
    if value is None or len(value) < SIZE:
        return None
    magic, schema = _FRAME.unpack_from(value)
    return int(schema) if magic == MAGIC else None
