"""The tiers of the small Summit: every value is what the points of its window say."""

import random
import re
import time
from collections.abc import Iterator

import pytest
import requests

from devkit.patience import wait_until
from devkit.traffic import arrivals
from devkit.traffic.influx import Influx
from efd_infra.manifests.downsampling import NO_TELEMETRY
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import Stand
from tests.support.aggregates import Point, aggregates, assert_same, held, points

pytestmark = pytest.mark.e2e

EVERY, LATENESS = 10, 20
"""Seconds, as in the site's file."""
STATISTICS = ("mean", "min", "max")


def _run(stand: Stand, name: str) -> None:
    done = stand.run_now("influxdb", "downsampling", name)
    assert done.succeeded, done.said


def test_every_aggregate_is_what_the_points_say(summit: Stand, report: Report) -> None:
    with load(summit, "tiers", "--seed=171", "--csc", "Tiers", "--duration=40") as producer:
        ledger = producer.finish()
    assert arrivals.wait(summit.influx, ledger, 120).complete
    time.sleep(LATENESS + EVERY)
    with report.timed("17", "everything so far, downsampled by one Job"):
        _run(summit, "tiers-first")
    tier = Influx(summit.influx.web, policy="medium")
    compared = 0
    for name in ledger.topics:
        if re.fullmatch(NO_TELEMETRY, name):
            assert held(tier, name) == {}, "no telemetry"
            continue
        expected = aggregates(points(summit.influx, name), EVERY, time.time(), STATISTICS)
        assert_same(held(tier, name), expected)
        compared += sum(map(len, expected.values()))
    report.add("17", "values of the tier equal to ones computed from the points", compared)
    assert compared


def test_a_second_job_has_nothing_left_to_do(summit: Stand) -> None:
    before = summit.influx.measurements()
    tier = Influx(summit.influx.web, policy="medium")
    telemetry = [name for name in before if name.startswith("lsst.sal.Tiers")]
    counted = {name: len(points(tier, name)) for name in telemetry}
    _run(summit, "tiers-second")
    assert {name: len(points(tier, name)) for name in telemetry} == counted


TOPICS = 249
"""Of telemetry (lsst-sqre/sqr-050)."""
LENGTH, STEP = 7200, 4
"""Seconds of history, and between two of its points; the Summit has a month of 100 a second."""
TIERS = {"medium": 10, "low": 60}
"""Seconds of a window, as in the site's file."""


def _name(topic: int) -> str:
    return f"lsst.sal.H{topic:03}.telemetry"


def _history(topic: int, begin: int) -> Iterator[Point]:
    """Yield the points of a topic, made from its number alone."""
    source = random.Random(topic)  # noqa: S311 -- no secret
    for at in range(begin, begin + LENGTH, STEP):
        fields = {"torque": source.gauss(0, 100), "forces0": source.randrange(10**6)}
        yield (at * 1000 + source.randrange(1000)) * 10**6, fields


def _write(stand: Stand, begin: int) -> None:
    web = stand.influx_as_admin("history").web
    for first in range(0, TOPICS, 10):
        lines = "\n".join(
            f"{_name(topic)} torque={fields['torque']!r},forces0={fields['forces0']}i,"
            f'state="ok",enabled=true {at}'
            for topic in range(first, min(first + 10, TOPICS))
            for at, fields in _history(topic, begin)
        )
        answer = requests.post(
            f"{web.url}/write?db=history", lines.encode(), auth=web.credentials, timeout=60
        )
        assert answer.ok, answer.text


def _heap(stand: Stand, since: float) -> int:
    """Return the most memory that InfluxDB has said it uses, in MiB."""
    statement = f"SELECT max(heap_inuse) FROM influxdb_memstats WHERE time > {int(since)}s"  # noqa: S608
    (series,) = stand.influx_as_admin("telegraf").query(statement)
    return int(series.rows[0][1]) >> 20


def test_a_history_is_downsampled_to_both_tiers_also_when_cut_short(
    summit: Stand, report: Report
) -> None:
    begin = int(time.time()) // 60 * 60 - LENGTH - 1800
    with report.timed("17", f"a history of {TOPICS} topics written"):
        _write(summit, begin)
    where, started = "--namespace=influxdb", time.time()
    summit.kubectl("create", "job", "history-cut", "--from=cronjob/downsampling", where)
    first = Influx(summit.influx_as_admin("history").web, "history", "medium")
    assert wait_until(lambda: bool(held(first, _name(TOPICS // 3))), 120, 0.05)
    summit.kubectl("delete", "job", "history-cut", "--grace-period=0", "--force", where)
    last = held(first, _name(TOPICS - 1))
    assert len(last) < LENGTH // TIERS["medium"], "it was not cut short"
    with report.timed("17", "the history downsampled to two tiers by the next Job"):
        _run(summit, "history-whole")
    report.add("17", "most memory of InfluxDB meanwhile", _heap(summit, started), "MiB")
    compared = 0
    for policy, every in TIERS.items():
        tier = Influx(first.web, "history", policy)
        for topic in range(TOPICS):
            expected = aggregates(_history(topic, begin), every, time.time(), STATISTICS)
            assert_same(held(tier, _name(topic)), expected)
            compared += sum(map(len, expected.values()))
    report.add("17", "values of both tiers equal to ones computed from the history", compared)
