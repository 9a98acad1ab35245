"""How long brokers take to restart one after another, as far as a site's file can tell."""

from collections.abc import Mapping
from typing import Any

from efd_infra.config.kafka import KafkaSection
from efd_infra.config.values import Quantity
from report.change import Change

KAFKA = "efd:streaming:Kafka"
_DOWN = 60
"""Seconds in which a broker stops and starts: decision 18 counts on less than a minute."""
_CATCH_UP = 100e6
"""Bytes a second at which a broker that was away reads what it missed: a link of 1 Gbit/s."""
_DAY = 86_400
_MINUTE = 60


def is_brokers(change: Change) -> bool:
    """Whether it is the set of Kafka's brokers."""
    return change.kind == "StatefulSet" and change.owner == KAFKA


def roll(change: Change, description: Mapping[str, Any]) -> str:
    """Return how many brokers restart, how long that takes, and on what assumption."""
    spec = change.new.get("spec") or {}
    brokers = int(spec.get("replicas") or 1)
    kafka = (description.get("streaming") or {}).get("kafka") or {}
    ingest = _ingest(kafka)
    copies = int(kafka.get("replicationFactor") or _default("replication_factor"))
    missed = ingest.bytes * copies / brokers / _DAY * _DOWN
    probe = _probe_period(spec)
    seconds = brokers * (_DOWN + probe + missed / _CATCH_UP)
    grace = int(_pod(spec).get("terminationGracePeriodSeconds") or 30)
    rolls = "brokers roll, one at a time" if brokers > 1 else "broker restarts"
    return (
        f"{brokers} {rolls}: about {_time(seconds)}. Assumed for each: "
        f"{_DOWN} s to stop and start; {missed / 1e6:.0f} MB missed meanwhile ({ingest} a day, "
        f"copies: {copies}), read at {_CATCH_UP / 1e6:.0f} MB/s; asked every {probe} s. "
        f"A stop waits up to {grace} s for a broker that is behind."
    )


def _ingest(kafka: Mapping[str, Any]) -> Quantity:
    return Quantity(kafka.get("ingestPerDay") or _default("ingest_per_day"))


def _default(field: str) -> Any:
    return KafkaSection.model_fields[field].default


def _pod(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    pod: Mapping[str, Any] = (spec.get("template") or {}).get("spec") or {}
    return pod


def _probe_period(spec: Mapping[str, Any]) -> int:
    for container in _pod(spec).get("containers") or []:
        if container.get("name") == "kafka":
            return int((container.get("readinessProbe") or {}).get("periodSeconds") or 10)
    return 10


def _time(seconds: float) -> str:
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    minutes = round(seconds / _MINUTE)
    return f"{minutes} min" if minutes < 2 * _MINUTE else f"{minutes / _MINUTE:.1f} h"
