"""Files of ConfigMaps, as differences line by line; and who may do what, where a file says it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from typing import Any

from report.change import Change
from report.entry import Entry, Section
from report.field import FieldChange, differences

_INFLUXDB_USERS = "efd:timeseries:InfluxDbSetup"
_SETTINGS = "settings.json"
_DIGEST = ("env", "PODS", "value")
"""Where the check of the brokers' roll has a digest of names that are made up."""
_CONTEXT = 2
"""Unchanged lines around a changed one."""
_CONTENT = ("data", "stringData")


def fields(change: Change) -> list[FieldChange]:
    """Return what differs, without contents and what only follows from made-up names."""
    found = differences(change.old, change.new)
    is_content = change.kind in ("ConfigMap", "Secret")
    return [
        field
        for field in found
        if field.path[-3:] != _DIGEST and not (is_content and field.path[0] in _CONTENT)
    ]


def file_entries(change: Change, where: Section) -> Iterator[Entry]:
    """Yield one entry for each file that differs."""
    old, new = change.old.get("data") or {}, change.new.get("data") or {}
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield Entry(
                section=where,
                operation=_file_operation(name, old, new),
                kind="file",
                subject=f"{change.subject}: {name}",
                detail=file_difference(name, old.get(name), new.get(name)),
                language="diff",
                sites=(change.site,),
            )
    others = fields(change)
    if others:
        yield Entry(
            section=Section.REST,
            operation=change.operation,
            kind=change.kind,
            subject=change.subject,
            detail="\n".join(map(str, others)),
            sites=(change.site,),
        )


def _file_operation(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    if name not in old:
        return "create"
    return "update" if name in new else "delete"


def file_difference(name: str, old: str | None, new: str | None) -> str:
    """Return the unified difference of two texts; one that ends without a newline says so."""
    before = "/dev/null" if old is None else f"a/{name}"
    after = "/dev/null" if new is None else f"b/{name}"
    found = unified_diff(_lines(old), _lines(new), before, after, n=_CONTEXT, lineterm="")
    return "\n".join(found)


def _lines(text: str | None) -> Sequence[str]:
    if not text:
        return []
    lines = text.split("\n")
    if lines[-1] == "":
        return lines[:-1]
    return [*lines[:-1], f"{lines[-1]} (no newline at the end)"]


def users_of_influxdb(change: Change) -> Iterator[Entry]:
    """Tell of users and rights as of access, besides the file that holds them."""
    if change.owner != _INFLUXDB_USERS:
        return
    before, after = (
        _users((side.get("data") or {}).get(_SETTINGS)) for side in (change.old, change.new)
    )
    found = [str(field) for field in differences(before, after)]
    if found:
        yield Entry(
            section=Section.ACCESS,
            operation="update",
            kind="users of InfluxDB",
            subject=change.subject,
            detail="\n".join(found),
            sites=(change.site,),
        )


def _users(text: str | None) -> dict[str, Any]:
    return {user["name"]: user for user in json.loads(text or "{}").get("users", ())}
