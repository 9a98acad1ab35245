"""The records of one topic, made from seed, sequence number and time stamp alone.

The producer encodes them, a checker makes them again from a line of the ledger. Payloads repeat
after `VARIANTS` records: each is serialised once, so that a record costs a header and a copy.
"""

import io
import math
import random
import struct
from functools import cached_property
from typing import Any

from fastavro import parse_schema, schemaless_writer

from devkit.traffic.stamps import TAI_AHEAD, seconds
from devkit.traffic.topic import HEADER, Field, Kind, Topic

VARIANTS = 61
"""Payloads of one topic. A prime, so that no period of a reader falls together with theirs."""

GAP = 0.1
"""Share of NaN among the values of a field with gaps."""

WORDS = (
    "ready",
    "in position",
    "",
    'said "no", then yes',
    "a=b,c=d e",
    "C:\\log\\m1m3",
    "Δ elevation 12 µm",
    "line one\nline two",
)
"""Strings, among them what a line protocol has to escape."""

STAMPS = struct.Struct("<4d")
"""Avro's form of the four stamps that a record begins with."""


class Recipe:
    """How the records of a topic are made."""

    def __init__(self, topic: Topic, seed: int) -> None:
        """Tie a topic to a seed."""
        self.topic = topic
        self.seed = seed
        self.constants: dict[str, Any] = {
            "private_identity": topic.csc,
            "private_origin": random.Random(f"{seed}/{topic.csc}").randrange(2**15),  # noqa: S311
            "private_revCode": topic.revision,
        }

    def stamps(self, sequence: int, efd: int) -> tuple[float, float, float, float]:
        """private_sndStamp, private_rcvStamp, private_efdStamp, private_kafkaStamp.

        In seconds: sent and received (TAI) some hundred microseconds before `efd`, which is in
        microseconds (UTC).
        """
        sent = efd + TAI_AHEAD - 300 - 7 * (sequence % VARIANTS)
        return seconds(sent), seconds(sent + 150), seconds(efd), seconds(efd + TAI_AHEAD)

    def payload(self, sequence: int) -> dict[str, Any]:
        """The fields that are not private."""
        return self._payloads[sequence % VARIANTS]

    def record(self, sequence: int, efd: int) -> dict[str, Any]:
        """A whole record."""
        names = [field.name for field in HEADER]
        header: dict[str, Any] = dict(zip(names, self.stamps(sequence, efd), strict=False))
        header |= {"private_seqNum": sequence, **self.constants}
        return header | self.payload(sequence)

    def encode(self, sequence: int, efd: int) -> bytes:
        """The record in Avro, without a frame: as `schemaless_writer` has it, 20 times faster."""
        return b"".join(
            (
                STAMPS.pack(*self.stamps(sequence, efd)),
                long(sequence),
                self._tails[sequence % VARIANTS],
            )
        )

    @staticmethod
    def efd_of(encoded: bytes) -> int | None:
        """private_efdStamp in microseconds; None when this is no record."""
        if len(encoded) < STAMPS.size:
            return None
        stamp: float = STAMPS.unpack_from(encoded)[2]
        return round(stamp * 1e6) if math.isfinite(stamp) else None

    @cached_property
    def _payloads(self) -> list[dict[str, Any]]:
        return [self._draw(variant) for variant in range(VARIANTS)]

    @cached_property
    def _tails(self) -> list[bytes]:
        """Everything after the sequence number, serialised."""
        schema = self.topic.schema
        schema["fields"] = schema["fields"][5:]
        parsed = parse_schema(schema)
        return [_serialised(parsed, self.constants | payload) for payload in self._payloads]

    def _draw(self, variant: int) -> dict[str, Any]:
        source = random.Random(f"{self.seed}/{self.topic.name}/{variant}")  # noqa: S311
        return {field.name: _value(field, source) for field in self.topic.payload}


def long(value: int) -> bytes:
    """A whole number in Avro: zigzag, then seven bits a byte, the lowest first."""
    rest = (value << 1) ^ (value >> 63)
    out = bytearray()
    while rest > 0x7F:  # noqa: PLR2004 - seven bits
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    out.append(rest)
    return bytes(out)


def _serialised(schema: Any, record: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    schemaless_writer(buffer, schema, record)
    return buffer.getvalue()


def _value(field: Field, source: random.Random) -> Any:
    if field.length:
        return [_scalar(field, source) for _ in range(field.length)]
    return _scalar(field, source)


def _scalar(field: Field, source: random.Random) -> int | float | str | bool:
    match field.kind:
        case Kind.LONG:
            return source.randrange(-(2 ** source.choice((7, 15, 31, 53))), 2**31)
        case Kind.STRING:
            return source.choice(WORDS)
        case Kind.BOOLEAN:
            return source.random() < 0.5  # noqa: PLR2004 - a coin
        case Kind.DOUBLE:
            if field.gaps and source.random() < GAP:
                return math.nan
            # Most instruments give a few digits, some all that a double has.
            value = source.gauss(0, 1000)
            return value if source.random() < GAP else round(value, 3)
