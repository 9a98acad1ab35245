"""What the pods of backup and restore are told, and when they run."""

from efd_infra.config import contract
from efd_infra.config.aggregation import AGGREGATED_SCHEMAS_TOPIC
from efd_infra.config.backup import BackupSection, Every
from efd_infra.config.daytime import DaytimeSection
from efd_infra.config.schema_registry import SCHEMAS_TOPIC
from efd_infra.config.site import Site
from efd_infra.manifests.kafka_client import LOGIN_DIR
from efd_infra.manifests.toml import toml

FOLDER = "/backup"
"""Where copies are kept in a volume."""
BUCKET_KEYS_DIR = "/etc/efd/bucket"
INFLUXDB_LOGIN_DIR = "/etc/efd/influxdb"
KEY_DIR = "/etc/efd/key"
SCRATCH_DIR = "/scratch"
"""Where the empty server of a rehearsal keeps what it is given."""
_SCRATCH_HTTP, _SCRATCH_BACKUP = "127.0.0.1:8086", "127.0.0.1:8088"

PROGRAMS = tuple(
    f"{module}.py"
    for module in (
        "__init__",
        "archive",
        "bolt",
        "brokers",
        "bucket",
        "census",
        "copies",
        "destination",
        "door",
        "folder",
        "influx",
        "loading",
        "meta",
        "points",
        "put_back",
        "rehearse",
        "report",
        "restore",
        "services",
        "signature",
        "snapshots",
        "take",
        "watch",
        "window",
    )
)
"""The files of the package ``backup``."""

HOURLY = "7 * * * *"
"""Not at the full hour, when everybody does something."""
_COPY_DAY, _REHEARSAL_DAY = 1, 4
"""Monday and Thursday, of what is done once a week."""


def backup_time(section: BackupSection, daytime: DaytimeSection) -> str:
    """Return when a copy is begun, in cron's form: when heavy work may."""
    return _cron(daytime.begins.minutes, section.every, _COPY_DAY)


def rehearsal_time(section: BackupSection, daytime: DaytimeSection) -> str:
    """Return when a rehearsal is: in the second half of that time, when a copy is done."""
    middle = (daytime.begins.minutes + daytime.ends.minutes) // 2
    return _cron(middle, section.rehearsal.every, _REHEARSAL_DAY)


def _cron(minutes: int, every: Every, weekday: int) -> str:
    return f"{minutes % 60} {minutes // 60} * * {'*' if every == 'day' else weekday}"


def backup_env(site: Site, section: BackupSection) -> dict[str, str]:
    """Return what every pod is told: whose copies they are, where they go, and who counts."""
    metrics = {"METRICS": site.monitoring.database} if site.monitoring else {}
    return {
        **_destination(section),
        **metrics,
        "SITE": site.name,
        "INFLUXDB_URL": contract.INFLUXDB.url,
        "INFLUXDB_LOGIN": INFLUXDB_LOGIN_DIR,
    }


def door_env() -> dict[str, str]:
    """Return what those are told besides who open a door: where InfluxDB's is, and the key."""
    return {"DOOR": contract.INFLUXDB_DOOR.address, "DOOR_KEY": f"{KEY_DIR}/key"}


def take_env(site: Site, section: BackupSection) -> dict[str, str]:
    """Return what a backup is told besides: what there is to copy."""
    return {
        **{name: where for what, name, where in _services(site) if what != "kapacitor"},
        **({"KAPACITOR_URL": contract.KAPACITOR.url} if site.timeseries.kapacitor else {}),
        "DATABASES": ",".join(site.timeseries.influxdb.database_names),
        "RATE": str(section.rate.bytes),
        "KEEP": str(section.keep),
        "SECONDS": str(site.timeseries.daytime.seconds),
        "LOGIN_DIR": LOGIN_DIR,
    }


def restore_env(site: Site) -> dict[str, str]:
    """Return what a restore is told besides: where it puts back what is not points."""
    return {**{name: where for _, name, where in _services(site)}, "LOGIN_DIR": LOGIN_DIR}


def watch_env(site: Site) -> dict[str, str]:
    """Return what the watch is told besides: what there must be."""
    return {"EXPECTED": ",".join(["copy", "rehearsal", *(what for what, _, _ in _services(site))])}


def _destination(section: BackupSection) -> dict[str, str]:
    bucket = section.bucket
    if bucket is None:
        return {"DESTINATION": FOLDER}
    prefix = f"/{bucket.prefix}" if bucket.prefix else ""
    return {
        "DESTINATION": f"{bucket.endpoint}/{bucket.name}{prefix}",
        "REGION": bucket.region,
        "BUCKET_KEYS": BUCKET_KEYS_DIR,
    }


def _services(site: Site) -> list[tuple[str, str, str]]:
    """Return what is kept beside InfluxDB: its name, a variable, and where it is put back."""
    timeseries, streaming = site.timeseries, site.streaming
    every = [
        ("chronograf", "CHRONOGRAF_DOOR", contract.CHRONOGRAF_DOOR.address, timeseries.chronograf),
        ("kapacitor", "KAPACITOR_DOOR", contract.KAPACITOR_DOOR.address, timeseries.kapacitor),
        ("schemas", "SCHEMAS_TOPIC", SCHEMAS_TOPIC, streaming.schema_registry),
        (
            "aggregated-schemas",
            "AGGREGATED_SCHEMAS_TOPIC",
            AGGREGATED_SCHEMAS_TOPIC,
            streaming.aggregation,
        ),
        ("connectors", "CONNECT_URL", contract.KAFKA_CONNECT.url, streaming.connect),
        ("topics", "BOOTSTRAP", contract.KAFKA_SERVICES.address, streaming.kafka),
    ]
    return [(what, variable, where) for what, variable, where, there in every if there]


def rehearsal_env(section: BackupSection, daytime: DaytimeSection) -> dict[str, str]:
    """Return what a rehearsal is told besides: the empty server in its pod."""
    return {
        "SECONDS": str(daytime.seconds // 2),
        "SCRATCH_URL": f"http://{_SCRATCH_HTTP}",
        "SCRATCH_BACKUP": _SCRATCH_BACKUP,
        "SCRATCH_BYTES": str(section.scratch_bytes),
    }


def scratch_conf() -> str:
    """Return ``influxdb.conf`` of the server in a rehearsal's pod, which nobody else can reach.

    It keeps what it is given, however old it is: expired points would be missing when counted.
    """
    return toml(
        {
            "reporting-disabled": True,
            "bind-address": _SCRATCH_BACKUP,
            "meta": {"dir": f"{SCRATCH_DIR}/meta"},
            "data": {
                "dir": f"{SCRATCH_DIR}/data",
                "wal-dir": f"{SCRATCH_DIR}/wal",
                "index-version": "tsi1",
                "cache-max-memory-size": 0,
                "max-series-per-database": 0,
                "max-values-per-tag": 0,
                "query-log-enabled": False,
            },
            "http": {"bind-address": _SCRATCH_HTTP, "log-enabled": False},
            "retention": {"enabled": False},
            "monitor": {"store-enabled": False},
            "continuous_queries": {"enabled": False},
            "logging": {"level": "warn", "suppress-logo": True},
        }
    )
