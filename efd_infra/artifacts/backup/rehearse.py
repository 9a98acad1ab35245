"""Restore the newest copy beside the live server, see that everything is in it, and remove it.

One shard after the other is put into an empty server in this pod and counted: what its entry says
must be there, and, where the live server's files have not changed since, what that server counts
now. The newest shard of each policy is first; after those each run begins at another one, so that
all have their turn where the time is not enough. Of the other files digests are compared.

SCRATCH_URL, SCRATCH_BACKUP  the empty server in this pod
SCRATCH_BYTES                what it has room for
and what ``take`` reads
"""

# ruff: noqa: T201 -- a program by itself: what it prints is its events

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from . import copies
from .census import Stretch, census, differences
from .copies import Copy, Entry
from .destination import DamagedError, Destination, checked, destination, put
from .door import door_of
from .influx import Influx, quoted
from .loading import load
from .report import report
from .snapshots import Listing, ServerError, Snapshots, listed
from .take import fingerprint
from .window import Window

SCRATCH = "rehearsal"
START = 120
"""Seconds that the empty server may take to start."""


def order(entries: list[Entry], turn: int) -> list[Entry]:
    """Return the newest of each policy, then the others, beginning elsewhere at each turn."""
    newest: dict[tuple[str, str], Entry] = {}
    for entry in sorted(entries, key=lambda entry: int(entry["start"])):
        newest[entry["database"], entry["policy"]] = entry
    first = list(newest.values())
    rest = [entry for entry in entries if entry not in first]
    begin = turn % len(rest) if rest else 0
    return [*first, *rest[begin:], *rest[:begin]]


@dataclass
class Rehearsal:
    """Restores and compares."""

    where: Destination
    scratch: Influx
    snapshots: Snapshots
    live: Influx
    files: Listing
    room: int
    problems: list[str] = field(default_factory=list)
    restored: int = 0
    size: int = 0

    def shard(self, entry: Entry) -> None:
        """Restore one shard, count, and remove it."""
        place = f"{entry['database']}/{entry['policy']}/{entry['shard']}"
        if entry["raw"] > self.room:
            self.problems.append(f"{place} has {entry['raw']} bytes; there is room for {self.room}")
            return
        try:
            load(self.where, entry, self.snapshots, SCRATCH)
            found = [f"{place}: {each}" for each in self._differences(entry, place)]
        except (DamagedError, ServerError, OSError) as error:
            found = [f"{place}: {error}"]
        finally:
            self.scratch.query(f"DROP DATABASE {quoted(SCRATCH)}")
        self.problems += found
        self.restored += 1
        self.size += int(entry["bytes"])
        print(f"{place} {'differs' if found else 'is as it was'}", flush=True)

    def _differences(self, entry: Entry, place: str) -> Iterator[str]:
        span = (entry["policy"], entry["start"], entry["until"])
        here = census(self.scratch, Stretch(SCRATCH, *span))
        settled = bool(entry["settled"])
        yield from differences(entry["census"], here, exactly=settled)
        if settled and fingerprint(self.files.get(place, {})) == entry["state"]:
            there = census(self.live, Stretch(entry["database"], *span), gently=True)
            for each in differences(there, here, exactly=True):
                yield f"{each} (as the live server counts)"

    def other_files(self, copy: Copy) -> None:
        """Compare the digests of what is no shard, and see that no file is missing."""
        present = {**self.where.sizes(copies.SHARDS), **self.where.sizes(copies.STATE)}
        self.problems += [f"{name} is missing or cut" for name in copy.missing(present)]
        for item in copy.state:
            try:
                for _ in checked(self.where, item["file"], item["sha256"]):
                    pass
            except (DamagedError, OSError) as error:
                self.problems.append(str(error))


def _wait(scratch: Influx) -> None:
    ends = time.monotonic() + START
    while not scratch.answers():
        if time.monotonic() > ends:
            raise ServerError("the empty server does not start")
        time.sleep(1)


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Rehearse; return whether something is wrong."""
    began, window = time.monotonic(), Window.of(environ)
    where, live = destination(environ), Influx.of(environ)
    live.wait()
    address, key = door_of(environ)
    host, _, port = environ["SCRATCH_BACKUP"].rpartition(":")
    rehearsal = Rehearsal(
        where,
        Influx(environ["SCRATCH_URL"]),
        Snapshots.beside((host, int(port))),
        live,
        listed(address, key),
        int(environ["SCRATCH_BYTES"]),
    )
    total = 0
    try:
        copy = copies.newest(where)
        entries = [copy.entry(where, shard) for shard in copy.shards]
        total = len(entries)
        _wait(rehearsal.scratch)
        rehearsal.other_files(copy)
        for entry in order(entries, turn=int(time.time()) // 86_400):
            if window.over:
                break
            rehearsal.shard(entry)
        said = {"ok": not rehearsal.problems, "at": time.time(), "problems": rehearsal.problems}
        put(where, f"{copies.REHEARSALS}{copy.name}.json", json.dumps(said).encode())
    except (DamagedError, ServerError, OSError) as error:
        rehearsal.problems.append(str(error))
    for problem in rehearsal.problems:
        print(problem, flush=True)
    print(f"restored {rehearsal.restored} of {total} shards", flush=True)
    report(
        live,
        environ,
        "rehearsal",
        ok=not rehearsal.problems,
        age=None if rehearsal.problems else 0.0,
        size=rehearsal.size,
        seconds=time.monotonic() - began,
    )
    return int(bool(rehearsal.problems))


if __name__ == "__main__":
    sys.exit(main())
