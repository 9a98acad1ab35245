"""Take a copy of everything: the shards that changed since the last one, and the state of services.

A run that is ended, or whose time is over, leaves what it has stored; the next one goes on there.

DATABASES     names, with commas
RATE          bytes a second that a shard may be read with
KEEP          copies that are kept
SITE          whose copy it is
and what ``destination``, ``door_of``, ``influx``, ``report``, ``services`` and ``window`` read
"""

# ruff: noqa: T201 -- a program by itself: what it prints is its events

import base64
import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import copies, meta
from .archive import Archive, BrokenArchiveError
from .census import Stretch, census
from .destination import Destination, destination, get, put
from .door import Address, door_of
from .influx import Influx
from .report import report
from .services import services
from .snapshots import Listing, ServerError, Snapshots, Throttle, listed
from .window import OverError, Window

LATE = 600 * 10**9
"""Nanoseconds: of a shard that is still written, the last points are not counted."""
ATTEMPTS, PAUSE = 4, 15
"""How often, and after how many seconds, a shard is asked for. One that has long been at rest and
gets late points cannot be copied for some ten seconds ("snapshots disabled"), until InfluxDB has
noticed (``tsdb.Store.monitorShards``)."""

Files = dict[str, list[int]]


def fingerprint(files: Mapping[str, list[int]]) -> str:
    """Return what says whether a shard has changed: TSM files never do, they are replaced."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]


@dataclass
class Taker:
    """Takes the shards of one copy."""

    where: Destination
    influx: Influx
    door: Address
    key: bytes
    rate: float
    window: Window
    taken: int = 0
    """Bytes stored by this run."""

    def shards(self, databases: list[str]) -> list[dict[str, Any]]:
        """Return the shards of a copy, those stored earlier among them."""
        snapshots = Snapshots.behind_door(self.door, self.key)
        data = snapshots.metadata()
        present = self.where.sizes(copies.SHARDS)
        files = listed(self.door, self.key)
        found: list[dict[str, Any]] = []
        for shard in meta.shards(data):
            if shard.database not in databases or shard.place not in files:
                continue
            name = f"{_folder(shard)}/{fingerprint(files[shard.place])}"
            key = f"{name}.json"
            if key not in present:
                size = sum(size for size, _ in files[shard.place].values())
                self.window.take(size / self.rate, shard.place)
                key = self._take(snapshots, shard, name, data)
            found.append(self._reference(key))
        return found

    def _reference(self, key: str) -> dict[str, Any]:
        text = get(self.where, key)
        entry = json.loads(text)
        return {
            "entry": key,
            "sha256": hashlib.sha256(text).hexdigest(),
            "file": entry["file"],
            "bytes": entry["bytes"],
        }

    def _take(self, snapshots: Snapshots, shard: meta.Shard, name: str, data: bytes) -> str:
        began, now = time.monotonic(), time.time_ns()
        before, archive, after = self.archive(snapshots, shard, f"{name}.tar.gz")
        until = min(shard.end, max(shard.start, now - LATE))
        stretch = Stretch(shard.database, shard.policy, shard.start, until)
        counted = census(self.influx, stretch, gently=True)
        # What was only logged is in files now: if nothing else is, this is the state they are in.
        same = {file: size for file, (size, _) in after.items()} == archive.files
        entry = {
            "database": shard.database,
            "policy": shard.policy,
            "shard": shard.id,
            "start": shard.start,
            "end": shard.end,
            "until": until,
            "state": fingerprint(after if same else before),
            "settled": same and until == shard.end and self._files(shard) == after,
            "tombstones": sum(file.endswith(".tombstone") for file in archive.files),
            "meta": base64.b64encode(meta.only(data, shard)).decode(),
            "file": f"{name}.tar.gz",
            "bytes": archive.bytes,
            "raw": archive.raw,
            "sha256": archive.sha256,
            "census": counted,
        }
        key = f"{_folder(shard)}/{entry['state']}.json"
        put(self.where, key, json.dumps(entry).encode())
        self.taken += archive.bytes
        print(
            f"stored {shard.place}: {archive.bytes} bytes in {time.monotonic() - began:.1f} s",
            flush=True,
        )
        return key

    def archive(
        self, snapshots: Snapshots, shard: meta.Shard, key: str
    ) -> tuple[Files, Archive, Files]:
        """Store an archive; return what the shard's files were before it, and after it."""
        for _ in range(ATTEMPTS - 1):
            try:
                return self._archive(snapshots, shard, key)
            except BrokenArchiveError as error:
                print(f"{shard.place}: {error}; once more in {PAUSE} s", flush=True)
                time.sleep(PAUSE)
        return self._archive(snapshots, shard, key)

    def _archive(
        self, snapshots: Snapshots, shard: meta.Shard, key: str
    ) -> tuple[Files, Archive, Files]:
        before = self._files(shard)
        with self.where.writing(key) as out:
            archive = Archive(out)
            snapshots.shard(shard.id, archive.take, Throttle(self.rate))
            archive.finish()
            after = self._files(shard)
            if lost := _left_out(before, after, archive.files):
                raise BrokenArchiveError(f"the server left out {', '.join(lost)} of {shard.place}")
        return before, archive, after

    def _files(self, shard: meta.Shard) -> Files:
        found: Listing = listed(self.door, self.key)
        return found.get(shard.place, {})


def _folder(shard: meta.Shard) -> str:
    start = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(shard.start // 10**9))
    return f"{copies.SHARDS}{shard.database}/{shard.policy}/{start}-{shard.id}"


def _left_out(
    before: dict[str, list[int]], after: dict[str, list[int]], stored: dict[str, int]
) -> list[str]:
    """Return what was there all the time, and is not in the archive as it was."""
    lasting = {n: f[0] for n, f in before.items() if after.get(n) == f and not n.endswith(".wal")}
    return sorted(name for name, size in lasting.items() if stored.get(name) != size)


def main() -> int:
    """Take a copy; return whether something is wrong."""
    environ = os.environ
    began, clock = time.time(), time.monotonic()
    where, influx = destination(environ), Influx.of(environ)
    influx.wait()
    address, key = door_of(environ)
    name = copies.new_name(began)
    taker = Taker(where, influx, address, key, float(environ["RATE"]), Window.of(environ))
    wrong: list[str] = []
    state: list[dict[str, Any]] = []
    for service in services(environ):
        start = time.monotonic()
        try:
            item = service.store(where, f"{copies.STATE}{name}/")
        except Exception as error:  # noqa: BLE001 -- one service must not keep the others' away
            print(f"{service.what}: {error}", flush=True)
            wrong.append(service.what)
            continue
        state.append(item)
        seconds = time.monotonic() - start
        report(influx, environ, service.what, ok=True, age=0, size=item["bytes"], seconds=seconds)
    try:
        shards = taker.shards(environ["DATABASES"].split(","))
    except (OverError, ServerError, BrokenArchiveError, OSError) as error:
        print(f"no copy yet: {error}", flush=True)
        seconds = time.monotonic() - clock
        report(influx, environ, "copy", ok=False, age=None, size=taker.taken, seconds=seconds)
        return 1
    said = {"site": environ["SITE"], "taken": began, "shards": shards, "state": state}
    copy = copies.write(where, name, said)
    print(f"copy {copy.name}: {len(shards)} shards, {taker.taken} bytes new", flush=True)
    for gone in copies.prune(where, int(environ["KEEP"])):
        print(f"removed copy {gone}", flush=True)
    seconds = time.monotonic() - clock
    report(
        influx,
        environ,
        "copy",
        ok=not wrong,
        age=time.time() - began,
        size=taker.taken,
        seconds=seconds,
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
