"""Fill the tiers of InfluxDB: windows of finer points become statistics, inside the server.

Each tier is a retention policy. For every measurement that it takes, ``SELECT … INTO`` computes a
chunk of windows at a time; nothing but counts leaves the server. Only windows that are older than
the lateness are computed. After each chunk a point says how far the tier is, and the next run goes
on from there; a chunk that was cut short is computed again, which writes the same points again:
nothing counts twice. A measurement of which a chunk is refused waits there, as a point of its own
says, while the others go on; each run tries it again. Moving back is writing an older ``until``.

INFLUXDB_URL  the server
LOGIN_DIR     holds the files username and password
SETTINGS      a file with the tiers, made by ``efd_infra/manifests/downsampling.py``
"""

# ruff: noqa: INP001, T201, S608 -- a program by itself: what it prints is its events, and names
# of measurements and fields come from InfluxDB, quoted

import base64
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

REFUSED = 3
"""The exit code when a measurement was refused: another attempt at once would be, too."""
CHUNK = 3600
"""Seconds of data that one statement covers: a day of a topic with 500 fields would be some ten
million values in the server's memory, an hour is well below a second's work."""
NUMBERS = {"float", "integer"}
"""InfluxDB's types of which there are statistics."""
PROGRESS, HELD = "downsampling", "downsampling_held"
"""The measurements that say how far each tier is, and how far a topic that waits."""
QUOTED = 300
"""Characters of somebody else's words that fit into one line."""

Rows = list[dict[str, Any]]


class RefusedError(Exception):
    """The server has answered that it cannot do what a statement says."""


class NoAnswerError(Exception):
    """The server does not answer."""


def say(event: str) -> None:
    """Tell what has happened."""
    print(event, flush=True)


def quoted(*names: str) -> str:
    """Return identifiers as InfluxQL writes them, with dots between them."""
    return ".".join('"' + re.sub(r'(["\\])', r"\\\1", name) + '"' for name in names)


