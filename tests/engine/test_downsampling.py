"""Tiers on a real InfluxDB: every aggregate equals one that is computed here, from the points."""

# ruff: noqa: S608 -- names of policies and measurements, which are this file's own

import csv
import json
import math
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import requests
import yaml

from efd_infra.config.influxdb_user import InfluxDbUser
from efd_infra.config.timeseries import TimeseriesSection
from efd_infra.manifests.measurements.catalogue import METRICS
from tests.support.aggregates import NANO, Point, aggregates, assert_same
from tests.support.downsampling import USER, Downsampler, Stage, begin_of_history, history
from tests.support.influx_server import InfluxServer, influx_server

pytestmark = pytest.mark.engine

SECTION = TimeseriesSection.model_validate_json(
    json.dumps(
        yaml.safe_load(r"""
influxdb:
  host: influxdb.example.org
  storage: {size: 1Gi}
  databases:
    - name: efd
      retention:
        - {name: autogen, keep: 30d}
        - name: medium
          keep: 90d
          tier: {every: 10s, statistics: [mean, min, max, sum, count, stddev, median]}
        - name: low
          keep: 52w
          tier: {every: 60s, source: medium, statistics: [mean, min, max, sum, count]}
    - name: telegraf
""")
    )
)
USERS = (
    InfluxDbUser(name="admin", admin=True),
    InfluxDbUser(name=USER, grants={"efd": "ALL", "telegraf": "ALL"}),
)
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "downsample.flux"
HOUR = 3600
LATENESS = SECTION.downsampling.lateness.seconds


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    with influx_server(tmp_path_factory.mktemp("influxdb"), SECTION.influxdb) as ours:
        done = ours.set_up(USERS, SECTION.influxdb.databases)
        assert done.returncode == 0, done.stderr
        yield ours


@pytest.fixture
def stage(server: InfluxServer, tmp_path: Path) -> Stage:
    """Empty databases, on a server that is started once."""
    admin = server.influx()
    for name in ("efd", "telegraf"):
        list(admin.query(f'DROP DATABASE "{name}"'))
    done = server.set_up(USERS, SECTION.influxdb.databases)
    assert done.returncode == 0, done.stderr
    return Stage(server, SECTION, tmp_path)


def test_every_aggregate_equals_one_computed_from_the_points(stage: Stage) -> None:
    begin = begin_of_history()
    name = "lsst.sal.MTMount.azimuth"
    points = history(begin, 4 * HOUR, 1.7)
    stage.write(name, points)
    stage.write("lsst.sal.MTMount.logevent_azimuth", points[:9])
    stage.write("lsst.sal.MTMount.command_move", points[:9])
    stage.write("lsst.sal.MTMount.ackcmd", points[:9])
    stage.write("lsst.sal.MTMount.words", [(at, {"word": "a"}) for at, _ in points[:9]])
    code, said = stage.downsampler.run()
    assert code == 0, said
    assert_same(stage.tier("medium", name), aggregates(points, 10, stage.until("medium")))
    exact = ("mean", "min", "max", "sum", "count")
    expected = aggregates(points, 60, stage.until("low"), exact)
    assert_same(stage.tier("low", name), expected)
    for policy in ("medium", "low"):
        assert 0 <= time.time() - LATENESS - stage.until(policy) < 70, "whole windows, all of them"
        tier = stage.server.influx(policy=policy)
        listed = {s.name for s in tier.query(f'SELECT count(*) FROM "{policy}"./.*/')}
        assert listed == {name}, "telemetry alone"


def test_a_second_run_has_nothing_left_to_do_and_a_new_topic_is_taken(stage: Stage) -> None:
    begin = begin_of_history()
    stage.write("lsst.sal.ESS.temperature", history(begin, 2 * HOUR, 5))
    assert stage.downsampler.run()[0] == 0
    before = stage.tier("low", "lsst.sal.ESS.temperature")
    new = history(stage.until("medium") - 30, LATENESS, 1)
    stage.write("lsst.sal.ESS.humidity", new)
    code, said = stage.downsampler.run(lateness=0)
    assert code == 0, said
    assert stage.tier("low", "lsst.sal.ESS.temperature") == before
    known = [point for point in new if point[0] >= new[0][0] + 30 * NANO]
    assert_same(
        stage.tier("medium", "lsst.sal.ESS.humidity"), aggregates(known, 10, stage.until("medium"))
    )


def test_a_run_that_is_killed_is_continued_as_if_it_had_not_been(stage: Stage) -> None:
    begin = begin_of_history()
    names = [f"lsst.sal.MTM1M3.topic{n}" for n in range(12)]
    points = history(begin, 3 * HOUR, 2)
    for name in names:
        stage.write(name, points)
    killed = 0
    while killed < 3:
        process = stage.downsampler.start()
        time.sleep(0.25 + 0.1 * killed)
        if process.poll() is not None:
            break
        process.kill()
        process.communicate()
        killed += 1
    assert killed, "it was too fast to be killed"
    code, said = stage.downsampler.run()
    assert code == 0, said
    for name in names:
        assert_same(stage.tier("medium", name), aggregates(points, 10, stage.until("medium")))


