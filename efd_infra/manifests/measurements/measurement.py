"""One kind of points: its measurement, its tags, its fields, and who writes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds, in InfluxDB's words."""

    FLOAT = "float"
    INTEGER = "integer"
    STRING = "string"


class Writer(StrEnum):
    """Whose figures they are; a site without it has none of its points."""

    BROKERS = "Kafka's brokers"
    REGISTRY = "Schema Registry"
    CONNECT = "Kafka Connect's workers"
    AGGREGATOR = "the aggregator's workers"
    MANAGERS = "connectors' managers"
    COMPANIONS = "what sinks wait for"
    MIRROR = "the link to another site"
    INFLUXDB = "InfluxDB"
    CLAIMS = "stores"
    COLLECTOR = "Telegraf"
    CERTIFICATES = "certificates"
    NODES = "nodes"
    DOWNSAMPLING = "downsampling"
    BACKUP = "backup"
    TOPICS = "SAL"


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """Points of one measurement that have the same tags and the same fields.

    One name may occur several times: what Telegraf collects in Prometheus' format is all one
    measurement, a field per metric.
    """

    name: str
    writer: Writer
    fields: Mapping[str, Kind]
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """By name, a value that it may have."""


def floats(names: str, prefix: str = "") -> dict[str, Kind]:
    """Return fields that hold numbers; the names are separated by blanks."""
    return {f"{prefix}{name}": Kind.FLOAT for name in names.split()}


def integers(names: str, prefix: str = "") -> dict[str, Kind]:
    """Return fields that hold whole numbers; the names are separated by blanks."""
    return {f"{prefix}{name}": Kind.INTEGER for name in names.split()}