@dataclass
class Influx:
    """The server, as one user."""

    url: str
    login: Path
    patience: int
    """Seconds that the server may take to answer: more than it lets a query run."""

    def wait(self, limit: float) -> None:
        """Wait until it answers: for a moment, network policies refuse a new pod everything.

        One that is away all the same is told of by whatever is asked next.
        """
        ends = time.monotonic() + limit
        while not self._answers() and time.monotonic() < ends:
            time.sleep(0.5)

    def _answers(self) -> bool:
        try:
            self._send("/ping", None)
        except NoAnswerError:
            return False
        return True

    def rows(self, statement: str) -> Rows:
        """Run a statement; its rows, with times in seconds and the measurement as ``name``."""
        answer = json.loads(self._send("/query?epoch=s", urlencode({"q": statement}).encode()))
        results = [answer, *answer.get("results", [])]
        for result in results:
            if "error" in result:
                raise RefusedError(str(result["error"])[:QUOTED])
        return [
            {
                "name": series.get("name"),
                **series.get("tags", {}),
                **dict(zip(series["columns"], values, strict=True)),
            }
            for result in results
            for series in result.get("series", [])
            for values in series.get("values", [])
        ]

    def write(self, database: str, line: str) -> None:
        """Write one point, of now."""
        stamped = f"{line} {time.time_ns()}"
        self._send(f"/write?{urlencode({'db': database})}", stamped.encode())

    def _send(self, path: str, body: bytes | None) -> bytes:
        request = Request(f"{self.url}{path}", body, {"Authorization": self._credentials})  # noqa: S310
        try:
            with urlopen(request, timeout=self.patience) as answer:  # noqa: S310 -- the site's own server
                return bytes(answer.read())
        except HTTPError as error:
            text = error.read().decode(errors="replace")[:QUOTED]
            if error.code >= 500:  # noqa: PLR2004
                raise NoAnswerError(f"{error.code} {text}") from error
            raise RefusedError(f"{error.code} {text}") from error
        except (OSError, HTTPException) as error:
            raise NoAnswerError(str(error)) from error

    @cached_property
    def _credentials(self) -> str:
        user, password = ((self.login / name).read_text() for name in ("username", "password"))
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@dataclass
class Tier:
    """One retention policy that is filled from another of the same database."""

    database: str
    policy: str
    source: str
    """The policy that it is filled from."""
    every: int
    """Length of a window in seconds."""
    topics: str
    """Pattern of the measurements that it takes."""
    excluded: str
    """Pattern of those that it leaves out all the same."""
    statistics: list[str]
    derived: bool
    """Whether the source is a tier itself, whose fields are statistics."""
    done: int = 0
    """Chunks in this run."""
    points: int = 0
    held: dict[str, int] = field(default_factory=dict)
    """By measurement, the beginning of the windows that the server refused."""

    @property
    def chunk(self) -> int:
        """Seconds that one statement covers: whole windows."""
        return max(CHUNK // self.every, 1) * self.every

    @property
    def tags(self) -> str:
        """What names this tier in the points about it."""
        return f"database={self.database},policy={self.policy}"

    @property
    def condition(self) -> str:
        """What those points are found by."""
        return f"\"database\" = '{self.database}' AND \"policy\" = '{self.policy}'"

    def takes(self, measurement: str) -> bool:
        """Tell whether the tier has a measurement."""
        return bool(
            re.fullmatch(self.topics, measurement) and not re.fullmatch(self.excluded, measurement)
        )

    def selected(self, kinds: dict[str, set[str]]) -> Iterator[str]:
        """Yield what a statement selects, given the types of each of a measurement's fields."""
        numbers = {name for name, types in kinds.items() if types & NUMBERS}
        for name in sorted(numbers):
            # A field may be of another type in another shard, also in one that is yet to come.
            one = f"{quoted(name)}::float"
            if not self.derived:
                yield from (f"{s}({one}) AS {quoted(f'{s}_{name}')}" for s in self.statistics)
                continue
            statistic, _, base = name.partition("_")
            if statistic in self.statistics and statistic != "mean":
                again = "sum" if statistic == "count" else statistic
                yield f"{again}({one}) AS {quoted(name)}"
            if statistic == "sum" and "mean" in self.statistics and f"count_{base}" in numbers:
                count = f"{quoted(f'count_{base}')}::float"
                yield f"sum({one}) / sum({count}) AS {quoted(f'mean_{base}')}"


@dataclass
class Run:
    """One run over all tiers."""

    influx: Influx
    metrics: str
    """The database where progress is noted."""
    lateness: int
    """Seconds that a point may be late and still count."""
    ends: float
    """Monotonic time after which no other chunk begins."""

    def fill(self, tier: Tier) -> None:
        """Compute what is due of a tier, until there is no more or it is time to stop."""
        began = time.monotonic()
        kinds = self._kinds(tier)
        until = self._until(tier, kinds)
        if until is None:
            say(f"{tier.database}.{tier.policy}: {tier.source} has no point yet")
            return
        self._retry(tier, kinds, until)
        due = int(time.time() - self.lateness) // tier.every * tier.every
        while until < due and time.monotonic() < self.ends:
            end = min(until + tier.chunk, due)
            for measurement, fields in kinds.items():
                if measurement not in tier.held:
                    self._compute(tier, measurement, fields, (until, end))
            until, tier.done = end, tier.done + 1
            self._note(tier, until, time.monotonic() - began)
        if not tier.done:
            self._note(tier, until, time.monotonic() - began)
        say(
            f"{tier.database}.{tier.policy}: filled until {_clock(until)}, {tier.points} points of "
            f"{len(kinds)} measurements in {time.monotonic() - began:.0f} s"
            + (", out of time: the next run goes on" if until < due else "")
        )

    def _retry(self, tier: Tier, kinds: dict[str, list[str]], until: int) -> None:
        """Bring measurements that were refused before to where the others are."""
        held = self.influx.rows(
            f'SELECT last("until") AS "until" FROM {quoted(self.metrics, "autogen", HELD)} '
            f'WHERE {tier.condition} GROUP BY "topic"'
        )
        for row in held:
            topic, begin = row["topic"], int(row["until"])
            while begin < until and topic in kinds and topic not in tier.held:
                end = min(begin + tier.chunk, until)
                self._compute(tier, topic, kinds[topic], (begin, end))
                begin = end
            if topic not in tier.held and int(row["until"]) < until:
                self._hold(tier, topic, until)
                say(f"{topic}: filled in what was refused before")

    def _compute(
        self, tier: Tier, measurement: str, fields: list[str], span: tuple[int, int]
    ) -> None:
        begin, end = span
        statement = (
            f"SELECT {', '.join(fields)} "
            f"INTO {quoted(tier.database, tier.policy, measurement)} "
            f"FROM {quoted(tier.database, tier.source, measurement)} "
            f"WHERE time >= {begin}s AND time < {end}s GROUP BY time({tier.every}s), *"
        )
        try:
            (row,) = self.influx.rows(statement)
        except RefusedError as error:
            say(f"error: {measurement} waits at {_clock(begin)}: {error}")
            tier.held[measurement] = begin
            self._hold(tier, measurement, begin)
        else:
            tier.points += int(row["written"])

    def _hold(self, tier: Tier, topic: str, until: int) -> None:
        self.influx.write(self.metrics, f"{HELD},{tier.tags},topic={topic} until={until}i")

    def _kinds(self, tier: Tier) -> dict[str, list[str]]:
        """Return, by measurement, what to select; one without numbers is left out."""
        kinds: dict[str, dict[str, set[str]]] = {}
        database, source = quoted(tier.database), quoted(tier.source)
        for row in self.influx.rows(f"SHOW FIELD KEYS ON {database} FROM {source}./.*/"):
            if tier.takes(row["name"]):
                fields = kinds.setdefault(row["name"], {})
                fields.setdefault(row["fieldKey"], set()).add(row["fieldType"])
        selected = {name: list(tier.selected(fields)) for name, fields in sorted(kinds.items())}
        return {name: fields for name, fields in selected.items() if fields}

    def _until(self, tier: Tier, kinds: dict[str, list[str]]) -> int | None:
        """Return the end of what is done; at first, the beginning of what there is."""
        noted = self.influx.rows(
            f'SELECT last("until") AS "until" FROM {quoted(self.metrics, "autogen", PROGRESS)} '
            f"WHERE {tier.condition}"
        )
        if noted:
            return int(noted[0]["until"]) // tier.every * tier.every
        # By measurement, because a server asked for all at once opens every series that it has.
        firsts = [
            int(row["time"])
            for name in kinds
            for row in self.influx.rows(
                f"SELECT * FROM {quoted(tier.database, tier.source, name)} ORDER BY time LIMIT 1"
            )
        ]
        return min(firsts) // tier.every * tier.every if firsts else None

    def _note(self, tier: Tier, until: int, seconds: float) -> None:
        lag = int(time.time()) - until
        self.influx.write(
            self.metrics,
            f"{PROGRESS},{tier.tags} until={until}i,lag={lag}i,points={tier.points}i,"
            f"chunks={tier.done}i,failed={len(tier.held)}i,seconds={seconds:.3f}",
        )


def _clock(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def main() -> int:
    """Fill every tier; 1 when nobody answered, REFUSED when a measurement was refused."""
    settings = json.loads(Path(os.environ["SETTINGS"]).read_text(encoding="utf-8"))
    run = Run(
        influx=Influx(
            os.environ["INFLUXDB_URL"], Path(os.environ["LOGIN_DIR"]), settings["patience"]
        ),
        metrics=settings["metrics"],
        lateness=settings["lateness"],
        ends=time.monotonic() + settings["seconds"],
    )
    tiers = [Tier(**tier) for tier in settings["tiers"]]
    run.influx.wait(settings["admission"])
    try:
        for tier in tiers:
            run.fill(tier)
    except NoAnswerError as error:
        say(f"error: InfluxDB at {run.influx.url}: {error}; the next run goes on from here")
        return 1
    except RefusedError as error:
        say(f"error: InfluxDB at {run.influx.url}: {error}")
        return 1
    held = sorted({name for tier in tiers for name in tier.held})
    if held:
        say(f"error: {len(held)} measurements were refused and wait: {', '.join(held[:5])}")
    return REFUSED if held else 0


if __name__ == "__main__":
    sys.exit(main())
