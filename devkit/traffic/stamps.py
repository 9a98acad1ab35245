"""Times in records: UTC in whole microseconds here, in seconds as double in a record."""

import time

TAI_AHEAD = 37_000_000
"""Microseconds by which TAI is ahead of UTC since 2017 (IERS Bulletin C 52)."""


def now() -> int:
    """Microseconds since the epoch of Unix."""
    return time.time_ns() // 1000


def seconds(microseconds: int) -> float:
    """The double nearest to these microseconds.

    Near the present a double has steps of 0.24 µs, so rounding brings the microsecond back.
    """
    return microseconds / 1e6


class DistinctStamps:
    """The present, but never the same microsecond twice.

    Two points of one measurement with equal times are one point for InfluxDB.
    """

    def __init__(self, last: int = 0) -> None:
        """Go on after `last`."""
        self.last = last

    def next(self) -> int:
        """The present, or the first free microsecond after it."""
        self.last = max(now(), self.last + 1)
        return self.last
