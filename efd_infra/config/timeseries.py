"""InfluxDB with its databases and retention policies, Chronograf and Kapacitor."""

from pydantic import Field

from efd_infra.config.alerts import HandlersSection, ThresholdSection
from efd_infra.config.cluster import Resources, Storage
from efd_infra.config.daytime import DaytimeSection
from efd_infra.config.downsampling import DownsamplingSection, TierSection
from efd_infra.config.identifier import Identifier
from efd_infra.config.login import LoginSection
from efd_infra.config.section import Section
from efd_infra.config.values import Cpu, Delay, Duration, Hostname, Keep, Quantity

DEFAULT_POLICY = "autogen"
"""The policy that InfluxDB makes with a database, and the one that clients query when they name
none. Its duration is altered; a new default would hide older points from the EFD client."""

_DAY = 86_400


class Shard(Duration):
    """Time covered by one shard: InfluxDB takes no less than an hour."""

    __slots__ = ()
    pattern = r"[1-9][0-9]*[hdw]"
    allowed = "a whole number of h, d or w, such as 1d"
    example = "1h"


class RetentionPolicy(Section):
    """How long one copy of a database's points is kept."""

    name: Identifier
    """Name of the policy."""
    keep: Keep
    """How long; points expire by whole shard."""
    shard: Shard | None = None
    """Time covered by one shard; InfluxDB's own rule when absent."""
    tier: TierSection | None = None
    """What fills it; absent: whoever writes points."""
    shortened_from: Keep | None = None
    """What the server keeps, where ``keep`` is less: without it no policy that has points becomes
    shorter. It means this one step, and may stay when that is done."""

    @property
    def shard_duration(self) -> Shard:
        """The shard duration in force: InfluxDB's rule of 1 h, 1 d or 7 d by length kept."""
        if self.shard:
            return self.shard
        if self.keep.seconds < 2 * _DAY:
            return Shard("1h")
        return Shard("1d") if self.keep.seconds < 180 * _DAY else Shard("7d")


class DatabaseSection(Section):
    """One InfluxDB database."""

    name: Identifier
    """Name of the database."""
    retention: tuple[RetentionPolicy, ...] = Field(
        default=(RetentionPolicy(name=Identifier(DEFAULT_POLICY), keep=Keep("30d")),), min_length=1
    )
    """Its retention policies; the first is ``autogen``."""


class QueryLimits(Section):
    """What keeps one query from starving everybody: in force at every site."""

    concurrent: int = Field(default=10, ge=1)
    """Queries that run at a time."""
    timeout: Duration = Duration("900s")
    """A query that runs longer is killed."""
    log_after: Duration = Duration("15s")
    """A query that runs longer is logged."""


class InfluxDbSection(Section):
    """The InfluxDB 1.x server."""

    host: Hostname
    """Public host name of the HTTP API."""
    storage: Storage
    """The claim that holds all databases."""
    resources: Resources = Resources(
        cpu=Cpu("4"), memory=Quantity("16Gi"), cpu_limit=Cpu("8"), memory_limit=Quantity("32Gi")
    )
    """Sized by InfluxData's advice of 8 cores and 32 GB for this load (lsst-sqre/sqr-029)."""
    queries: QueryLimits = QueryLimits()
    """Limits on queries."""
    write_timeout: Duration = Duration("60s")
    """How long a write may wait for the store."""
    wal_fsync_delay: Delay | None = None
    """Gather write-ahead log syncs for this long, for slow disks; absent, each write is synced."""
    databases: tuple[DatabaseSection, ...] = (
        DatabaseSection(name=Identifier("efd")),
        DatabaseSection(name=Identifier("telegraf")),
        DatabaseSection(name=Identifier("chronograf")),
    )
    """``efd`` holds SAL data, ``telegraf`` metrics, ``chronograf`` annotations."""

    @property
    def database_names(self) -> tuple[Identifier, ...]:
        """The names of all databases."""
        return tuple(database.name for database in self.databases)


class ChronografSection(Section):
    """The dashboards that users open first."""

    host: Hostname
    """Public host name."""
    storage: Storage
    """The claim that holds dashboards made by hand."""
    login: LoginSection = LoginSection()
    """Who may enter."""
    resources: Resources = Resources(
        cpu=Cpu("100m"), memory=Quantity("256Mi"), cpu_limit=Cpu("2"), memory_limit=Quantity("2Gi")
    )
    """Of the server."""


class KapacitorSection(Section):
    """The alert engine."""

    storage: Storage
    """The claim that holds alert rules made by hand, and their state."""
    resources: Resources = Resources(
        cpu=Cpu("1"), memory=Quantity("1Gi"), cpu_limit=Cpu("2"), memory_limit=Quantity("4Gi")
    )
    """Of the server; without a limit it was evicted (lsst-sqre/argocd-efd@e89f3e8)."""
    handlers: HandlersSection = HandlersSection()
    """Who is told of alerts."""
    thresholds: tuple[ThresholdSection, ...] = ()
    """Numbers of alerts that differ from those of all sites."""


class TimeseriesSection(Section):
    """Everything that stores, shows and watches points."""

    influxdb: InfluxDbSection
    """InfluxDB."""
    chronograf: ChronografSection | None = None
    """Absent: no dashboards."""
    kapacitor: KapacitorSection | None = None
    """Absent: no alerts."""
    daytime: DaytimeSection = DaytimeSection()
    """When heavy work runs."""
    downsampling: DownsamplingSection = DownsamplingSection()
    """How tiers are filled, if there are any."""

    @property
    def downsampled(self) -> tuple[DatabaseSection, ...]:
        """The databases that have tiers."""
        return tuple(d for d in self.influxdb.databases if any(p.tier for p in d.retention))
