"""InfluxDB's metadata: which shards there are, and the least of it that one shard needs.

The server hands out everything that it knows of databases, users among it, as one message of
protocol buffers (``influxdata/influxdb``, ``services/meta/internal/meta.proto``). What is kept here
is the one shard's database, policy and group, and neither a user nor a password's hash.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Field = tuple[int, "int | bytes"]
"""The number of a field, and a whole number or the bytes of a text or message."""

_VARINT, _BYTES = 0, 2
_SIGN = 1 << 63

_DATA_NUMBERS = (1, 2, 3, 7, 8, 9)
"""Of ``Data``: term, index, cluster and the highest numbers given so far."""
_DATABASES = 5
_NAME, _DEFAULT_POLICY, _POLICIES = 1, 2, 3
_KEEP, _GROUPS = 2, 5
_POLICY_FIELDS = (1, 2, 3, 4)
_START, _END, _DELETED, _SHARDS = 2, 3, 4, 5
_ID = 1


@dataclass(frozen=True)
class Shard:
    """One shard: a policy's points of one stretch of time."""

    id: int
    database: str
    policy: str
    start: int
    end: int
    """Nanoseconds since 1970; ``end`` is not in it."""

    @property
    def place(self) -> str:
        """Its folder, as the server names it."""
        return f"{self.database}/{self.policy}/{self.id}"


def shards(data: bytes) -> list[Shard]:
    """Return every shard, oldest first."""
    found = [
        Shard(_number(shard, _ID), _text(database), _text(policy), *_span(group))
        for database in _messages(data, _DATABASES)
        for policy in _messages(database, _POLICIES)
        for group in _messages(policy, _GROUPS)
        if not _number(group, _DELETED)
        for shard in _messages(group, _SHARDS)
    ]
    return sorted(found, key=lambda shard: (shard.database, shard.policy, shard.start, shard.id))


def only(data: bytes, shard: Shard, *, forever: bool = False) -> bytes:
    """Return metadata with nothing but ``shard``; ``forever``, with a policy that never expires."""
    kept: list[Field] = [field for field in _fields(data) if field[0] in _DATA_NUMBERS]
    kept += [
        (_DATABASES, _database(database, shard, forever=forever))
        for database in _messages(data, _DATABASES)
        if _text(database) == shard.database
    ]
    return _encoded(sorted(kept, key=lambda field: field[0]))


def packed(data: bytes) -> bytes:
    """Return metadata as the ``.meta`` file that ``influxd restore -portable`` reads."""
    return _encoded([(1, data), (2, 0)])


def _database(database: bytes, shard: Shard, *, forever: bool) -> bytes:
    fields: list[Field] = [f for f in _fields(database) if f[0] in (_NAME, _DEFAULT_POLICY)]
    fields += [
        (_POLICIES, _policy(policy, shard, forever=forever))
        for policy in _messages(database, _POLICIES)
        if _text(policy) == shard.policy
    ]
    return _encoded(fields)


def _policy(policy: bytes, shard: Shard, *, forever: bool) -> bytes:
    fields: list[Field] = [
        (number, 0 if forever and number == _KEEP else value)
        for number, value in _fields(policy)
        if number in _POLICY_FIELDS
    ]
    fields += [
        (_GROUPS, group)
        for group in _messages(policy, _GROUPS)
        if any(_number(each, _ID) == shard.id for each in _messages(group, _SHARDS))
    ]
    return _encoded(fields)


def _span(group: bytes) -> tuple[int, int]:
    return _number(group, _START), _number(group, _END)


def _messages(data: bytes, number: int) -> Iterator[bytes]:
    return (value for n, value in _fields(data) if n == number and isinstance(value, bytes))


def _text(data: bytes) -> str:
    return next(_messages(data, _NAME)).decode()


def _number(data: bytes, number: int) -> int:
    """Return a signed number; 0 where there is none."""
    value = next((v for n, v in _fields(data) if n == number and isinstance(v, int)), 0)
    return value - 2 * _SIGN if value >= _SIGN else value


def _fields(data: bytes) -> Iterator[Field]:
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        value, at = _varint(data, at)
        if kind == _VARINT:
            yield number, value
        elif kind == _BYTES and at + value <= len(data):
            yield number, data[at : at + value]
            at += value
        else:
            raise ValueError("this is no metadata of InfluxDB 1.8")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data):
            raise ValueError("the metadata ends too early")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 -- the bit that says that more follows
            return value, at
        shift += 7


def _encoded(fields: Iterable[Field]) -> bytes:
    return b"".join(
        _number_bytes(number << 3 | _VARINT) + _number_bytes(value)
        if isinstance(value, int)
        else _number_bytes(number << 3 | _BYTES) + _number_bytes(len(value)) + value
        for number, value in fields
    )


def _number_bytes(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:  # noqa: PLR2004 -- seven bits a byte
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
