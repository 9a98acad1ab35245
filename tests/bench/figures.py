"""What was measured, beside what is aimed at and what charts cost."""

from dataclasses import asdict, dataclass
from typing import Any

from tests.bench.stopwatch import Stopwatch


@dataclass(frozen=True)
class Figure:
    """One measured value and the most that it may be; ``None`` where there is no aim."""

    name: str
    measured: float
    unit: str
    aim: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the aim is met."""
        return None if self.aim is None else self.measured <= self.aim

    def row(self) -> tuple[str, str, str, str]:
        """Return it as text."""
        unit = f" {self.unit}" if self.unit else ""
        aim = f"{self.aim:g}{unit}" if self.aim is not None else ""
        verdict = {None: "", True: "met", False: "MISSED"}[self.met]
        return self.name, f"{self.measured:.3g}{unit}", aim, verdict

    def plain(self) -> dict[str, Any]:
        """Return it for a program."""
        return {**asdict(self), "met": self.met}


REFERENCE = """\
For comparison, the original deployment on two cores: all charts of Summit rendered in 0.57 s (66
objects); kubectl apply --server-side of 49 objects 1.66 s, a no-op 0.63 s, kubectl diff 0.49 s; the
official Kubernetes provider with 104 objects: 3.8 s preview, 8.5 s first up."""


def figures(watch: Stopwatch, peak: float) -> list[Figure]:
    """Return the aims first, then where the time goes."""
    seconds, diff = watch.median, watch.median("kubectl diff")
    apply = watch.median("kubectl apply, first")
    known = watch.median("preview, nothing changed")
    first = watch.median("preview, first")
    aims = [
        Figure("all sites: whole process", seconds("all sites: whole process"), "s", 3),
        Figure("preview, first / kubectl diff", first / diff, "", 4),
        Figure("preview, nothing changed / kubectl diff", known / diff, "", 4),
        Figure("up, first / kubectl apply, first", seconds("up, first") / apply, "", 3),
        Figure(
            "up, nothing changed / preview, nothing changed",
            seconds("up, nothing changed") / known,
            "",
            1.2,
        ),
        Figure("peak memory of the program", peak, "MiB", 150),
    ]
    return aims + [Figure(name, seconds(name), "s") for name in watch.durations]


def table(found: list[Figure]) -> str:
    """Return aligned columns."""
    rows = [("median of the runs", "measured", "aim at most", ""), *(each.row() for each in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
