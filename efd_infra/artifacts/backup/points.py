"""Put the points of a copy, or of some days of it, into a server that may be running.

Where there are points already, nothing is done unless that is asked for. A shard that is not there
is made, and filled as ``influxd restore`` fills one. Of a part of a shard, or where there is one,
points are put beside points: InfluxDB restores only into a database that does not exist, so the
shard is put into one of its own first, and from there, by the server itself, into its place,
measurement by measurement, with its tags as tags. What is done is noted in the server, so that a
restore that was ended goes on where it was.

DATABASE, POLICY  only these; absent: all
SINCE, UNTIL      only points from, and before, these times, such as 2026-11-27T00:00:00Z
"""

# ruff: noqa: T201 -- of a program by itself: what it prints is its events

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from . import copies
from .census import Census, Stretch, counts, differences, measurements
from .copies import Entry
from .destination import DamagedError, Destination
from .influx import Influx, quoted, source, within
from .loading import fill, load, new_shard, verify
from .snapshots import ServerError, Snapshots

JOURNAL = "efd_restore"
"""The database where is noted what is done; it is removed at the end."""
VALUES = 2_000_000
"""Values that one statement copies, at most: the server ends one that takes too long."""
FOREVER = 2**63


@dataclass
class Restore:
    """One restore, which may be the continuation of another."""

    where: Destination
    influx: Influx
    snapshots: Snapshots
    copy: copies.Copy
    wanted: list[tuple[Entry, Stretch]]
    size: int = 0
    problems: list[str] = field(default_factory=list)

    def full(self) -> list[str]:
        """Return the stretches in which there are points that no restore has put there."""
        noted = self._noted()
        return [_named(s) for _, s in self.wanted if _named(s) not in noted and self._is_full(s)]

    def run(self) -> list[str]:
        """Restore; return what did not come back."""
        noted = self._noted()
        print(f"copy {self.copy.name}: {len(self.wanted)} shards", flush=True)
        self.influx.query(f"CREATE DATABASE {quoted(JOURNAL)}")
        for entry, stretch in self.wanted:
            state = noted.get(_named(stretch))
            if state == "done":
                print(f"{_named(stretch)} is done already", flush=True)
                continue
            began = time.monotonic()
            self._note(stretch, "begun")
            done = self._shard(entry, stretch, again=state is not None)
            self._note(stretch, "done")
            seconds = time.monotonic() - began
            print(f"{_named(stretch)}: {done} in {seconds:.1f} s", flush=True)
            if entry["tombstones"]:
                print("  and points that were deleted shortly before the copy", flush=True)
        self.influx.query(f"DROP DATABASE {quoted(JOURNAL)}")
        return self.problems

    def _shard(self, entry: Entry, stretch: Stretch, *, again: bool) -> str:
        """Restore the points of one shard; return how."""
        self.size += int(entry["bytes"])
        whole = (stretch.start, stretch.end) == (entry["start"], entry["end"])
        # What was begun may be there in part, and only points can be put beside points.
        if whole and not again:
            verify(self.where, entry)
            shard = new_shard(self.influx, self.snapshots, stretch)
            if shard is not None:
                place = (stretch.database, stretch.policy)
                fill(self.where, entry, self.snapshots, shard, place)
                self._compare(entry, stretch)
                return "filled"
        return f"{self._points(entry, stretch)} points put in their place"

    def _compare(self, entry: Entry, stretch: Stretch) -> None:
        """See that everything has arrived: the server does not say whether it took the files."""
        span = Stretch(stretch.database, stretch.policy, stretch.start, entry["until"])
        for name, counted in entry["census"].items():
            arrived: Census = {name: {"fields": counts(self.influx, span, name)}}
            for each in differences({name: counted}, arrived, exactly=False):
                self.problems.append(f"{_named(stretch)}: {each}")

    def _points(self, entry: Entry, stretch: Stretch) -> int:
        """Put a shard aside, and let the server copy its points; return their number."""
        aside = f"{JOURNAL}_{entry['shard']}"
        # One that a restore left that was ended.
        self.influx.query(f"DROP DATABASE {quoted(aside)}")
        try:
            load(self.where, entry, self.snapshots, aside)
            names = measurements(self.influx, aside)
            return sum(self._measurement(aside, stretch, name) for name in names)
        finally:
            self.influx.query(f"DROP DATABASE {quoted(aside)}")

    def _measurement(self, aside: str, stretch: Stretch, name: str) -> int:
        """Copy one measurement; return its points."""
        there = Stretch(aside, stretch.policy, stretch.start, stretch.end)
        fields = counts(self.influx, there, name)
        pieces = -(-sum(fields.values()) // VALUES)
        try:
            for start, end in _cut(stretch, pieces):
                self.influx.query(
                    f"SELECT * INTO {source(stretch.database, stretch.policy, name)} "  # noqa: S608 -- quoted
                    f"FROM {source(aside, stretch.policy, name)} "
                    f"WHERE {within(start, end)} GROUP BY *"
                )
        except ServerError as error:
            # A field that has another type now, as a rule; the other measurements go on.
            self.problems.append(f"{_named(stretch)}: {name}: {error}")
            return 0
        arrived = counts(self.influx, stretch, name)
        for each, number in fields.items():
            if arrived.get(each, 0) < number:
                missing = f"{arrived.get(each, 0)} points of {each} arrived, not {number}"
                self.problems.append(f"{_named(stretch)}: {name}: {missing}")
        return max(fields.values(), default=0)

    def _is_full(self, stretch: Stretch) -> bool:
        every = f"{quoted(stretch.database)}.{quoted(stretch.policy)}./.*/"
        span = within(stretch.start, stretch.end)
        return bool(self.influx.query(f"SELECT * FROM {every} WHERE {span} LIMIT 1"))  # noqa: S608 -- quoted

    def _note(self, stretch: Stretch, state: str) -> None:
        self.influx.write(
            JOURNAL, f'shard,copy={self.copy.name} stretch="{_named(stretch)}",state="{state}"'
        )

    def _noted(self) -> dict[str, str]:
        if JOURNAL not in self.influx.column("SHOW DATABASES"):
            return {}
        statement = (
            f"SELECT stretch, state FROM {source(JOURNAL, 'autogen', 'shard')} "  # noqa: S608 -- quoted
            f"WHERE \"copy\" = '{self.copy.name}'"
        )
        return {
            row[1]: row[2] for series in self.influx.query(statement) for row in series["values"]
        }


def _named(stretch: Stretch) -> str:
    times = (datetime.fromtimestamp(t // 10**9).astimezone() for t in (stretch.start, stretch.end))
    span = " to ".join(f"{each:%Y-%m-%dT%H:%M:%S%z}" for each in times)
    return f"{stretch.database}.{stretch.policy} {span}"


def _cut(stretch: Stretch, pieces: int) -> Iterator[tuple[int, int]]:
    length = -(-(stretch.end - stretch.start) // max(1, pieces))
    for start in range(stretch.start, stretch.end, length):
        yield start, min(start + length, stretch.end)


def _time(text: str | None, otherwise: int) -> int:
    if not text:
        return otherwise
    return int(datetime.fromisoformat(text).timestamp()) * 10**9


def chosen(
    entries: list[Entry], environ: Mapping[str, str], kept: Mapping[tuple[str, str], int]
) -> Iterator[tuple[Entry, Stretch]]:
    """Yield the shards that are asked for, each with the stretch that is wanted of it.

    ``kept`` says, by database and policy, since when the server keeps points: it drops older ones.
    """
    since, until = _time(environ.get("SINCE"), -FOREVER), _time(environ.get("UNTIL"), FOREVER)
    for entry in entries:
        place = entry["database"], entry["policy"]
        named = environ.get("DATABASE", place[0]), environ.get("POLICY", place[1])
        if place != named:
            continue
        if place not in kept:
            raise DamagedError(f"the server has no policy {place[1]} of a database {place[0]}")
        start, end = max(entry["start"], since), min(entry["end"], until)
        if start >= end:
            continue
        stretch = Stretch(*place, start, end)
        if end <= kept[place]:
            print(f"{_named(stretch)}: the server keeps it no longer", flush=True)
        else:
            yield entry, stretch


def policies(influx: Influx) -> dict[tuple[str, str], int]:
    """Return since when points are kept, by database and policy."""
    found: dict[tuple[str, str], int] = {}
    for database in influx.column("SHOW DATABASES"):
        for series in influx.query(f"SHOW RETENTION POLICIES ON {quoted(database)}"):
            for name, duration, *_ in series["values"]:
                keep = _nanoseconds(duration)
                found[database, name] = time.time_ns() - keep if keep else -FOREVER
    return found


def _nanoseconds(duration: str) -> int:
    """Return what ``720h0m0s`` means."""
    hours, _, rest = duration.rpartition("h") if "h" in duration else ("0", "", duration)
    minutes, _, seconds = rest.rpartition("m") if "m" in rest else ("0", "", rest)
    return (int(hours) * 3600 + int(minutes) * 60 + int(seconds.rstrip("s"))) * 10**9