def test_tags_stay_tags_and_do_not_mix(stage: Stage) -> None:
    begin = begin_of_history()
    name = "lsst.sal.ESS.pressure"
    for site, factor in (("a", 1.0), ("b", 100.0)):
        points: list[Point] = [((begin + n) * NANO, {"p": factor * n}) for n in range(600)]
        stage.write(name, points, f",site={site}")
    assert stage.downsampler.run()[0] == 0
    influx = stage.server.influx(policy="medium")
    assert influx.tags(name) == ["site"]
    (series,) = influx.query(f"SELECT sum(count_p) FROM {influx.sources([name])} WHERE site='b'")
    assert series.rows[0][1] == 600


def test_one_measurement_that_is_refused_stops_no_other(stage: Stage) -> None:
    """Somebody has written text into the tier, where numbers belong."""
    begin = begin_of_history()
    points = history(begin, HOUR, 5)
    for name in ("lsst.sal.ATDome.bad", "lsst.sal.ATDome.good"):
        stage.write(name, points)
    text = f'lsst.sal.ATDome.bad mean_temperature="cold" {begin * NANO}'
    stage.server.write([text], policy="medium")
    code, said = stage.downsampler.run()
    assert code == 3, "no other attempt is made at once"
    assert "lsst.sal.ATDome.bad" in said
    assert "field type conflict" in said
    expected = aggregates(points, 10, stage.until("medium"))
    assert_same(stage.tier("medium", "lsst.sal.ATDome.good"), expected)
    # Somebody mends it; nothing has been lost meanwhile.
    admin = stage.server.influx()
    list(admin.query('DROP MEASUREMENT "lsst.sal.ATDome.bad"'))
    stage.write("lsst.sal.ATDome.bad", points)
    code, said = stage.downsampler.run()
    assert code == 0, said
    assert "filled in what was refused before" in said
    assert_same(stage.tier("medium", "lsst.sal.ATDome.bad"), expected)


def test_a_field_that_becomes_a_float_loses_no_window(stage: Stage) -> None:
    """In one shard it is an integer, in the next a float; the tier's shard spans both."""
    midnight = int(time.time()) // 86_400 * 86_400 - 86_400
    points: list[Point] = [((midnight - 1800 + n * 5) * NANO, {"x": n}) for n in range(360)]
    later: list[Point] = [((midnight + n * 5) * NANO, {"x": n / 2}) for n in range(360)]
    stage.write("lsst.sal.ATDome.x", points)
    assert stage.downsampler.run()[0] == 0
    stage.write("lsst.sal.ATDome.x", later)
    # The server's clock is today's: what came later is asked for again.
    stage.server.write(
        [
            f"downsampling,database=efd,policy={p} until={midnight - 1800}i"
            for p in ("medium", "low")
        ],
        "telegraf",
    )
    code, said = stage.downsampler.run()
    assert code == 0, said
    expected = aggregates([*points, *later], 60, stage.until("low"), ("mean", "max"))
    found = {
        begin: {name: value for name, value in fields.items() if name[:3] in {"mea", "max"}}
        for begin, fields in stage.tier("low", "lsst.sal.ATDome.x").items()
    }
    assert_same(found, expected)


def test_it_stops_in_time_and_goes_on_the_next_day(stage: Stage) -> None:
    begin = begin_of_history()
    points = history(begin, 3 * HOUR, 5)
    stage.write("lsst.sal.ATDome.position", points)
    code, said = stage.downsampler.run(seconds=0)
    assert (code, "out of time" in said) == (0, True)
    assert stage.until("medium") <= begin
    assert stage.downsampler.run()[0] == 0
    assert stage.until("medium") > begin + 3 * HOUR


def test_progress_is_written_as_the_catalogue_says(stage: Stage) -> None:
    stage.write("lsst.sal.ATDome.position", history(begin_of_history(), HOUR, 5))
    assert stage.downsampler.run()[0] == 0
    (known,) = [measurement for measurement in METRICS if measurement.name == "downsampling"]
    metrics = stage.server.influx("telegraf")
    kinds = metrics.kinds("downsampling")
    assert kinds == {name: {kind} for name, kind in known.fields.items()}
    assert set(metrics.tags("downsampling")) == set(known.tags)


def test_a_server_that_is_away_is_an_error_that_says_so(stage: Stage) -> None:
    away = Downsampler(InfluxServer(stage.folder, "http://127.0.0.1:1", ""), SECTION, stage.folder)
    code, said = away.run(admission=1)
    assert code == 1
    assert "InfluxDB at http://127.0.0.1:1" in said


def test_flux_finds_the_same_means_but_hands_them_out(stage: Stage) -> None:
    """The technote's words; the example that is kept in the documentation."""
    name = "lsst.sal.ESS.temperature"
    written = history(begin_of_history(), 4 * HOUR, 3)
    stage.write(name, written)
    answer = requests.post(
        f"{stage.server.url}/api/v2/query",
        data=EXAMPLE.read_text(),
        headers={"Content-Type": "application/vnd.flux", "Accept": "application/csv"},
        auth=stage.server.web(USER).credentials,
        timeout=60,
    )
    assert answer.status_code == requests.codes.ok, answer.text
    lines = [line for line in answer.text.splitlines() if line and not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    times = [int(datetime.fromisoformat(row["_time"]).timestamp()) for row in rows]
    expected = aggregates(written, 10, time.time(), ("mean",))
    # The first window and the last are cut where the range begins and ends.
    for at, row in list(zip(times, rows, strict=True))[1:-1]:
        assert math.isclose(float(row["_value"]), expected[at]["mean_temperature"], abs_tol=1e-9)
    assert len(rows) > 300
