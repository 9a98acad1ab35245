"""What is said of a change besides its fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from report.change import PODS, Change
from report.roll import is_brokers, roll
from report.secret_text import HIDDEN

_SECRETS = ("Secret", "RandomPassword")


def remarks(change: Change, description: Mapping[str, Any], *, shown: bool) -> Iterator[str]:
    """Yield sentences; ``description`` is the site's, ``shown`` whether its fields are told."""
    if change.operation in ("replace", "delete") and change.protected:
        yield "It is protected: the engine refuses this until somebody takes the protection away."
    if change.operation in ("replace", "delete") and change.retained:
        yield "The cluster keeps the object, and the stack forgets it."
    if change.causes:
        yield f"It reads what changes: {', '.join(change.causes)}."
    if change.kind in PODS:
        yield from _pods(change, description)
    if change.kind in _SECRETS:
        yield from _secret(change)
    elif change.kind == "ConfigMap" and not (change.old and change.new):
        yield from _whole_files(change)
    elif change.operation in ("update", "replace") and not shown and not change.causes:
        if change.reasons:
            yield f"Values are not shown: {', '.join(change.reasons)}."
        else:
            yield "Nothing of its own differs: something that it depends on is replaced."


def _pods(change: Change, description: Mapping[str, Any]) -> Iterator[str]:
    if change.operation == "delete":
        yield "Its pods end."
    elif change.operation == "replace":
        yield "It is made anew: all of its pods stop first."
    elif change.restarts and is_brokers(change):
        yield roll(change, description)
    elif change.restarts:
        yield _restart(change)


def _restart(change: Change) -> str:
    spec: Mapping[str, Any] = change.new.get("spec") or {}
    if change.kind == "DaemonSet":
        return "Its pods restart, node by node."
    count = int(spec.get("replicas", 1))
    pods = f"{count} pod{'' if count == 1 else 's'}"
    if (spec.get("strategy") or {}).get("type") == "Recreate":
        return f"{pods}: all stop before the new ones start."
    if change.kind == "StatefulSet":
        return f"{pods}: each stops before its successor starts."
    return f"{pods}: each new one is ready before an old one stops."


def _secret(change: Change) -> Iterator[str]:
    """Tell of a Secret's keys, and of nothing that they hold."""
    data = change.new.get("data") or change.new.get("stringData")
    if change.operation == "replace" and change.kind == "RandomPassword":
        yield "A new value is generated."
    elif isinstance(data, Mapping) and change.operation in ("replace", "update"):
        other = sorted(key for key, value in data.items() if value != HIDDEN)
        yield f"Other values of: {', '.join(other)}." if other else "No value differs."
    elif change.operation in ("replace", "update"):
        yield "Its values differ."


def _whole_files(change: Change) -> Iterator[str]:
    files: Mapping[str, Any] = change.either.get("data") or {}
    lines = sum(len(str(text).splitlines()) for text in files.values())
    yield f"{', '.join(sorted(files))}: {lines} lines in all."
