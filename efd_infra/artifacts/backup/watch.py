"""Say how old the newest copy is, of each thing that belongs to one, as the destination has it.

A point that a backup writes at its end would not grow older when no backup runs any more.

EXPECTED  what there must be, with commas
and what ``destination``, ``influx`` and ``report`` read
"""

# ruff: noqa: T201 -- a program by itself: what it prints is its events

import os
import sys
import time
from collections.abc import Mapping

from . import copies
from .destination import DamagedError, Destination, destination
from .influx import Influx
from .report import report


def newest(where: Destination) -> dict[str, tuple[float, int]]:
    """Return when the newest of each thing was taken, and its bytes, of copies that are whole."""
    present = {**where.sizes(copies.SHARDS), **where.sizes(copies.STATE)}
    found: dict[str, tuple[float, int]] = {}
    for name in copies.names(where):
        try:
            copy = copies.read(where, name)
        except DamagedError as error:
            print(error, flush=True)
            continue
        if missing := copy.missing(present):
            print(f"copy {name} lacks {', '.join(missing)}", flush=True)
            continue
        sizes = {"copy": sum(shard["bytes"] for shard in copy.shards)}
        for item in copy.state:
            sizes[item["what"]] = sizes.get(item["what"], 0) + item["bytes"]
        found |= {what: (copy.taken, size) for what, size in sizes.items()}
        if (rehearsal := copies.rehearsed(where, name)) and rehearsal["ok"]:
            found["rehearsal"] = (float(rehearsal["at"]), 0)
    return found


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Say it."""
    influx, began = Influx.of(environ), time.monotonic()
    influx.wait()
    found = newest(destination(environ))
    for what in environ["EXPECTED"].split(","):
        taken, size = found.get(what, (None, 0))
        age = None if taken is None else time.time() - taken
        seconds = time.monotonic() - began
        report(influx, environ, what, ok=age is not None, age=age, size=size, seconds=seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
