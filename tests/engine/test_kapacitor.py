"""A real Kapacitor, where ``kapacitord`` is on PATH: it loads every file and raises what it should.

It cannot be had from any package registry, so on most machines this is skipped, and only what
``test_alert_rules.py`` plays by hand has been seen.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from efd_infra.config.alerts import HandlersSection
from efd_infra.config.identifier import Identifier
from efd_infra.config.influxdb_user import InfluxDbUser
from efd_infra.config.timeseries import DatabaseSection
from efd_infra.manifests.alerts.rule import Rule, Shape
from efd_infra.manifests.alerts.rules import every_rule
from efd_infra.manifests.kapacitor import DATA_DIR, RULES_DIR, kapacitor_conf, rule_files
from tests.support.influx_server import InfluxServer, influx_server
from tests.support.loopback import free_port
from tests.support.recorded import RECORDED
from tests.support.site_case import FULL
from tests.support.waiting import wait_for

_PROGRAM = shutil.which("kapacitord")

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(
        _PROGRAM is None,
        reason="no kapacitord on PATH: no rule has been loaded or replayed by a real Kapacitor",
    ),
]

_RULES = {rule.signal.name: rule for rule in reversed([*every_rule(FULL.site)])}


@contextmanager
def _kapacitor(folder: Path, influxdb: InfluxServer) -> Iterator[str]:
    """Keep a server running with the program's settings and every rule; its address."""
    port = free_port()
    settings = kapacitor_conf(influxdb_url=influxdb.url, handlers=HandlersSection())
    settings = settings.replace(DATA_DIR, str(folder / "data")).replace(RULES_DIR, str(folder))
    (folder / "kapacitor.conf").write_text(settings)
    for kind, files in rule_files("full", every_rule(FULL.site)).items():
        (folder / kind).mkdir()
        for name, text in files.items():
            (folder / kind / name).write_text(text)
    process = subprocess.Popen(  # noqa: S603 -- the program under test
        [str(_PROGRAM), "-config", folder / "kapacitor.conf"],
        env={
            "PATH": os.environ["PATH"],
            "KAPACITOR_HTTP_BIND_ADDRESS": f"127.0.0.1:{port}",
            "KAPACITOR_INFLUXDB_0_USERNAME": "admin",
            "KAPACITOR_INFLUXDB_0_PASSWORD": influxdb.password("admin"),
        },
    )
    try:
        url = f"http://127.0.0.1:{port}/kapacitor/v1"
        wait_for(lambda: process.poll() is not None or _answers(url), "Kapacitor answers", 60)
        rules = len([*every_rule(FULL.site)])
        wait_for(lambda: len(_get(url, "/tasks?limit=-1")["tasks"]) == rules, "it has rules", 60)
        yield url
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/ping", timeout=5).ok
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def kapacitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, InfluxServer]]:
    folder = tmp_path_factory.mktemp("kapacitor")
    names = ("efd", "telegraf", "chronograf")
    with influx_server(
        tmp_path_factory.mktemp("influxdb"), FULL.site.timeseries.influxdb
    ) as influxdb:
        influxdb.set_up(
            [InfluxDbUser(name="admin", admin=True)],
            [DatabaseSection(name=Identifier(name)) for name in names],
        )
        with _kapacitor(folder, influxdb) as url:
            yield url, influxdb


def _get(url: str, path: str) -> dict[str, Any]:
    answer: dict[str, Any] = requests.get(f"{url}{path}", timeout=30).json()
    return answer


def test_every_task_runs(kapacitor: tuple[str, InfluxServer]) -> None:
    url, _ = kapacitor
    tasks = _get(url, "/tasks?limit=-1&fields=executing&fields=error")["tasks"]
    assert {task["id"] for task in tasks} == {rule.name for rule in every_rule(FULL.site)}
    assert [task["id"] for task in tasks if not task["executing"] or task.get("error")] == []


@pytest.mark.parametrize("signal", RECORDED)
@pytest.mark.parametrize("raised", [False, True])
def test_a_replay_raises_what_it_should(
    kapacitor: tuple[str, InfluxServer], signal: str, *, raised: bool
) -> None:
    """A batch is recorded from InfluxDB, then replayed; what sums by time is one look late."""
    url, influxdb = kapacitor
    rule, now = _RULES[signal], int(time.time())
    influxdb.series(f'DROP DATABASE "{rule.query.database}"')
    influxdb.series(f'CREATE DATABASE "{rule.query.database}"')
    lines = list(RECORDED[signal].lines(rule, now, raised=raised))
    influxdb.write(lines, rule.query.database)
    looks = 2 if rule.shape is Shape.SILENT else 1
    start = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - looks * rule.every))
    recording = requests.post(
        f"{url}/recordings/batch", json={"task": rule.name, "start": start}, timeout=30
    ).json()
    wait_for(lambda: _get(url, f"/recordings/{recording['id']}")["status"] != "running", "it", 60)
    replay = requests.post(
        f"{url}/replays",
        json={"task": rule.name, "recording": recording["id"], "clock": "fast"},
        timeout=30,
    ).json()
    wait_for(lambda: _get(url, f"/replays/{replay['id']}")["status"] != "running", "it", 60)
    assert bool(_raised(url, rule)) is raised


def _raised(url: str, rule: Rule) -> list[dict[str, Any]]:
    """Return the alerts of a rule that are not over. A replay's own statistics are all zero."""
    events = [
        event
        for topic in ("warning", "critical")
        for event in _get(url, f"/alerts/topics/{topic}/events?min-level=WARNING").get("events", [])
    ]
    return [e for e in events if e["id"] == rule.name or e["id"].startswith(f"{rule.name} ")]
