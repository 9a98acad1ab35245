"""Recorded data for each alert: some that raise it, and some, no less lively, that do not."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from efd_infra.manifests.alerts.rule import Rule
from efd_infra.manifests.measurements.catalogue import METRICS, TOPIC_FIELDS
from efd_infra.manifests.measurements.measurement import Kind

Value = Callable[[int], float | None]
"""From how many samples ago to the value; none where there is no sample."""
DAY = 86_400


def always(value: float) -> Value:
    """Return a value that stays."""
    return lambda _: value


def once(value: float, otherwise: float = 0) -> Value:
    """Return a value that was so a while ago, for two samples."""
    return lambda ago: value if ago in {3, 4} else otherwise


def gone(since: int) -> Value:
    """Return samples of which the last was so many ago."""
    return lambda ago: 1 if ago >= since else None


@dataclass(frozen=True)
class Recorded:
    """The samples of one signal; each series has tags, and a value for each field of the rule."""

    quiet: tuple[tuple[Mapping[str, str], Value], ...]
    raised: tuple[tuple[Mapping[str, str], Value], ...]
    level: str
    """What it is then."""
    name: str
    """The name of the alert, beyond that of its rule."""
    fixed: Mapping[str, float] = field(default_factory=dict)
    """Fields beside the one that changes."""
    step: int = 65
    """Seconds between two samples; the full site's interval."""

    def lines(self, rule: Rule, end: int, *, raised: bool) -> Iterator[str]:
        """Yield the points up to a time in seconds, in line protocol."""
        for tags, value in self.raised if raised else self.quiet:
            name = tags.get("measurement", rule.query.measurement)
            labels = "".join(
                f",{tag}={_escaped(text)}" for tag, text in tags.items() if tag != "measurement"
            )
            for ago in range(-(-(rule.period + 600) // self.step)):
                if (number := value(ago)) is not None:
                    given = {**dict.fromkeys(rule.query.fields, number), **self.fixed}
                    fields = ",".join(f"{n}={_number(n, name, v)}" for n, v in given.items())
                    yield f"{name}{labels} {fields} {(end - 5 - ago * self.step) * 10**9}"


def _escaped(text: str) -> str:
    return text.replace(" ", r"\ ").replace(",", r"\,").replace("=", r"\=")


def _number(name: str, measurement: str, value: float) -> str:
    """Return a value as it is written, which the catalogue knows."""
    kinds = {
        kind
        for one in METRICS
        if one.name == measurement
        for field_name, kind in one.fields.items()
        if field_name == name
    } or {TOPIC_FIELDS[name]}
    return f"{int(value)}i" if kinds == {Kind.INTEGER} else repr(float(value))


def _of(
    tags: Mapping[str, str], quiet: Value, raised: Value, level: str, name: str = ""
) -> Recorded:
    return Recorded(((tags, quiet),), ((tags, raised),), level, name)


_C = {"connector": "influxdb-one", "url": "http://a:1/metrics", "address": "10.0.0.1"}
_TASK = {**_C, "task": "1"}
_CONNECTOR, _LINK = " influxdb-one", {"source": "origin", "target": "full"}
_WORKER = {"url": "http://a:1/metrics", "address": "10.0.0.1", "thread": "1", "task": "0_0"}
_BROKERS = tuple({"broker": str(number)} for number in range(4))
_INFLUXDB = {"url": "http://influxdb/debug/vars"}
_OUTPUT = {"output": "influxdb", "version": "1.37.2"}
_DATABASE = {**_INFLUXDB, "database": "efd"}
_SHARD = {**_DATABASE, "id": "7"}
_CSCS = tuple({"measurement": f"lsst.sal.{csc}.logevent_heartbeat"} for csc in ("ATDome", "ESS"))
_SILENT = " lsst.sal.ATDome.logevent_heartbeat"


def _one_broker(value: Value) -> tuple[tuple[Mapping[str, str], Value], ...]:
    """Return the value of one broker beside zeros of the others."""
    return ((_BROKERS[1], value), *((broker, always(0)) for broker in (_BROKERS[0], *_BROKERS[2:])))


def _brokers(level: str, quiet: Value) -> Recorded:
    return Recorded(_one_broker(quiet), _one_broker(always(2)), level, "")


def _leaky(slope: float) -> Value:
    """Return the GiB that are left on a store that fills by so much an hour, day and night."""
    return lambda ago: (20 + slope * ago + 0.3 * math.sin(ago / 24 * math.tau)) * 2**30


RECORDED = {
    "connector-failed": _of({**_C, "state": "failed"}, once(1), always(1), "CRITICAL", _CONNECTOR),
    "task-failed": _of(_C, once(1), always(2), "CRITICAL", _CONNECTOR),
    "connector-refused": _of(_C, once(1), always(1), "CRITICAL", _CONNECTOR),
    "sink-lag": _of(_TASK, once(900_000, 50), always(20_000), "WARNING", _CONNECTOR),
    "dead-letters": _of(_TASK, always(9), lambda ago: 9 if ago > 3 else 12, "WARNING", " 1"),
    "aggregator-lag": _of(_WORKER, once(900_000, 50), always(20_000), "WARNING", " 10.0.0.1"),
    "aggregator-dead-letters": _of(
        _WORKER, always(9), lambda ago: 9 if ago > 3 else 12, "WARNING", " 0_0"
    ),
    "aggregator-late": _of(_WORKER, always(9), lambda ago: 9 if ago > 3 else 12, "WARNING", " 0_0"),
    "aggregator-silent": _of(
        _WORKER,
        lambda ago: None if ago in range(3, 10) else 2,
        gone(14),
        "CRITICAL",
        " prometheus",
    ),
    "schema-awaited": _of(_C, once(200), always(400), "WARNING", " http://a:1/metrics"),
    "csc-silent": Recorded(
        tuple((csc, always(1)) for csc in _CSCS),
        ((_CSCS[0], gone(1900 // 60 + 1)), (_CSCS[1], always(1))),
        "WARNING",
        _SILENT,
        step=60,
    ),
    "efd-silent": Recorded(
        ((_CSCS[0], gone(8)), (_CSCS[1], always(1))),
        tuple((csc, gone(8)) for csc in _CSCS),
        "CRITICAL",
        "",
        step=60,
    ),
    "mirror-task-failed": _of(
        {
            "connector": "MirrorSourceConnector",
            "url": "http://mirror-maker-jmx.mirror-maker:5556/metrics",
        },
        once(1),
        always(1),
        "CRITICAL",
        " MirrorSourceConnector",
    ),
    "mirror-lag": _of(_LINK, once(900_000, 50), always(30_000), "WARNING", " origin"),
    "mirror-age": _of(_LINK, once(800_000, 900), always(70_000), "WARNING", " origin"),
    "mirror-silent": _of(_LINK, always(900), gone(14), "CRITICAL", " prometheus"),
    "pods-missing": Recorded(
        (
            (_BROKERS[0], lambda ago: None if ago in range(5, 10) else 3),
            *((broker, always(3)) for broker in _BROKERS[1:]),
        ),
        tuple((broker, always(3)) for broker in _BROKERS[1:]),
        "WARNING",
        " prometheus",
    ),
    "partitions-offline": _brokers("CRITICAL", lambda ago: 0 if ago in {0, 1} else 2),
    "partitions-under-min-isr": _brokers("CRITICAL", lambda ago: 0 if ago in {0, 1} else 2),
    "partitions-under-replicated": _brokers("WARNING", lambda ago: 9 if ago < 9 else 0),
    "log-dir-offline": _brokers("CRITICAL", always(0)),
    "controller-missing": Recorded(
        _one_broker(always(1)), tuple((b, always(0)) for b in _BROKERS), "CRITICAL", ""
    ),
    "certificate-expiry": Recorded(
        (({"source": "https://a"}, always(60 * DAY)), ({"source": "https://b"}, always(22 * DAY))),
        (({"source": "https://a"}, always(60 * DAY)), ({"source": "https://b"}, always(20 * DAY))),
        "WARNING",
        " https://b",
        step=600,
    ),
    "store-full": Recorded(
        (({"claim": "data-0"}, always(30)),),
        (({"claim": "data-0"}, always(15)),),
        "WARNING",
        " data-0",
        fixed={"efd_claim_size_bytes": 100},
    ),
    "store-fills": Recorded(
        (({"claim": "data-0"}, _leaky(0.1)),),
        (({"claim": "data-0"}, _leaky(0.6)),),
        "WARNING",
        " data-0",
        step=3600,
    ),
    "disk-full": _of({"node": "n", "path": "/"}, always(75), always(91), "CRITICAL", " n /"),
    "influxdb-series": _of(_DATABASE, always(900_000), always(6e6), "WARNING", " efd"),
    "influxdb-memory": _of(_INFLUXDB, once(35e9, 20e9), always(33e9), "CRITICAL"),
    "influxdb-compaction": _of(_SHARD, once(90, 1), always(4), "WARNING", " efd"),
    "influxdb-compaction-failed": _of(
        _SHARD, always(3), lambda ago: 3 + (ago < 3), "WARNING", " 7"
    ),
    "influxdb-queries": _of(_INFLUXDB, once(11, 2), always(11), "CRITICAL"),
    "points-refused": _of(_INFLUXDB, always(8), lambda ago: 8 + (ago < 4), "WARNING"),
    "writes-failed": _of(_INFLUXDB, always(8), lambda ago: 8 + (ago < 4), "CRITICAL"),
    "metrics-waiting": Recorded(
        ((_OUTPUT, once(300)),),
        ((_OUTPUT, always(600)),),
        "WARNING",
        " influxdb",
        fixed={"buffer_limit": 1000},
    ),
    "metrics-dropped": _of(_OUTPUT, always(4), lambda ago: 4 + (ago < 5), "WARNING", " influxdb"),
    "metrics-silent": _of(
        {"version": "1.37.2"}, always(0), gone(14), "CRITICAL", " internal_agent"
    ),
    "downsampling-lag": Recorded(
        (({"database": "efd", "policy": "low"}, always(20 * 3600)),),
        (({"database": "efd", "policy": "low"}, always(31 * 3600)),),
        "WARNING",
        " efd low",
        step=6 * 3600,
    ),
    "downsampling-failed": _of(
        {"database": "efd", "policy": "low"}, lambda ago: ago > 2, always(1), "WARNING", " efd low"
    ),
    "backup-age": _of({"what": "influxdb"}, always(DAY), always(3 * DAY), "CRITICAL", " influxdb"),
    "backup-failed": _of({"what": "influxdb"}, always(1), always(0), "WARNING", " influxdb"),
}
"""By signal."""
