"""Restore what a copy holds, or a part of it, into a site that may be running.

Where that would overwrite something, nothing is touched unless it is asked for. A restore that was
ended goes on where it was when it is started again.

FROM      the name of a copy, or ``newest``
WHAT      ``influxdb`` and what ``put_back`` knows, between commas; absent: ``influxdb``
EXISTING  ``refuse``, or ``merge``: of what is there already, the copy's wins
and what ``points``, ``put_back``, ``destination``, ``influx``, ``report`` and ``door_of`` read
"""

# ruff: noqa: T201 -- a program by itself: what it prints is its events

import os
import sys
import time
from collections.abc import Mapping

from . import copies
from .destination import DamagedError, Destination, destination
from .door import door_of
from .influx import Influx
from .points import Restore, chosen, policies
from .put_back import KINDS, plans
from .report import report
from .snapshots import ServerError, Snapshots

FAILED, REFUSED = 1, 3
"""Exit codes: another attempt may help, or is no use."""
INFLUXDB = "influxdb"


def restore_of(
    where: Destination, copy: copies.Copy, influx: Influx, environ: Mapping[str, str]
) -> Restore:
    """Return what puts back the points that are asked for."""
    entries = [copy.entry(where, shard) for shard in copy.shards]
    influx.wait()
    wanted = list(chosen(entries, environ, policies(influx)))
    return Restore(where, influx, Snapshots.behind_door(*door_of(environ)), copy, wanted)


def asked(environ: Mapping[str, str]) -> list[str]:
    """Return what is wanted; a name that means nothing is refused."""
    wanted = environ.get("WHAT", INFLUXDB).split(",")
    known = [INFLUXDB, *KINDS]
    if unknown := [each for each in wanted if each not in known]:
        raise DamagedError(f"nobody knows {', '.join(unknown)}; there are {', '.join(known)}")
    return wanted


def restore(environ: Mapping[str, str]) -> int:
    """Restore; return whether something is wrong."""
    began = time.monotonic()
    where, influx = destination(environ), Influx.of(environ)
    wanted = asked(environ)
    copy = copies.newest(where, environ.get("FROM", "newest"))
    others = list(plans(where, copy, wanted, environ))
    points = restore_of(where, copy, influx, environ) if INFLUXDB in wanted else None
    refused = [f"{what}: {each}" for what, plan in others for each in plan.refused]
    if environ.get("EXISTING") != "merge":
        refused += [f"{what}: {each}" for what, plan in others for each in plan.overwrites]
        refused += [f"{each}: there are points" for each in points.full()] if points else []
    if refused:
        print("refused, and nothing was touched:", *refused, sep="\n  ", flush=True)
        return REFUSED
    for what, plan in others:
        plan.carry_out()
        print(*(f"{what}: {each}" for each in plan.says), sep="\n", flush=True)
    if points is None:
        return 0
    problems = points.run()
    for problem in problems:
        print(problem, flush=True)
    seconds = time.monotonic() - began
    report(influx, environ, "restore", ok=not problems, age=0.0, size=points.size, seconds=seconds)
    return int(bool(problems))


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Restore; return whether something is wrong, or was refused."""
    try:
        return restore(environ)
    except DamagedError as error:
        print(f"refused: {error}", flush=True)
        return REFUSED
    except ServerError as error:
        print(f"failed: {error}", flush=True)
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
