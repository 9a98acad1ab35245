"""A live table of what is where: sent, in Kafka, in InfluxDB."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rich.live import Live
from rich.table import Table

from devkit.errors import DevkitError
from devkit.progress import PLAIN_INTERVAL, console, say

INTERVAL = 1.0
"""Seconds between two rows of figures on a terminal."""

AROUND = 6
"""Lines of a terminal that a table needs besides its rows: borders, heading, the cursor's own."""

Figures = Callable[[], Mapping[str, float]]
"""Gives one figure for each topic that has it."""


@dataclass(frozen=True)
class Sources:
    """Where the columns come from. One that fails leaves its column empty until it is back."""

    acknowledged: Figures
    kafka: Figures
    """Records in the cluster."""
    influx: Figures
    """Points."""
    latency: Figures
    """Seconds, lately."""


@dataclass(frozen=True)
class Line:
    """One topic, or all."""

    topic: str
    acknowledged: float | None
    kafka: float | None
    influx: float | None
    latency: float | None

    @property
    def lag(self) -> float | None:
        """Acknowledged records that are not points yet."""
        if self.acknowledged is None or self.influx is None:
            return None
        return self.acknowledged - self.influx

    def cells(self) -> tuple[str, ...]:
        """The line as text."""
        numbers = (self.acknowledged, self.kafka, self.influx, self.lag)
        return (
            self.topic.removeprefix("lsst.sal."),
            *("-" if number is None else f"{number:,.0f}" for number in numbers),
            "-" if self.latency is None else f"{self.latency:.2f} s",
        )


def lines(sources: Sources) -> list[Line]:
    """One line for each topic that was acknowledged, and the sum; its latency is the worst."""
    # Against the flow, or what moves on in between would look as if it had come before it went.
    latency, influx, kafka, acknowledged = (
        _asked(figures)
        for figures in (sources.latency, sources.influx, sources.kafka, sources.acknowledged)
    )
    names = sorted(acknowledged or influx or kafka or {})
    each = [
        Line(
            name,
            _get(acknowledged, name),
            _get(kafka, name),
            _get(influx, name),
            (latency or {}).get(name),
        )
        for name in names
    ]
    worst = max((one.latency for one in each if one.latency is not None), default=None)
    total = Line("all", _sum(acknowledged, names), _sum(kafka, names), _sum(influx, names), worst)
    return [*each, total]


def fitting(rows: list[Line], room: int) -> list[Line]:
    """At most `room` lines: the busiest topics, then one for all others, then the sum."""
    *each, total = rows
    if len(rows) <= room:
        return rows
    busiest = sorted(each, key=lambda row: -(row.acknowledged or 0))
    shown, others = busiest[: max(room - 2, 0)], busiest[max(room - 2, 0) :]
    rest = Line(
        f"{len(others)} more",
        _together([row.acknowledged for row in others]),
        _together([row.kafka for row in others]),
        _together([row.influx for row in others]),
        max((row.latency for row in others if row.latency is not None), default=None),
    )
    return [*(row for row in each if row in shown), rest, total]


def table(rows: list[Line], title: str = "") -> Table:
    """The lines as a table of rich."""
    drawn = Table(title=title or None)
    drawn.add_column("topic")
    for name in ("acknowledged", "in Kafka", "in InfluxDB", "lag", "latency"):
        drawn.add_column(name, justify="right")
    for row in rows[:-1]:
        drawn.add_row(*row.cells())
    drawn.add_section()
    drawn.add_row(*rows[-1].cells(), style="bold")
    return drawn


def sentence(row: Line) -> str:
    """The line where there is no terminal."""
    topic, acknowledged, kafka, influx, lag, latency = row.cells()
    return (
        f"{topic}: {acknowledged} acknowledged, {kafka} in Kafka, {influx} in InfluxDB, "
        f"lag {lag}, latency {latency}"
    )


def show(
    sources: Sources,
    stopped: Callable[[], bool],
    title: str = "",
    interval: float | None = None,
) -> list[Line]:
    """Show the lines until stopped, and a last time then: live on a terminal, else the sum only."""
    last: list[Line] = []
    if not console.is_terminal:
        for rows in _until(sources, stopped, interval or PLAIN_INTERVAL):
            last = rows
            say(sentence(rows[-1]))
        return last
    with Live(console=console, auto_refresh=False) as live:
        for rows in _until(sources, stopped, interval or INTERVAL):
            last = rows
            room = console.height - AROUND - bool(title)
            live.update(table(fitting(rows, room), title), refresh=True)
    return last


def _until(sources: Sources, stopped: Callable[[], bool], interval: float) -> Iterator[list[Line]]:
    end = False
    while not end:
        end = stopped()
        yield lines(sources)
        due = time.monotonic() + interval
        while not end and not stopped() and time.monotonic() < due:
            time.sleep(0.05)


def _asked(figures: Figures) -> Mapping[str, float] | None:
    try:
        return figures()
    except DevkitError:
        return None


def _get(figures: Mapping[str, float] | None, name: str) -> float | None:
    return None if figures is None else figures.get(name, 0)


def _sum(figures: Mapping[str, float] | None, names: list[str]) -> float | None:
    return None if figures is None else sum(figures.get(name, 0) for name in names)


def _together(figures: list[float | None]) -> float | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if len(known) == len(figures) else None
