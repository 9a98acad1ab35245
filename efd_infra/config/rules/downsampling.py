"""Rules of tiers: each coarser than its source, which keeps points for long enough."""

from collections import Counter
from collections.abc import Iterator

from efd_infra.config.downsampling import EXACT, TierSection
from efd_infra.config.mistake import Mistake
from efd_infra.config.site import Site
from efd_infra.config.timeseries import RetentionPolicy
from efd_infra.config.values import Duration

_DATABASES = "timeseries.influxdb.databases"
_DOWNSAMPLING = "timeseries.downsampling"
_DAY = 86_400
_PAUSE = 3 * _DAY
"""Seconds. A run that comes once a day, one that did not come, and a day to see it."""

Tiers = Iterator[tuple[str, RetentionPolicy, TierSection, tuple[RetentionPolicy, ...]]]


def _tiers(site: Site) -> Tiers:
    """Yield each tier's place, its policy, and the policies before it."""
    for number, database in enumerate(site.timeseries.influxdb.databases):
        for index, policy in enumerate(database.retention):
            if policy.tier:
                path = f"{_DATABASES}.{number}.retention.{index}.tier"
                yield path, policy, policy.tier, database.retention[:index]


def tiers_have_a_source(site: Site) -> Iterator[Mistake]:
    """A tier is filled from a policy above it, whose windows are shorter and fit into its own."""
    for path, _, tier, before in _tiers(site):
        source = next((policy for policy in before if policy.name == tier.source), None)
        if source is None:
            known = ", ".join(policy.name for policy in before)
            allowed = f"a policy above it: {known}" if known else "no tier: nothing is above it"
            yield Mistake(f"{path}.source", tier.source, allowed)
        elif source.tier:
            yield from _finer(path, tier, source.tier)


def _finer(path: str, tier: TierSection, source: TierSection) -> Iterator[Mistake]:
    if tier.every.seconds % source.every.seconds:
        yield Mistake(f"{path}.every", tier.every, f"a multiple of {tier.source}'s {source.every}")
    for statistic in tier.statistics:
        needed = EXACT.get(statistic)
        if needed is None:
            yield Mistake(
                f"{path}.statistics",
                statistic,
                f"{', '.join(EXACT)}: no other follows from windows of {tier.source}",
            )
        elif missing := [one for one in needed if one not in source.statistics]:
            yield Mistake(
                f"{path}.statistics",
                statistic,
                f"what follows from those of {tier.source}, which lacks {' and '.join(missing)}",
            )


def windows_divide_a_day(site: Site) -> Iterator[Mistake]:
    """Shards begin at midnight: no window may lie in two of them."""
    for path, _, tier, _ in _tiers(site):
        if _DAY % tier.every.seconds:
            yield Mistake(f"{path}.every", tier.every, "a part of a day, such as 10s or 5m")


def tiers_coarsen(site: Site) -> Iterator[Mistake]:
    """What is kept longer has longer windows."""
    for path, _, tier, before in _tiers(site):
        for finer in before:
            if finer.tier and finer.tier.every.seconds >= tier.every.seconds:
                yield Mistake(
                    f"{path}.every", tier.every, f"longer than {finer.name}'s {finer.tier.every}"
                )


def statistics_are_named_once(site: Site) -> Iterator[Mistake]:
    """A field can be written once only."""
    for path, _, tier, _ in _tiers(site):
        for statistic, times in Counter(tier.statistics).items():
            if times > 1:
                yield Mistake(f"{path}.statistics", statistic, "each statistic once")


def sources_keep_points_until_they_are_used(site: Site) -> Iterator[Mistake]:
    """A window is computed when it is as old as a point may be late, and a run may not come."""
    lateness = site.timeseries.downsampling.lateness
    for path, _, tier, before in _tiers(site):
        for source in before:
            needed = lateness.seconds + tier.every.seconds + _PAUSE
            if source.name == tier.source and source.keep.seconds < needed:
                yield Mistake(
                    f"{path}.source",
                    f"{tier.source}, which keeps {source.keep}",
                    f"a policy that keeps {_hours(needed)}: {_DOWNSAMPLING}.lateness, a window and "
                    "three days without a run",
                )


def windows_fit_into_shards(site: Site) -> Iterator[Mistake]:
    """Points expire by shard: a window that is longer would have a shard for itself."""
    for path, policy, tier, _ in _tiers(site):
        if tier.every.seconds > policy.shard_duration.seconds:
            yield Mistake(f"{path}.every", tier.every, f"at most a shard, {policy.shard_duration}")


def progress_has_a_database(site: Site) -> Iterator[Mistake]:
    """How far each tier is stands among the metrics."""
    if site.timeseries.downsampled and not site.monitoring:
        yield Mistake("monitoring", "nothing", "a section: tiers note their progress there")


def late_points_of_a_mirror_count(site: Site) -> Iterator[Mistake]:
    """After an outage of its link, a mirror gets points that are as old as the outage."""
    mirror, lateness = site.replication, site.timeseries.downsampling.lateness
    if mirror and site.timeseries.downsampled and lateness.seconds < mirror.outage_budget.seconds:
        yield Mistake(
            f"{_DOWNSAMPLING}.lateness",
            lateness,
            f"at least replication.outageBudget, {mirror.outage_budget}",
        )


def days_begin_before_they_end(site: Site) -> Iterator[Mistake]:
    """Work that begins in the evening would run into the night."""
    day = site.timeseries.daytime
    if day.seconds <= 0:
        yield Mistake("timeseries.daytime.ends", day.ends, f"a time after begins, {day.begins}")


def _hours(seconds: int) -> Duration:
    return Duration(f"{-(-seconds // 3600)}h")


RULES = (
    tiers_have_a_source,
    tiers_coarsen,
    windows_divide_a_day,
    statistics_are_named_once,
    sources_keep_points_until_they_are_used,
    windows_fit_into_shards,
    progress_has_a_database,
    late_points_of_a_mirror_count,
    days_begin_before_they_end,
)
