"""Restore with real InfluxDB servers."""

import base64
import json
import signal
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devkit.errors import DevkitError
from efd_infra.artifacts.backup import meta
from tests.support.backup_pods import BackupPods, scratch, stored
from tests.support.backup_points import (
    DAY,
    EACH,
    SHARDS,
    TODAY,
    databases,
    line,
    moment,
    newest,
    points,
)
from tests.support.influx_server import InfluxServer
from tests.support.waiting import wait_for

pytestmark = pytest.mark.engine


def test_what_was_lost_comes_back_point_by_point(
    server: InfluxServer, pods: BackupPods, empty: BackupPods
) -> None:
    done = pods.take()
    assert len(stored(done)) >= SHARDS
    assert newest(server, "copy")["ok"] == 1
    restored = empty.restore()
    assert restored.returncode == 0, restored
    assert points(empty.server) == points(server)
    assert len(points(server)) >= 4, "two measurements in each of two policies"
    kinds = {"f": {"float"}, "i": {"integer"}, "s": {"string"}, "b": {"boolean"}}
    assert empty.server.influx().kinds("lsst.sal.A.b") == kinds
    assert databases(empty.server) == {"efd", "telegraf"}, "nothing is left behind"


def test_what_was_restored_stays_while_more_is_written(
    tmp_path: Path, pods: BackupPods, empty: BackupPods
) -> None:
    """A shard that was filled is one like any other: its next files take no other's name."""
    pods.take()
    assert "filled in " in empty.restore().stdout
    late = [line("lsst.sal.late", moment(1, number), number) for number in range(50)]
    for server in (pods.server, empty.server):
        server.write(late)
    # It writes what it holds in memory to files of its own.
    again = replace(empty, destination={"DESTINATION": str(tmp_path / "again")})
    again.take(INFLUXDB_LOGIN=str(empty.folder / "login"))
    assert points(empty.server) == points(pods.server)


def test_a_damaged_archive_is_refused(pods: BackupPods, empty: BackupPods) -> None:
    pods.take()
    archive = pods.file("influxdb/efd/autogen/*/*.tar.gz")
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 1
    archive.write_bytes(data)
    refused = empty.restore()
    assert refused.returncode == 3
    assert f"refused: influxdb/{archive.parent.name}" in refused.stdout.replace("efd/autogen/", "")
    assert "is damaged" in refused.stdout
    with scratch(empty) as rehearsal:
        done = rehearsal.run("rehearse")
    assert done.returncode == 1
    assert "is damaged" in done.stdout


def test_a_changed_list_of_what_belongs_to_a_copy_is_refused(
    pods: BackupPods, empty: BackupPods
) -> None:
    pods.take()
    copy = pods.file("copies/*.json")
    copy.write_text(copy.read_text().replace("autogen", "autogem", 1))
    refused = empty.restore()
    assert (refused.returncode, "is damaged" in refused.stdout) == (3, True)


def test_points_that_are_there_are_not_overwritten_in_silence(
    pods: BackupPods, empty: BackupPods
) -> None:
    pods.take()
    there = "lsst.sal.A.b,site=a\\ b,n=x0 f=-1"
    empty.server.write([f"{there} {moment(1, 0)}"])
    refused = empty.restore()
    assert refused.returncode == 3, refused
    assert "nothing was touched" in refused.stdout
    assert list(empty.server.influx().query("SELECT f FROM low./.*/")) == []
    merged = empty.restore(EXISTING="merge")
    assert merged.returncode == 0, merged
    assert points(empty.server) == points(pods.server)


def test_a_restore_that_is_killed_is_continued(pods: BackupPods, empty: BackupPods) -> None:
    pods.take()
    key = empty.restore_key
    first = empty.start("restore", DOOR_KEY=key)
    assert first.stdout is not None
    first.stdout.readline()
    assert " filled in " in first.stdout.readline()
    first.send_signal(signal.SIGKILL)
    first.communicate()
    second = empty.restore()
    assert second.returncode == 0, second
    assert "is done already" in second.stdout
    assert points(empty.server) == points(pods.server)
    assert databases(empty.server) == {"efd", "telegraf"}


def test_one_lost_day_is_repaired_in_a_server_that_runs(
    pods: BackupPods, empty: BackupPods
) -> None:
    pods.take()
    lost = TODAY - 2 * DAY
    span = f"time >= {lost} AND time < {lost + DAY}"
    empty.restore()
    list(empty.server.influx(policy="autogen").query(f"DELETE FROM /.*/ WHERE {span}"))  # noqa: S608 -- of numbers
    assert points(empty.server) != points(pods.server)
    day, next_day = (
        f"{datetime.fromtimestamp(each // 10**9, UTC):%Y-%m-%dT%H:%M:%S+00:00}"
        for each in (lost, lost + DAY)
    )
    done = empty.restore(SINCE=day, UNTIL=next_day, EXISTING="refuse")
    assert done.returncode == 0, done
    assert points(empty.server) == points(pods.server)


def test_influxdb_s_own_program_restores_an_archive(
    tmp_path: Path, pods: BackupPods, other: InfluxServer
) -> None:
    """A site without this program is not lost: the archives are what ``influxd`` writes."""
    pods.take()
    entry = json.loads(pods.file("influxdb/efd/autogen/*/*.json").read_text())
    archive = Path(pods.destination["DESTINATION"]) / entry["file"]
    folder = tmp_path / "portable"
    folder.mkdir()
    (folder / "a.s.tar.gz").write_bytes(archive.read_bytes())
    (folder / "a.meta").write_bytes(meta.packed(base64.b64decode(entry["meta"])))
    listed = {"database": "efd", "policy": "autogen", "shardID": entry["shard"]}
    manifest = {
        "meta": {"fileName": "a.meta", "size": 0},
        "files": [{**listed, "fileName": "a.s.tar.gz", "size": entry["raw"], "lastModified": 0}],
    }
    (folder / "a.manifest").write_text(json.dumps(manifest))
    influxd = other.program("influxd")
    command = [str(influxd), "restore", "-portable", "-host", other.backup, "-db", "efd"]
    done = subprocess.run(  # noqa: S603 -- built here
        [*command, "-newdb", "own", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done
    # It ends before the server has put the files in place.
    wait_for(lambda: _count(other) == EACH, "the points are there", 20)
    list(other.influx().query("DROP DATABASE own"))


def _count(server: InfluxServer) -> int:
    try:
        answer = list(server.influx("own").query('SELECT count(f) FROM "lsst.sal.A.b"'))
    except DevkitError:
        return 0
    return sum(int(series.rows[0][1]) for series in answer)


def test_the_key_of_the_backup_opens_nothing_that_writes(pods: BackupPods) -> None:
    pods.take()
    done = pods.run("restore", EXISTING="merge", INFLUXDB_LOGIN=_admin(pods))
    assert done.returncode != 0
    assert not any(name.startswith("efd_restore_") for name in databases(pods.server))
    list(pods.server.influx().query("DROP DATABASE efd_restore"))


def _admin(pods: BackupPods) -> str:
    folder = pods.folder / "admin"
    folder.mkdir()
    (folder / "username").write_text("admin")
    (folder / "password").write_text(pods.server.password("admin"))
    return str(folder)
