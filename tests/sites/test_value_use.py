"""Every value that a site can say changes something: nothing is accepted and ignored.

The original's charts ignored settings in silence, among them the size of records and an image.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pydantic import BaseModel

from efd_infra.config.parsing import parse_site
from efd_infra.config.values import Cpu, Quantity
from tests.support.canonical import canonical
from tests.support.engine import run_program
from tests.support.full_site import at, changed, full_site

_NOTHING_RENDERED = {
    "cluster.enforcesStorageSize": "decides whether a store too small is refused or warned of",
    "streaming.kafka.ingestPerDay": "what the refusal or the warning is calculated from",
    "replication.outageBudget": "what the source's retention is compared with",
}
"""Values that are there for the rules, which ``tests/config`` shows."""

_ABSENT = {
    "cluster.certificate.issuer": "excludes a secret",
    "streaming.kafka.external.addresses": "are a load balancer's",
    "images.artifactMirror": "would take the place of other addresses",
    "timeseries.kapacitor.storage.storageClass": "would leave no store with the cluster's class",
}
"""Values that the full site does not say, so that it can say all others."""

_INSTEAD: dict[str, tuple[dict[str, Any], Any, str]] = {
    "cluster.certificate.issuer": ({}, "another-name", "another-name"),
    "images.artifactMirror": ({}, "https://another-name", "https://another-name"),
    "streaming.kafka.external.addresses": (
        {
            "type": "LoadBalancer",
            "bootstrap": "kafka.example.org",
            "advertised": "kafka-{broker}.example.org",
        },
        [f"192.0.2.{broker}" for broker in range(4)],
        "192.0.2.3",
    ),
}
"""For some of these, what their section says instead, their value, and what is rendered of it."""

_OTHER: dict[str, Any] = {
    "cluster.dnsRanges": ["169.254.25.10/32"],
    "images.jmxExporter.sha256": "b" * 64,
    "images.pullPolicy": "Never",
    "streaming.connect.plugins.0.url": "https://plugins.example.org/other.zip",
    "streaming.connect.plugins.0.sha256": "d" * 64,
    "streaming.kafka.minInSyncReplicas": 1,
    "replication.rate": "13MB/s",
    "replication.schemas": None,
    "streaming.kafka.metadataVersion": "4.1",
    "streaming.kafka.external.type": None,
    "streaming.kafka.external.advertised": "broker-{broker}.example.org",
    "streaming.kafka.nodeLabels": {"kafka": "maybe"},
    "streaming.schemaRegistry.mayWrite": None,
    "streaming.schemaRegistry.mutableMode": None,
    "streaming.schemaRegistry.compatibility": "NONE",
    "streaming.schemaRegistry.mode": "READWRITE",
    "streaming.schemaRegistry.sourceRanges": ["198.51.100.0/24"],
    "streaming.connectors.0.database": "telegraf",
    "streaming.connectors.0.onError": "stop",
    "streaming.connectors.0.engine": None,
    "streaming.connectors.1.engine": None,
    "streaming.connectors.1.database": "telegraf",
    "timeseries.influxdb.databases.0.retention.0.name": None,
    "timeseries.influxdb.databases.0.name": None,
    "timeseries.influxdb.databases.1.name": None,
    "timeseries.influxdb.databases.2.name": None,
    "timeseries.influxdb.databases.3.retention.0.name": None,
    "monitoring.database": "efd",
}
"""Another value where adding one is not enough; none where rules fix the value."""

_AMOUNT = re.compile(r"(\d+)([a-zA-Z]*)")
_TOKEN = re.compile(r"[a-z].*")


def _leaves(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every value in a site; lists of texts and mappings count as one."""
    if isinstance(value, dict) and not path.endswith("nodeLabels"):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and isinstance(value[0], dict):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}.{index}")
    else:
        yield path


def _fields(value: BaseModel, path: str = "") -> Iterator[str]:
    """Yield the path of every field of a parsed site."""
    for name, field in type(value).model_fields.items():
        here = f"{path}.{field.alias}" if path else str(field.alias)
        item = getattr(value, name)
        items = item if isinstance(item, tuple) else [item]
        sections = [section for section in items if isinstance(section, BaseModel)]
        if not sections:
            yield here
        for index, section in enumerate(sections):
            yield from _fields(section, f"{here}.{index}" if isinstance(item, tuple) else here)


def _other(path: str) -> Any:
    """Return another value for a path."""
    value = at(full_site(), path)
    if path in _OTHER:
        return _OTHER[path]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return [f"x{value[0]}"]
    if amount := _AMOUNT.fullmatch(value):
        return f"{int(amount[1]) + 1}{amount[2]}"
    return f"{value}1" if path.startswith("images.") else f"x{value}"


@cache
def _rendered(path: str | None) -> str:
    site = full_site() if path is None else changed(full_site(), path, _other(path))
    return canonical(run_program(site))


def _number(path: str, index: int) -> tuple[Any, str] | None:
    """Return a number that stands nowhere else, as value and as it is rendered."""
    value = at(full_site(), path)
    if path.endswith(("maxMessage", "ingestPerDay", "produce", "consume")) or not isinstance(
        value, str
    ):
        return None
    if re.fullmatch(Quantity.pattern, value):
        amount = Quantity(value).mebibytes + index
        return f"{amount}Mi", f"{amount}{'m' if path.endswith('heap') else 'Mi'}"
    if path.endswith(("cpu", "cpuLimit")):
        amount = Cpu(value).millicores + index
        return f"{amount}m", f"{amount}m"
    return None


def _word(path: str) -> tuple[Any, str] | None:
    """Return a word that stands nowhere else, where the value is one by itself."""
    value = at(full_site(), path)
    if path in _OTHER or not isinstance(value, str) or not _TOKEN.fullmatch(value):
        return None
    word = _other(path)
    return word, word.replace("\\", "\\\\")


_LEAVES = list(_leaves(full_site()))
_TOKENS = {
    path: token
    for index, path in enumerate(_LEAVES, start=1)
    if (token := _number(path, index) or _word(path))
}


@cache
def _rendered_with_all_tokens() -> str:
    site = full_site()
    for path, (value, _) in _TOKENS.items():
        site = changed(site, path, value)
    return canonical(run_program(site))


def test_the_full_site_says_every_value_there_is() -> None:
    said = {re.sub(r"\.\d+\.", ".", leaf) for leaf in _LEAVES}
    known = {re.sub(r"\.\d+\.", ".", field) for field in _fields(parse_site(full_site()))}
    assert known - said == set(_ABSENT), "add the new value to the full site"


@pytest.mark.parametrize("path", _TOKENS)
def test_a_word_or_amount_is_rendered(path: str) -> None:
    _, token = _TOKENS[path]
    assert token not in _rendered(None), "a token must stand for one value only"
    assert path in _NOTHING_RENDERED or token in _rendered_with_all_tokens()


@pytest.mark.parametrize(
    "path", [p for p in _LEAVES if p not in _TOKENS and _OTHER.get(p, "") is not None]
)
def test_a_changed_value_changes_what_is_rendered(path: str) -> None:
    is_rendered = _rendered(path) != _rendered(None)
    assert is_rendered is (path not in _NOTHING_RENDERED)


@pytest.mark.parametrize("path", _ABSENT)
def test_what_the_full_site_cannot_say_is_rendered_too(path: str) -> None:
    section, _, key = path.rpartition(".")
    kept, other, token = _INSTEAD.get(
        path, (at(full_site(), section), "another-name", "another-name")
    )
    site = changed(full_site(), section, {**kept, key: other})
    assert token in canonical(run_program(site))
