"""InfluxDB 1.8, as far as it is read here."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from devkit.errors import DevkitError
from devkit.traffic.access import Web

TIMEOUT = 60
"""Seconds until an answer begins, or goes on."""

READ = 1 << 20
"""Bytes taken from the connection at once."""

Row = list[Any]
"""The time in nanoseconds, then a value for each further column."""


@dataclass(frozen=True)
class Series:
    """A part of an answer: rows of one measurement, or of none, such as users."""

    name: str
    columns: list[str]
    rows: list[Row]


@dataclass
class Influx:
    """One database and, unless it is the default one, one retention policy of it."""

    web: Web
    database: str = "efd"
    policy: str = ""

    def __post_init__(self) -> None:
        """Ignore proxies: the URL says where to go."""
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = self.web.verify
        self._session.auth = self.web.credentials
        # Compression costs both ends more than loopback does.
        self._session.headers["Accept-Encoding"] = "identity"

    def query(self, statement: str, chunk: int = 10_000) -> Iterator[Series]:
        """The answer, `chunk` rows at a time; only one chunk is in memory."""
        for line in self._lines(statement, chunk):
            answer = json.loads(line)
            for result in [answer, *answer.get("results", [])]:
                if "error" in result:
                    raise DevkitError(f"InfluxDB: {result['error']}", statement[:200])
                for series in result.get("series", []):
                    yield Series(
                        series.get("name", ""), series["columns"], series.get("values", [])
                    )

    def measurements(self) -> list[str]:
        """Every measurement of the database."""
        answer = self.query(f'SHOW MEASUREMENTS ON "{self.database}"')
        return [str(row[0]) for series in answer for row in series.rows]

    def counts(self, names: Sequence[str]) -> dict[str, int]:
        """Number of points of each measurement that has any."""
        statement = f'SELECT count("private_seqNum") FROM {self.sources(names)}'  # noqa: S608
        return {series.name: series.rows[0][1] for series in self.query(statement)}

    def newest(self, names: Sequence[str]) -> dict[str, int]:
        """Time of the newest point of each measurement that has any, in microseconds."""
        statement = f'SELECT last("private_seqNum") FROM {self.sources(names)}'  # noqa: S608
        return {series.name: microseconds(series.rows[0][0]) for series in self.query(statement)}

    def kinds(self, name: str) -> dict[str, set[str]]:
        """InfluxDB's type of each field: float, integer, string, boolean; in old shards too."""
        kinds: dict[str, set[str]] = {}
        for series in self.query(f"SHOW FIELD KEYS FROM {self.sources([name])}"):
            for field, kind in series.rows:
                kinds.setdefault(field, set()).add(kind)
        return kinds

    def tags(self, name: str) -> list[str]:
        """Names of the tags of a measurement."""
        answer = self.query(f"SHOW TAG KEYS FROM {self.sources([name])}")
        return [row[0] for series in answer for row in series.rows]

    def sources(self, names: Sequence[str]) -> str:
        """Measurements as a FROM clause wants them."""
        place = f'"{self.policy}".' if self.policy else ""
        return ",".join(f'{place}"{name}"' for name in names)

    def _lines(self, statement: str, chunk: int) -> Iterator[bytes]:
        """One JSON document for each chunk."""
        options = {
            "db": self.database,
            "q": statement,
            "epoch": "ns",
            "chunked": "true",
            "chunk_size": str(chunk),
        }
        try:
            with self._session.post(
                f"{self.web.url.rstrip('/')}/query", data=options, stream=True, timeout=TIMEOUT
            ) as answer:
                parts: list[bytes] = []
                for part in answer.iter_content(READ):
                    *whole, rest = part.split(b"\n")
                    for line in whole:
                        yield b"".join((*parts, line))
                        parts = []
                    parts.append(rest)
                if b"".join(parts).strip():
                    yield b"".join(parts)
        except requests.RequestException as error:
            raise DevkitError(f"InfluxDB at {self.web.url}: {error}") from error


def microseconds(nanoseconds: int) -> int:
    """The nearest microsecond.

    Who turns the double of private_efdStamp into nanoseconds lands up to 120 ns beside it.
    """
    return (nanoseconds + 500) // 1000
