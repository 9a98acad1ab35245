"""InfluxDB's own settings."""

from efd_infra.config.contract import INFLUXDB
from efd_infra.config.timeseries import InfluxDbSection
from efd_infra.manifests.toml import go_duration, toml

DATA_DIR = "/var/lib/influxdb"
"""Where the server keeps everything: the mount point of its claim."""

BACKUP_PORT = 8088
"""Where it answers for backup and restore, without a login."""

PUBLIC_PATHS = ("/query", "/write", "/ping", "/health", "/api/v2")
"""What clients need. The rest is for inside only: InfluxDB serves ``/debug/vars``,
``/debug/requests`` and ``/metrics`` to anybody, whether users must log in or not."""


def influxdb_conf(section: InfluxDbSection) -> str:
    """Return ``influxdb.conf``; the key that signs tokens comes from the environment.

    Unknown keys are ignored in silence by InfluxDB, so each one here has been compared with
    what ``influxd config`` prints.
    """
    return toml(
        {
            "reporting-disabled": True,
            # Backup and restore have no login, so they answer inside the pod only.
            "bind-address": f"127.0.0.1:{BACKUP_PORT}",
            "meta": {"dir": f"{DATA_DIR}/meta", "retention-autocreate": True},
            "data": _data(section),
            "coordinator": {
                "write-timeout": go_duration(section.write_timeout),
                "max-concurrent-queries": section.queries.concurrent,
                "query-timeout": go_duration(section.queries.timeout),
                "log-queries-after": go_duration(section.queries.log_after),
            },
            "http": _http(),
            "retention": {"enabled": True, "check-interval": "30m"},
            "shard-precreation": {
                "enabled": True,
                "check-interval": "10m",
                "advance-period": "30m",
            },
            "monitor": {
                "store-enabled": True,
                "store-database": "_internal",
                "store-interval": "10s",
            },
            "continuous_queries": {"enabled": False},
            "logging": {"format": "logfmt", "level": "info", "suppress-logo": True},
        }
    )


def _data(section: InfluxDbSection) -> dict[str, str | int | bool]:
    fsync_delay = section.wal_fsync_delay
    return {
        "dir": f"{DATA_DIR}/data",
        "wal-dir": f"{DATA_DIR}/wal",
        "index-version": "tsi1",
        "wal-fsync-delay": go_duration(fsync_delay) if fsync_delay else "0s",
        # Every limit below refuses writes when it is reached, and a sink that goes on after
        # errors then loses points: the default of a million series did so in production
        # (lsst-sqre/phalanx@c873a8dfa). 0 means no limit; the pod's memory is the limit.
        "cache-max-memory-size": 0,
        "max-series-per-database": 0,
        "max-values-per-tag": 0,
        # Without it nothing is said of slow queries either, whatever the coordinator is told
        # (influxdata/influxdb, cmd/influxd/run/server.go, 1.8). Passwords are left out.
        "query-log-enabled": True,
        "trace-logging-enabled": False,
    }


def _http() -> dict[str, str | int | bool]:
    return {
        "enabled": True,
        "bind-address": f":{INFLUXDB.port}",
        "auth-enabled": True,
        "flux-enabled": True,
        "log-enabled": True,
        # Several writes a second would bury the queries.
        "suppress-write-log": True,
        "max-row-limit": 0,
        "max-body-size": 25_000_000,
        "pprof-enabled": False,
    }
