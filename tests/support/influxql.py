"""What a query of a dashboard names, read from its text, and points that it would find."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from efd_infra.manifests.measurements.catalogue import METRICS, TOPIC_FIELDS
from efd_infra.manifests.measurements.measurement import Kind, Measurement, Writer

HEARTBEAT = "lsst.sal.MTM1M3.logevent_heartbeat"
_TOPIC = Measurement(name=HEARTBEAT, writer=Writer.TOPICS, fields=TOPIC_FIELDS)
_ALIAS = re.compile(r'AS "[^"]+"')
_SOURCE = re.compile(r'"(?P<db>[^"]+)"\."(?P<rp>[^"]+)"\.(?:"(?P<name>[^"]+)"|/(?P<regex>.+?)/ )')
_EQUAL = re.compile(r"\"(\w+)\" = '([^']+)'")


@dataclass(frozen=True)
class Named:
    """What one statement names."""

    database: str
    policy: str
    measurement: str
    regex: str
    fields: frozenset[str]
    tags: frozenset[str]
    equal: Mapping[str, str]
    """Tags that must have a value."""
    series: frozenset[str]
    """Tags by which counters are told apart: those of the innermost group."""


def named(query: str) -> Named:
    """Read a statement, with at most one other inside."""
    (source,) = _SOURCE.finditer(query)
    words = _ALIAS.sub("", query).replace(source[0], " FROM ")
    head = re.split(r"\bFROM\b", words)
    selected = frozenset(re.findall(r'"(\w+)"', " ".join(head[:2]))) - {"part"}
    groups = re.findall(r"GROUP BY (.*?)(?:\) WHERE| FILL|$)", words)
    conditions = frozenset(re.findall(r'"(\w+)" (?:=|!=)', words))
    grouped = [frozenset(re.findall(r'"(\w+)"', group)) for group in groups]
    return Named(
        database=source["db"],
        policy=source["rp"],
        measurement=source["name"] or "",
        regex=source["regex"] or "",
        fields=selected,
        tags=frozenset().union(*grouped, conditions),
        equal=dict(_EQUAL.findall(words)),
        series=(grouped[0] if grouped else frozenset()) | frozenset(dict(_EQUAL.findall(words))),
    )


def sources(query: Named) -> Iterator[Measurement]:
    """Yield what the catalogue has of a query: points with its field and all of its tags."""
    if query.regex:
        regex = query.regex.replace(":csc:", "MTM1M3")
        known = [_TOPIC] if re.search(regex, HEARTBEAT) else []
    else:
        known = [m for m in METRICS if m.name == query.measurement]
    for measurement in known:
        if query.fields <= set(measurement.fields) and query.tags <= set(measurement.tags):
            yield measurement


def as_chronograf_asks(query: str, seconds: int) -> str:
    """Fill in its words: 360 windows in the time that is shown (``tempVars/utils/replace.ts``)."""
    words = {
        ":dashboardTime:": f"now() - {seconds}s",
        ":upperDashboardTime:": "now()",
        ":interval:": f"{seconds * 1000 // 360}ms",
        ":csc:": "MTM1M3",
    }
    for word, value in words.items():
        query = query.replace(word, value)
    return query


def line(measurement: Measurement, tags: Mapping[str, str], number: int, time: int) -> str:
    """Return a point in line protocol: every field has the number, ``time`` is in nanoseconds."""
    values = {
        Kind.FLOAT: f"{number}.5",
        Kind.INTEGER: f"{number}i",
        Kind.STRING: f'"{number}"',
    }
    there = {**measurement.tags, **tags}
    keys = "".join(f",{key}={_escaped(value)}" for key, value in sorted(there.items()))
    fields = ",".join(f"{name}={values[kind]}" for name, kind in measurement.fields.items())
    return f"{measurement.name}{keys} {fields} {time}"


def _escaped(value: str) -> str:
    return re.sub(r"([,= ])", r"\\\1", value)
