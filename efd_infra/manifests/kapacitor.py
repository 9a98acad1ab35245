"""Kapacitor's settings."""

from efd_infra.config.contract import KAPACITOR
from efd_infra.config.timeseries import DEFAULT_POLICY
from efd_infra.manifests.toml import toml

DATA_DIR = "/var/lib/kapacitor"
"""Where the server keeps everything: the mount point of its claim."""


def kapacitor_conf(*, influxdb_url: str) -> str:
    """Return ``kapacitor.conf``; the user's name and password come from the environment.

    There are no subscriptions: InfluxDB would push every write to Kapacitor, and no rule of
    this program needs the stream. Rules query instead (batch tasks).
    """
    return toml(
        {
            # InfluxDB must be able to resolve it; the default is localhost.
            "hostname": KAPACITOR.host,
            "data_dir": DATA_DIR,
            "default-retention-policy": DEFAULT_POLICY,
            "http": {"bind-address": f":{KAPACITOR.port}", "log-enabled": False},
            "storage": {"boltdb": f"{DATA_DIR}/kapacitor.db"},
            "replay": {"dir": f"{DATA_DIR}/replay"},
            "task": {"dir": f"{DATA_DIR}/tasks", "snapshot-interval": "60s"},
            "load": {"enabled": False},
            "logging": {"file": "STDERR", "level": "INFO"},
            "reporting": {"enabled": False},
            "influxdb": [
                {
                    "name": "efd",
                    "enabled": True,
                    "default": True,
                    "urls": [influxdb_url],
                    # As long as InfluxDB may take to start with a large index.
                    "startup-timeout": "30m",
                    "disable-subscriptions": True,
                }
            ],
        }
    )
