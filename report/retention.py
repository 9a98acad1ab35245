"""How long data are kept, before and after: Kafka's records and InfluxDB's points."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from report.change import Change

_KAFKA = "efd:streaming:Kafka"
_INFLUXDB = "efd:timeseries:InfluxDbSetup"
_PROPERTIES = "server.properties"
_SETTINGS = "settings.json"
_KAFKA_KEYS = {
    "log.retention.ms": ("kafka", 1000.0),
    "offsets.retention.minutes": ("kafka-offsets", 1 / 60),
}
"""By setting, what is kept by it, and how many of its unit are a second."""
_FOREVER = float("inf")


def shortened(changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
    """Yield an id and a sentence for whatever a site keeps for a shorter time than before.

    Over all changes of the site, so that files may move to another ConfigMap meanwhile.
    """
    before, after = dict[str, float](), dict[str, float]()
    for change in changes:
        if change.kind == "ConfigMap":
            before |= _kept(change.owner, change.old.get("data") or {})
            after |= _kept(change.owner, change.new.get("data") or {})
    for name in sorted(before.keys() & after.keys()):
        if after[name] < before[name]:
            step = _told(before[name]), _told(after[name])
            yield (
                f"retention-shortened/{name}/{step[0]}-to-{step[1]}",
                f"{name} is kept for {step[1]} instead of {step[0]}: what is older is deleted",
            )


def _kept(owner: str, files: Mapping[str, Any]) -> dict[str, float]:
    """Return the seconds that each kind of data is kept, by what the ids call it."""
    if owner == _KAFKA:
        return dict(_of_kafka(str(files.get(_PROPERTIES, ""))))
    if owner == _INFLUXDB:
        return dict(_of_influxdb(str(files.get(_SETTINGS, ""))))
    return {}


def _of_kafka(text: str) -> Iterator[tuple[str, float]]:
    for line in text.splitlines():
        key, found, value = line.partition("=")
        if found and key in _KAFKA_KEYS:
            name, unit = _KAFKA_KEYS[key]
            yield name, float(value) / unit if float(value) >= 0 else _FOREVER


def _of_influxdb(text: str) -> Iterator[tuple[str, float]]:
    settings = json.loads(text or "{}")
    for database in settings.get("databases", ()):
        for policy in database["policies"]:
            # The server's own word for ever is 0.
            yield f"influxdb/{database['name']}/{policy['name']}", policy["keep"] or _FOREVER


def _told(seconds: float) -> str:
    if seconds == _FOREVER:
        return "forever"
    for unit, length in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds % length == 0:
            return f"{seconds // length:.0f}{unit}"
    return f"{seconds:g}s"
