"""InfluxDB's users, each with the least that its work needs.

The original's connectors, Kapacitor and Telegraf all wrote as ``admin``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from efd_infra.config.site import Site

Privilege = Literal["READ", "WRITE", "ALL"]

SERVICE_USERS = (
    "admin",
    "backup",
    "chronograf",
    "downsampler",
    "efdreader",
    "efdwriter",
    "kapacitor",
    "telegraf",
)
"""Every user that this program makes at some site: where there is one without its service, the
site has lost the service, and nobody knows the password any more."""


@dataclass(frozen=True, kw_only=True)
class InfluxDbUser:
    """One user and what it may do with which database."""

    name: str
    admin: bool = False
    grants: Mapping[str, Privilege] = field(default_factory=dict)


def influxdb_users(site: Site) -> dict[str, InfluxDbUser]:
    """Return the users of a site by name; a user exists if its service does."""
    databases = site.timeseries.influxdb.database_names
    read_all: dict[str, Privilege] = dict.fromkeys(databases, "READ")
    aggregates = [sink.database for sink in site.streaming.connectors if sink.aggregated]
    users = [
        InfluxDbUser(name="admin", admin=True),
        InfluxDbUser(name="efdreader", grants=dict.fromkeys(["efd", *aggregates], "READ")),
        InfluxDbUser(
            name="efdwriter",
            grants={c.database: "WRITE" for c in site.streaming.connectors} or {"efd": "WRITE"},
        ),
    ]
    if site.monitoring:
        users.append(InfluxDbUser(name="telegraf", grants={site.monitoring.database: "WRITE"}))
    # Kapacitor writes the history of alerts to the database where Chronograf keeps annotations.
    annotate: dict[str, Privilege] = {**read_all, "chronograf": "ALL"}
    if site.timeseries.kapacitor:
        users.append(InfluxDbUser(name="kapacitor", grants=annotate))
    if site.timeseries.chronograf:
        users.append(InfluxDbUser(name="chronograf", grants=annotate))
    if site.monitoring and (tiered := site.timeseries.downsampled):
        # It reads and writes both, and the one database may be the other.
        used = [*(database.name for database in tiered), site.monitoring.database]
        users.append(InfluxDbUser(name="downsampler", grants=dict.fromkeys(used, "ALL")))
    if site.backup:
        # It counts what it copies, and says how that went.
        metrics = [site.monitoring.database] if site.monitoring else []
        measured: dict[str, Privilege] = dict.fromkeys(metrics, "ALL")
        users.append(InfluxDbUser(name="backup", grants={**read_all, **measured}))
    return {user.name: user for user in users}
