"""What it took to read a backlog."""

from dataclasses import dataclass

from tests.bench.figures import Figure


@dataclass(frozen=True)
class Reading:
    """One worker's work."""

    records: int
    windows: int
    """That were written; those of the last seconds stay open."""
    start: float
    """Seconds from the process's beginning until it runs."""
    seconds: float
    """From then until the last window that can close is committed."""
    processor: float
    """Seconds of processor time, in those seconds, of the worker alone."""
    resident: float
    """MiB at the end."""

    def figures(self, wanted: float) -> list[Figure]:
        """Return rows for people; ``wanted`` records a second are to be read by all workers."""
        cost = self.processor / self.records
        return [
            Figure("start of a worker", self.start, "s"),
            Figure("time for the backlog", self.seconds, "s"),
            Figure("records of this worker", self.records / self.seconds / 1000, "thousand/s"),
            Figure("cores in use meanwhile", self.processor / self.seconds, ""),
            Figure("records of one core", 1 / cost / 1000, "thousand/s"),
            Figure("windows written", self.windows / 1000, "thousand"),
            Figure("resident memory of the worker", self.resident, "MiB"),
            Figure(f"cores for {wanted:,.0f} records a second", wanted * cost, ""),
        ]
