"""Kapacitor's settings."""

import json
from typing import Any

from efd_infra.config.contract import KAPACITOR
from efd_infra.config.timeseries import DEFAULT_POLICY
from efd_infra.config.values import Duration
from efd_infra.manifests.toml import toml

DATA_DIR = "/var/lib/kapacitor"
"""Where the server keeps everything: the mount point of its claim."""


RULES_DIR = "/etc/efd/rules"
"""Where it finds alert rules as files: ``templates``, and ``tasks`` with their values."""

EXPIRES_SOON = Duration("21d")
"""When an expiring certificate becomes a warning: an issuer renews when a third of the life is
left (cert-manager's ``renewBefore``), 30 days of 90, so that it has failed for nine days then."""
EXPIRES_NOW = Duration("7d")
"""When the warning becomes critical: a working week to get a certificate by hand."""


def expiry_rule(database: str) -> str:
    """Return the values of the rule that watches certificates, measured into ``database``."""
    values: dict[str, tuple[str, str | int]] = {
        "database": ("string", database),
        "policy": ("string", DEFAULT_POLICY),
        "warn": ("int", EXPIRES_SOON.seconds),
        "critical": ("int", EXPIRES_NOW.seconds),
    }
    task: dict[str, Any] = {
        "template-id": "certificate-expiry",
        "dbrps": [{"db": database, "rp": DEFAULT_POLICY}],
        "vars": {name: {"type": kind, "value": value} for name, (kind, value) in values.items()},
    }
    return json.dumps(task, indent=2) + "\n"


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
            # Rules made by hand are in its database, and it leaves them alone.
            "load": {"enabled": True, "dir": RULES_DIR},
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
