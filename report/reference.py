"""Which ConfigMaps and Secrets the pods of a workload read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from report.change import TEMPLATED, Change, template

_KEYS = {
    "configMap": ("name", "ConfigMap"),
    "secret": ("secretName", "Secret"),
    "configMapKeyRef": ("name", "ConfigMap"),
    "secretKeyRef": ("name", "Secret"),
    "configMapRef": ("name", "ConfigMap"),
    "secretRef": ("name", "Secret"),
}
"""Where a pod names one: the key that holds its name, and its kind."""
_FILES = ("ConfigMap", "Secret")


def read_by(inputs: Mapping[str, Any]) -> set[str]:
    """Return ``Kind namespace/name`` of each that the pods of a workload read."""
    namespace = (inputs.get("metadata") or {}).get("namespace", "")
    return {f"{kind} {namespace}/{name}" for kind, name in _names(template(inputs))}


def _names(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key in _KEYS and isinstance(item, Mapping):
                inner, kind = _KEYS[key]
                name = item.get(inner) or item.get("name")  # a projected Secret says name
                if isinstance(name, str):
                    yield kind, name
            yield from _names(item)


def contents(changes: Iterable[Change]) -> dict[str, str]:
    """Return what people call each ConfigMap and Secret that gets another content, by its key."""
    return {
        key(inputs): f"{change.kind} {change.subject}"
        for change in changes
        if change.kind in _FILES and change.operation == "replace"
        for inputs in (change.old, change.new)
    }


def key(inputs: Mapping[str, Any]) -> str:
    """Return ``Kind namespace/name`` of an object."""
    metadata = inputs.get("metadata") or {}
    return f"{inputs.get('kind')} {metadata.get('namespace', '')}/{metadata.get('name', '')}"


def causes(change: Change, changed: Mapping[str, str]) -> tuple[str, ...]:
    """Return those of the ``changed`` that a workload reads afterwards."""
    if change.kind not in TEMPLATED or not change.new:
        return ()
    return tuple(sorted({changed[name] for name in read_by(change.new) & changed.keys()}))
