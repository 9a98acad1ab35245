"""Copies: what belongs to one, which there are, and which may go.

``influxdb/DATABASE/POLICY/START-SHARD/STATE.tar.gz`` is a shard in one state of its files;
``….json`` beside it, its entry, says what it is. ``state/TIME/…`` are the files of the rest.
``copies/TIME.json`` is a copy: the entries and files that belong to it, each with its digest. It
is written last, so that a copy is whole or not there; a shard that did not change is in many.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from .destination import DamagedError, Destination, get, put

COPIES, REHEARSALS, SHARDS, STATE = "copies/", "rehearsals/", "influxdb/", "state/"
_STAMP = "%Y%m%dT%H%M%SZ"

Entry = dict[str, Any]


@dataclass(frozen=True)
class Copy:
    """One copy, as its file says."""

    name: str
    """When it was begun, in UTC."""
    said: dict[str, Any]

    @property
    def taken(self) -> float:
        """When it was begun, in seconds since 1970."""
        return float(self.said["taken"])

    @property
    def shards(self) -> list[dict[str, Any]]:
        """The ``entry`` of each shard, with its ``sha256`` and the archive's ``file`` and size."""
        return list(self.said["shards"])

    @property
    def state(self) -> list[dict[str, Any]]:
        """By ``what``, the other files, each with ``file``, ``sha256`` and ``bytes``."""
        return list(self.said["state"])

    @property
    def files(self) -> dict[str, int | None]:
        """Everything that belongs to it, with sizes where they are known."""
        archives = {shard["file"]: shard["bytes"] for shard in self.shards}
        others = {item["file"]: item["bytes"] for item in self.state}
        return {**archives, **others, **{shard["entry"]: None for shard in self.shards}}

    def entry(self, where: Destination, shard: dict[str, Any]) -> Entry:
        """Return what is known of a shard."""
        found: Entry = json.loads(get(where, shard["entry"], shard["sha256"]))
        return found

    def missing(self, present: dict[str, int]) -> list[str]:
        """Return what is not there, or has another size."""
        return [
            name
            for name, size in self.files.items()
            if name not in present or size not in (None, present[name])
        ]


def new_name(now: float) -> str:
    """Return the name of a copy begun now."""
    return time.strftime(_STAMP, time.gmtime(now))


def names(where: Destination) -> list[str]:
    """Return the names of all copies, oldest first."""
    return sorted(key.removeprefix(COPIES).removesuffix(".json") for key in where.sizes(COPIES))


def write(where: Destination, name: str, said: dict[str, Any]) -> Copy:
    """Write a copy's file, and read it back."""
    text = json.dumps(said, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    put(where, f"{COPIES}{name}.json", json.dumps({"sha256": digest, "copy": said}).encode())
    return read(where, name)


def read(where: Destination, name: str) -> Copy:
    """Return a copy; one whose file was changed is refused."""
    key = f"{COPIES}{name}.json"
    try:
        whole = json.loads(get(where, key))
        said, digest = whole["copy"], whole["sha256"]
    except (ValueError, LookupError, TypeError):
        raise DamagedError(f"{key} is damaged: it cannot be read") from None
    found = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    if found != digest:
        raise DamagedError(f"{key} is damaged: its SHA-256 is {found}, not {digest}")
    return Copy(name, said)


def newest(where: Destination, wanted: str = "newest") -> Copy:
    """Return the copy of a name, or the newest one."""
    there = names(where)
    if not there:
        raise DamagedError("there is no copy")
    if wanted == "newest":
        return read(where, there[-1])
    if wanted not in there:
        raise DamagedError(f"there is no copy {wanted}; there are {', '.join(there)}")
    return read(where, wanted)


def prune(where: Destination, keep: int) -> list[str]:
    """Remove what is too old; return the copies that went.

    Kept are the newest ``keep`` that are whole, whatever is newer than those, and the newest that
    passed a rehearsal. Where a copy cannot be read, nothing is known of its files, and all stay.
    """
    there = names(where)
    read_copies = {name: read(where, name) for name in there}
    present = {**where.sizes(SHARDS), **where.sizes(STATE)}
    whole = [name for name in there if not read_copies[name].missing(present)]
    if not whole:
        return []
    oldest = whole[-keep:][0]
    passed = [name for name in whole if (rehearsed(where, name) or {}).get("ok")]
    kept = {name for name in there if name >= oldest} | set(passed[-1:])
    gone = [name for name in there if name not in kept]
    for name in gone:
        where.remove(f"{COPIES}{name}.json")
    needed = {file for name in kept for file in read_copies[name].files}
    for file in present.keys() - needed:
        where.remove(file)
    for key in where.sizes(REHEARSALS):
        if key.removeprefix(REHEARSALS).removesuffix(".json") not in kept:
            where.remove(key)
    return gone


def rehearsed(where: Destination, name: str) -> dict[str, Any] | None:
    """Return how the rehearsal of a copy went, if there was one."""
    key = f"{REHEARSALS}{name}.json"
    if key not in where.sizes(key):
        return None
    found: dict[str, Any] = json.loads(get(where, key))
    return found
