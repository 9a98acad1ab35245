"""Tiers: retention policies that keep statistics of finer points for longer."""

from typing import Literal

from pydantic import Field

from efd_infra.config.cluster import Resources
from efd_infra.config.identifier import Identifier
from efd_infra.config.sal import SAL_TOPICS
from efd_infra.config.section import Section
from efd_infra.config.values import Cpu, Duration, Quantity, TopicPattern

Statistic = Literal["mean", "min", "max", "sum", "count", "stddev", "median"]
"""InfluxQL's functions; a field ``f`` becomes ``mean_f`` and so on."""

EXACT: dict[Statistic, tuple[Statistic, ...]] = {
    "mean": ("sum", "count"),
    "min": ("min",),
    "max": ("max",),
    "sum": ("sum",),
    "count": ("count",),
}
"""The statistics of a longer window that follow exactly from those of its parts: from which."""


class TierSection(Section):
    """What fills a retention policy: statistics of another one's points."""

    every: Duration
    """Length of a window; each becomes one point, at its beginning."""
    source: Identifier = Identifier("autogen")
    """The policy of the same database that has the points."""
    topics: TopicPattern = SAL_TOPICS
    """Measurements to take. Of these, telemetry alone has windows: events, commands and their
    acknowledgements (lsst-ts/ts_salkafka) are left out whatever this says."""
    statistics: tuple[Statistic, ...] = Field(default=("mean", "min", "max"), min_length=1)
    """What is kept of each numeric field."""


class DownsamplingSection(Section):
    """How tiers are filled."""

    lateness: Duration = Duration("1h")
    """How late a point may be and still count: a window is computed once it is this old."""
    resources: Resources = Resources(
        cpu=Cpu("50m"),
        memory=Quantity("64Mi"),
        cpu_limit=Cpu("500m"),
        memory_limit=Quantity("256Mi"),
    )
    """Of the Job, which only asks: the work is InfluxDB's."""
