"""Kapacitor's settings, and the files of its load directory."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from efd_infra.artifacts import read_artifact
from efd_infra.config.alerts import HandlersSection
from efd_infra.config.contract import KAPACITOR
from efd_infra.config.timeseries import DEFAULT_POLICY
from efd_infra.manifests.alerts.rule import Rule, Shape
from efd_infra.manifests.toml import toml

DATA_DIR = "/var/lib/kapacitor"
DATABASE = f"{DATA_DIR}/kapacitor.db"
"""What it keeps: rules, also those made by hand, and their state."""
"""Where the server keeps everything: the mount point of its claim."""


RULES_DIR = "/etc/efd/rules"
"""Where it finds alert rules as files: ``templates``, ``tasks`` with their values, and
``handlers``."""

HISTORY = "chronograf"
"""The database whose measurement ``alerts`` Chronograf's page of alerts shows."""

_WEBHOOK = "webhook"
_FILLED = "https://from-the-environment.invalid"
"""What stands for the URL of a web service, which is a secret: Kapacitor refuses none."""


def rule_files(site: str, rules: Iterable[Rule]) -> dict[str, dict[str, str]]:
    """Return the files by folder: a template for each shape, a task for each rule."""
    tasks = {f"{rule.name}.json": _task(site, rule) for rule in rules}
    templates = {
        f"{shape}.tick": read_artifact(f"kapacitor/templates/{shape}.tick") for shape in Shape
    }
    return {"templates": templates, "tasks": tasks} if tasks else {}


def handler_files(handlers: HandlersSection) -> dict[str, str]:
    """Return a file for each way to tell somebody.

    Each belongs to one topic, and rules write to both, ``warning`` and ``critical``. A topic may
    not begin with one of the letters of "handlers", which Kapacitor 1.8 strips from its name when
    it looks for handlers to remove (``services/load/service.go``).
    """
    files: dict[str, dict[str, Any]] = {}
    if slack := handlers.slack:
        options = {"channel": slack.channel}
        files["slack"] = {"topic": slack.least, "kind": "slack", "options": options}
    if email := handlers.email:
        files["email"] = {
            "topic": email.least,
            "kind": "smtp",
            "options": {"to": list(email.recipients)},
        }
    if webhook := handlers.webhook:
        files[_WEBHOOK] = {
            "topic": webhook.least,
            "kind": "post",
            "options": {"endpoint": _WEBHOOK},
        }
    return {f"{name}.json": _json({"id": name, **file}) for name, file in files.items()}


def kapacitor_conf(*, influxdb_url: str, handlers: HandlersSection) -> str:
    """Return ``kapacitor.conf``; names, passwords and secret URLs come from the environment.

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
            "storage": {"boltdb": DATABASE},
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
            **_services(handlers),
        }
    )


def _services(handlers: HandlersSection) -> dict[str, Any]:
    """Return the settings of those who carry messages out, and of no other."""
    services: dict[str, Any] = {}
    if slack := handlers.slack:
        services["slack"] = [{"enabled": True, "default": True, "channel": slack.channel}]
    if email := handlers.email:
        services["smtp"] = {
            "enabled": True,
            "host": email.host,
            "port": email.port,
            "from": email.sender,
        }
    if handlers.webhook:
        services["httppost"] = [{"endpoint": _WEBHOOK, "url": _FILLED}]
    return services


def _task(site: str, rule: Rule) -> str:
    variables: Mapping[str, tuple[str, Any]] = rule.variables(site, HISTORY)
    return _json(
        {
            "template-id": str(rule.shape),
            # What the query may read.
            "dbrps": [{"db": rule.query.database, "rp": rule.query.policy}],
            "vars": {
                name: {"type": kind, "value": value} for name, (kind, value) in variables.items()
            },
        }
    )


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"
