"""Telemetry like SAL's, as much as a worker that was away would find."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.sal_records import ARRAYS, framed, sal_schema

MOCK_RATE = 29_284
"""Records a second that all 1,051 topics of SQR-029's mock experiment were to send."""

SCHEMA = sal_schema(
    "MTMount_azimuth",
    salIndex="long",
    demandPosition="double",
    actualPosition="double",
    demandVelocity="double",
    actualVelocity="double",
    actualTorque="double",
    currents=ARRAYS,
    temperatures=ARRAYS,
    state="int",
    name="string",
)
_VARIETY = 1_000
"""Records of different values; the rest repeats them, for Python is slower than the worker."""


@dataclass(frozen=True)
class Load:
    """So many topics, each with records at one rate, for so many seconds."""

    topics: int
    rate: int
    seconds: int

    def __str__(self) -> str:
        """Say it for people."""
        size = len(next(self.values(1, 0.0)))
        return (
            f"{self.count:,} records of {size} bytes, 24 numbers each: "
            f"{self.topics} topics at {self.rate} Hz for {self.seconds} s"
        )

    @property
    def names(self) -> list[str]:
        """The topics."""
        return [f"lsst.sal.Bench.topic{number}" for number in range(self.topics)]

    @property
    def count(self) -> int:
        """Records of all topics."""
        return self.topics * self.rate * self.seconds

    @property
    def windows(self) -> int:
        """Windows of one second that have an end in the backlog."""
        return self.topics * self.seconds

    def values(self, schema: int, base: float) -> Iterator[bytes]:
        """Give the records of one topic in Confluent's framing; ``base`` in seconds."""
        dice = random.Random(17)  # noqa: S311 -- the same each time
        samples = [[dice.gauss(0, 100) for _ in range(24)] for _ in range(_VARIETY)]
        for number in range(self.rate * self.seconds):
            some = samples[number % _VARIETY]
            yield framed(
                schema,
                SCHEMA,
                {
                    "private_efdStamp": base + number / self.rate,
                    "salIndex": 1,
                    "demandPosition": some[0],
                    "actualPosition": some[1],
                    "demandVelocity": some[2],
                    "actualVelocity": some[3],
                    "actualTorque": some[4],
                    "currents": some[5:13],
                    "temperatures": some[13:23],
                    "state": int(some[23]),
                    "name": "bench",
                },
            )
