"""How a site is watched: the times of rules, by their shapes, and where its metrics are."""

from dataclasses import dataclass
from functools import cached_property

from efd_infra.config.monitoring import MonitoringSection
from efd_infra.config.signal import Signal
from efd_infra.config.signals import signals
from efd_infra.config.site import Site
from efd_infra.config.timeseries import DEFAULT_POLICY
from efd_infra.manifests.alerts.query import Query
from efd_infra.manifests.alerts.rule import Rule, Shape, Words
from efd_infra.manifests.measurements.measurement import Writer
from efd_infra.manifests.measurements.scraped import SCRAPED

SAMPLES = 10
"""How many samples of one pod come in the window in which they are counted."""
_SHORTEST_PACE = 60


@dataclass(frozen=True)
class Watch:
    """One site, and rules in its measure of time."""

    site: Site

    @cached_property
    def signals(self) -> dict[str, Signal]:
        """Every signal by name, with the numbers of the site."""
        return signals(self.site)

    @cached_property
    def metrics(self) -> MonitoringSection:
        """Where and how often Telegraf writes; as it would by default where there is none."""
        return self.site.monitoring or MonitoringSection()

    @property
    def pace(self) -> int:
        """Seconds from one sample to the next."""
        return max(_SHORTEST_PACE, self.metrics.interval.seconds)

    @property
    def grain(self) -> int:
        """Seconds that hold at least one sample, which Telegraf takes with a jitter."""
        return 2 * self.pace

    def measured(self, writer: Writer, measurement: str, select: str, **where: str) -> Query:
        """Return a query of what Telegraf writes."""
        return Query(
            select=select,
            writer=writer,
            database=self.metrics.database,
            policy=DEFAULT_POLICY,
            measurement=measurement,
            where=where,
        )

    def scraped(self, writer: Writer, select: str, **where: str) -> Query:
        """Return a query of what pods say of themselves."""
        return self.measured(writer, SCRAPED, select, **where)

    def state(self, signal: str, words: Words, query: Query, groups: tuple[str, ...]) -> Rule:
        """Return a rule over the last few samples."""
        return Rule(
            signal=self.signals[signal],
            words=words,
            shape=Shape.STATE,
            query=query,
            period=5 * self.pace,
            every=self.grain,
            groups=groups,
        )

    def lasting(self, signal: str, words: Words, query: Query, tag: str, grains: int = 7) -> Rule:
        """Return a rule over what has been so for some grains of time without a break."""
        return Rule(
            signal=self.signals[signal],
            words=words,
            shape=Shape.LASTING,
            query=query,
            period=grains * self.grain,
            every=self.grain,
            groups=(tag,),
            times={"grain": self.grain},
        )

    def growth(self, signal: str, words: Words, query: Query, tag: str, instance: str = "") -> Rule:
        """Return a rule over what has been counted lately."""
        return Rule(
            signal=self.signals[signal],
            words=words,
            shape=Shape.GROWTH,
            query=query,
            period=6 * self.grain,
            every=self.grain,
            groups=(tag,),
            times={"grain": self.grain},
            instance=instance,
        )

    def missing(self, signal: str, words: Words, query: Query, instance: str = "") -> Rule:
        """Return a rule over samples that should have come.

        They are counted when Telegraf is through with them: an interval for its rounds, one for
        its writing, one to spare. What is gone for longer than the period stays in its last state.
        """
        window = SAMPLES * self.pace
        return Rule(
            signal=self.signals[signal],
            words=words,
            shape=Shape.MISSING,
            query=query,
            period=6 * window,
            every=self.grain,
            times={"window": window, "late": 3 * self.pace},
            instance=instance,
        )
