"""Durations of several runs and what is said of them."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

Result = TypeVar("Result")


@dataclass
class Stopwatch:
    """Durations in seconds by what was done."""

    durations: dict[str, list[float]] = field(default_factory=dict)

    def time(self, name: str, work: Callable[[], Result]) -> Result:
        """Do ``work`` and note how long it took."""
        started = time.perf_counter()
        result = work()
        self.note(name, time.perf_counter() - started)
        return result

    def note(self, name: str, seconds: float) -> None:
        """Note a duration that was measured elsewhere."""
        self.durations.setdefault(name, []).append(seconds)

    def median(self, name: str) -> float:
        """Return the median, which one disturbed run does not move."""
        return statistics.median(self.durations[name])
