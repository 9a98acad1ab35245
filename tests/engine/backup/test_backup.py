"""Backup and rehearsal with a real InfluxDB."""

import hashlib
import json
import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.backup_pods import BackupPods, scratch, stored
from tests.support.backup_points import (
    EACH,
    line,
    moment,
    newest,
)
from tests.support.influx_server import InfluxServer

pytestmark = pytest.mark.engine


def test_only_shards_that_changed_are_stored_again(server: InfluxServer, pods: BackupPods) -> None:
    pods.take()
    assert stored(pods.take()) == []
    server.write([line("lsst.sal.late", moment(2, 1), 1)])
    late = pods.take()
    assert len(stored(late)) == 1, late


def test_a_run_that_is_killed_is_continued(pods: BackupPods) -> None:
    first = pods.start("take", RATE="100000")
    assert first.stdout is not None
    assert first.stdout.readline().startswith("stored ")
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert list(Path(pods.destination["DESTINATION"]).glob("copies/*")) == []
    second = pods.take()
    third = pods.take(DESTINATION=f"{pods.destination['DESTINATION']}-other")
    assert len(stored(second)) < len(stored(third))


def test_no_shard_is_begun_that_takes_too_long(server: InfluxServer, pods: BackupPods) -> None:
    done = pods.run("take", SECONDS="1", RATE="4000")
    assert done.returncode == 1
    assert re.search(r"no copy yet: efd/\S+ takes \d+ s, and there are 1 s a day", done.stdout)
    assert newest(server, "copy")["ok"] == 0


def test_a_shard_is_read_no_faster_than_allowed(server: InfluxServer, pods: BackupPods) -> None:
    server.write(
        [
            f"noise f={number * 7919 % 10007 * 1.37} {moment(0, 0) - 1000 * number}"
            for number in range(60_000)
        ]
    )
    began = time.monotonic()
    pods.take(RATE="200000")
    raw = sum(json.loads(path.read_text())["raw"] for path in pods.entries())
    assert time.monotonic() - began > raw / 200_000 * 0.9
    list(server.influx().query("DROP MEASUREMENT noise"))


def test_old_copies_go_and_the_newest_stay(pods: BackupPods) -> None:
    names: list[str] = []
    for number in range(3):
        pods.server.write([line("lsst.sal.more", moment(0, number), number)])
        pods.take(KEEP="2")
        names.append(max(p.stem for p in Path(pods.destination["DESTINATION"]).glob("copies/*")))
        time.sleep(1)
    kept = sorted(p.stem for p in Path(pods.destination["DESTINATION"]).glob("copies/*"))
    assert kept == names[1:]
    referred = {
        shard["entry"]
        for name in kept
        for shard in json.loads(pods.file(f"copies/{name}.json").read_text())["copy"]["shards"]
    }
    root = Path(pods.destination["DESTINATION"])
    assert {str(path.relative_to(root)) for path in pods.entries()} == referred


def test_a_rehearsal_finds_every_point(server: InfluxServer, pods: BackupPods) -> None:
    pods.take()
    with scratch(pods) as rehearsal:
        done = rehearsal.run("rehearse")
        assert done.returncode == 0, done
        shards = len(pods.entries())
        assert f"restored {shards} of {shards} shards" in done.stdout
        assert newest(server, "rehearsal")["ok"] == 1
        # Points are missing in what is kept, and its digests say nothing of it.
        entry = pods.file("influxdb/efd/autogen/*/*.json")
        said = json.loads(entry.read_text())
        said["census"]["lsst.sal.A.b"]["fields"]["f"] += 1
        _rewrite(pods, entry, said)
        found = rehearsal.run("rehearse")
    assert found.returncode == 1
    assert f"lsst.sal.A.b: {EACH} points of f, not {EACH + 1}" in found.stdout
    assert newest(server, "rehearsal")["ok"] == 0


def _rewrite(pods: BackupPods, entry: Path, said: dict[str, Any]) -> None:
    """Change an entry, and the copy that names its digest."""
    root = Path(pods.destination["DESTINATION"])
    entry.write_text(json.dumps(said))
    path = pods.file("copies/*.json")
    copy = json.loads(path.read_text())["copy"]
    for shard in copy["shards"]:
        if shard["entry"] == str(entry.relative_to(root)):
            shard["sha256"] = hashlib.sha256(entry.read_bytes()).hexdigest()
    digest = hashlib.sha256(json.dumps(copy, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps({"sha256": digest, "copy": copy}))


def test_age_grows_when_no_backup_runs(server: InfluxServer, pods: BackupPods) -> None:
    pods.take()
    time.sleep(1)
    pods.run("watch", EXPECTED="copy,kapacitor")
    assert newest(server, "copy")["age"] > 1
    assert newest(server, "kapacitor")["ok"] == 0


def test_who_knows_no_key_is_told_nothing(pods: BackupPods, tmp_path: Path) -> None:
    (tmp_path / "guess").write_text("g" * 32)
    done = pods.run("take", DOOR_KEY=str(tmp_path / "guess"))
    assert done.returncode == 1
    assert "no copy yet: " in done.stdout
