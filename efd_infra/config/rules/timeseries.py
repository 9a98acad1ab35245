"""Rules of databases and retention policies."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from efd_infra.config.mistake import Mistake
from efd_infra.config.site import Site
from efd_infra.config.timeseries import DEFAULT_POLICY, DatabaseSection
from efd_infra.config.values import FOREVER

_DATABASES = "timeseries.influxdb.databases"


def database_names_are_unique(site: Site) -> Iterator[Mistake]:
    """One name is one database."""
    names = Counter(site.timeseries.influxdb.database_names)
    for index, database in enumerate(site.timeseries.influxdb.databases):
        if names[database.name] > 1:
            yield Mistake(f"{_DATABASES}.{index}.name", database.name, "a name used once")


def users_have_their_databases(site: Site) -> Iterator[Mistake]:
    """The EFD client reads ``efd``; Chronograf and Kapacitor write annotations and alerts."""
    names = site.timeseries.influxdb.database_names
    annotated = site.timeseries.chronograf or site.timeseries.kapacitor
    needed = ["efd", *(["chronograf"] if annotated else [])]
    if missing := [name for name in needed if name not in names]:
        yield Mistake(
            _DATABASES, ", ".join(names) or "none", f"a list with {' and '.join(missing)}"
        )


def metrics_have_a_database(site: Site) -> Iterator[Mistake]:
    """Telegraf writes to a database that exists."""
    names = site.timeseries.influxdb.database_names
    if site.monitoring and site.monitoring.database not in names:
        yield Mistake(
            "monitoring.database",
            site.monitoring.database,
            f"one of {_DATABASES}: {', '.join(names)}",
        )


def retention_agrees_with_itself(site: Site) -> Iterator[Mistake]:
    """Policies start with ``autogen``, keep ever longer, and hold at least one shard.

    What a policy says that it shortens is longer.
    """
    for index, database in enumerate(site.timeseries.influxdb.databases):
        yield from _policies(f"{_DATABASES}.{index}.retention", database)


def _policies(path: str, database: DatabaseSection) -> Iterator[Mistake]:
    policies = database.retention
    if policies[0].name != DEFAULT_POLICY:
        yield Mistake(f"{path}.0.name", policies[0].name, f"{DEFAULT_POLICY}, which clients query")
    names = Counter(policy.name for policy in policies)
    for index, policy in enumerate(policies):
        if names[policy.name] > 1:
            yield Mistake(f"{path}.{index}.name", policy.name, "a name used once")
        if policy.shard_duration.seconds > policy.keep.seconds:
            yield Mistake(
                f"{path}.{index}.shard", str(policy.shard), f"at most keep, {policy.keep}"
            )
        if policy.shortened_from and policy.shortened_from.seconds <= policy.keep.seconds:
            yield Mistake(
                f"{path}.{index}.shortenedFrom",
                policy.shortened_from,
                f"more than keep, {policy.keep}, or nothing",
            )
    for index, (shorter, longer) in enumerate(pairwise(policies), start=1):
        if longer.keep != FOREVER and longer.keep.seconds <= shorter.keep.seconds:
            yield Mistake(
                f"{path}.{index}.keep",
                longer.keep,
                f"{FOREVER}, or longer than {shorter.name}, {shorter.keep}",
            )


RULES = (
    database_names_are_unique,
    users_have_their_databases,
    metrics_have_a_database,
    retention_agrees_with_itself,
)
