"""Who holds which field of an object: what the API server keeps in `metadata.managedFields`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drift.path import Path, at, touch

_OF_THE_CLUSTER = {
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "cloud-controller-manager",
}
"""Managers that write into every object what nobody deploys, such as the volume of a claim."""
_NOTES = {"status", "apiVersion", "kind"}
_LABELS = ("metadata", "labels")

_Keys = tuple[str, ...]
_Set = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """The fields that one manager has set in one way."""

    manager: str
    since: str
    """When it last changed any of them, UTC; empty where the server does not say."""
    subresource: str
    fields: Mapping[_Keys, Path]
    """Where each is, by its place in the server's own notation."""
    raw: Mapping[str, Any]

    def holds(self, path: Path) -> bool:
        """Whether a field, a part of it, or what it is a part of is among them."""
        return any(touch(field, path) for field in self.fields.values())

    @property
    def is_foreign(self) -> bool:
        """Whether what it holds is wanted by somebody, and not what a cluster always writes."""
        return self.subresource != "status" and self.manager not in _OF_THE_CLUSTER


def entries(live: Mapping[str, Any]) -> list[Entry]:
    """Return who holds what of an object."""
    return [
        Entry(
            manager=raw.get("manager", ""),
            since=raw.get("time", ""),
            subresource=raw.get("subresource", ""),
            fields=dict(_fields(raw.get("fieldsV1", {}), live)),
            raw=raw,
        )
        for raw in live["metadata"].get("managedFields", [])
    ]


def holder(live: Mapping[str, Any], path: Path, ours: str) -> Entry | None:
    """Return who beside us has last changed a field; none where somebody has removed it."""
    others = [entry for entry in entries(live) if entry.manager != ours and entry.holds(path)]
    return max(others, key=lambda entry: entry.since, default=None)


def foreign(
    live: Mapping[str, Any], inputs: Mapping[str, Any], ours: str
) -> Iterator[tuple[Path, Entry, bool]]:
    """Yield what others have set in an object, and whether it was added to what was deployed.

    Of the metadata only labels count: annotations and finalizers are where controllers keep notes.
    """
    found = entries(live)
    mine = {path for entry in found if entry.manager == ours for path in entry.fields.values()}
    seen: set[Path] = set()
    for entry in found:
        if entry.manager == ours or not entry.is_foreign:
            continue
        for keys, path in entry.fields.items():
            if not _is_wanted(path) or path in mine or at(live, path) is None:
                continue
            deployed = _deployed(inputs, keys)
            whole = path[: deployed + 1]
            if whole not in seen:
                yield whole, entry, deployed < len(keys)
            seen.add(whole)


def _deployed(inputs: Any, keys: _Keys) -> int:
    """Return how many of the keys lead to something that was deployed.

    With the next one begins what was added: a whole item of a list, a whole map. Lists are not in
    the order in which they were deployed when somebody has added to them.
    """
    for number, key in enumerate(keys):
        inputs = at(inputs, (_element(key, inputs),))
        if inputs is None:
            return number
    return len(keys)


def _is_wanted(path: Path) -> bool:
    return path[0] not in _NOTES and (path[0] != "metadata" or path[:2] == _LABELS)


def handed_over(
    live: Mapping[str, Any], paths: Sequence[Path], ours: str, now: str
) -> list[dict[str, Any]]:
    """Return `managedFields` in which we hold some fields, as if we had applied them.

    Everything else stays with whoever has it. What we have applied and apply no longer, the server
    removes.
    """
    taken: list[_Keys] = []
    kept: list[dict[str, Any]] = []
    for entry in entries(live):
        if entry.manager == ours and not entry.subresource:
            # Made by an update, and from then on by applying: both are ours.
            taken += entry.fields
            continue
        theirs = [
            keys
            for keys, path in entry.fields.items()
            if entry.manager != ours and any(touch(path, one) for one in paths)
        ]
        taken += theirs
        left = [keys for keys in entry.fields if keys not in theirs]
        if left:
            kept.append({**entry.raw, "fieldsV1": _set_of(left)})
    applied = {
        "manager": ours,
        "operation": "Apply",
        "apiVersion": live["apiVersion"],
        "time": now,
        "fieldsType": "FieldsV1",
        "fieldsV1": _set_of(taken),
    }
    return [*kept, applied]


def _fields(
    fields: _Set, live: Any, keys: _Keys = (), path: Path = ()
) -> Iterator[tuple[_Keys, Path]]:
    for key, inner in fields.items():
        if key == ".":
            # It holds that there is such a map or item; alone, all that is in it.
            yield (*keys, key), (*path, ".") if len(fields) > 1 else path
            continue
        element = _element(key, live)
        place = (*path, element)
        if inner:
            yield from _fields(inner, at(live, (element,)), (*keys, key), place)
        else:
            yield (*keys, key), place


def _element(key: str, live: Any) -> str | int:
    """Return where in the object a key of the server's notation leads."""
    kind, _, rest = key.partition(":")
    if kind == "f":
        return rest
    if kind == "i":
        return int(rest)
    wanted = json.loads(rest)
    for number, item in enumerate(live if isinstance(live, list) else []):
        # A key that has its default, such as a protocol, need not be said.
        if item == wanted or (kind == "k" and {**wanted, **item} == {**item, **wanted}):
            return number
    return key


def _set_of(leaves: Sequence[_Keys]) -> _Set:
    made: _Set = {}
    for leaf in leaves:
        inner = made
        for key in leaf:
            inner = inner.setdefault(key, {})
    return made
