"""What differs from what was deployed, and who did it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from drift import path
from drift.cluster import Cluster
from drift.ownership import Entry, foreign, holder
from drift.path import Path
from drift.stack import Resource, Step

Kind = Literal["changed", "added", "held", "gone"]
_LONGEST = 48
"""Characters of a value that are shown."""
_HIDDEN = "[secret]"


@dataclass(frozen=True)
class Difference:
    """One field of an object, or all of it."""

    resource: Resource
    kind: Kind
    """What is held has the value that the state says, and somebody else's: the next change of it is
    refused."""
    field: Path
    deployed: str
    found: str
    holder: Entry | None
    """None where nobody holds it: it was removed."""

    @property
    def data(self) -> dict[str, str]:
        """The same for a program."""
        return {
            "object": self.resource.name,
            "urn": self.resource.urn,
            "kind": self.kind,
            "field": path.written(self.field),
            "deployed": self.deployed,
            "found": self.found,
            "manager": self.holder.manager if self.holder else "",
            "subresource": self.holder.subresource if self.holder else "",
            "since": self.holder.since if self.holder else "",
        }


def differences(steps: Sequence[Step], cluster: Cluster) -> list[Difference]:
    """Return what the engine finds, and the fields that others have added, which it does not."""
    objects = [step for step in steps if step.resource.is_object and step.operation != "delete"]
    live = {_key(each): each for each in cluster.live([step.resource.stub for step in objects])}
    found: list[Difference] = []
    for step in steps:
        there = live.get(_key(step.resource.stub)) if step.resource.is_object else None
        found += _of_step(step, there)
    return sorted(found, key=lambda one: (one.resource.name, path.written(one.field)))


def _of_step(step: Step, live: Mapping[str, Any] | None) -> Iterator[Difference]:
    resource = step.resource
    if step.operation == "delete":
        yield Difference(resource, "gone", (), "", "", None)
    elif step.operation == "update":
        for field in step.fields or ("",):
            where = path.parse(field)
            old, new = path.at(resource.inputs, where), path.at(step.found, where)
            who = holder(live, where, resource.manager) if live else None
            yield Difference(resource, "changed", where, *_told(resource, old, new), who)
    if live:
        changed = [path.parse(field) for field in step.fields]
        for where, who, is_added in foreign(live, resource.inputs, resource.manager):
            if not any(path.touch(where, one) for one in changed):
                _, new = _told(resource, None, path.at(live, where))
                yield Difference(resource, "added" if is_added else "held", where, "", new, who)


def _told(resource: Resource, old: Any, new: Any) -> tuple[str, str]:
    """Return two values in short; of two texts, the first line in which they differ."""
    if resource.outputs.get("kind") == "Secret":
        return _HIDDEN if old is not None else "", _HIDDEN if new is not None else ""
    if isinstance(old, str) and isinstance(new, str):
        olds, news = old.splitlines(), new.splitlines()
        pairs = zip([*olds, *[""] * len(news)], [*news, *[""] * len(olds)], strict=False)
        old, new = next((pair for pair in pairs if pair[0] != pair[1]), (old, new))
    return _short(old), _short(new)


def _short(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _key(named: Mapping[str, Any]) -> tuple[str, ...]:
    metadata = named["metadata"]
    group = named["apiVersion"].rpartition("/")[0]
    return group, named["kind"], metadata.get("namespace", ""), metadata["name"]
