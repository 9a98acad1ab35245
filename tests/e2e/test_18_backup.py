"""A backup of the small Summit: taken, rehearsed, damaged, and put back where a volume was lost."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient

from devkit.patience import wait_until
from devkit.traffic import arrivals
from devkit.traffic.influx import Influx
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import BROKER, STREAMING, Stand
from tests.support.aggregates import points

pytestmark = pytest.mark.e2e

CSC = "Backup"
CLAIM = "influxdb-data-influxdb-0"
POLICIES = ("autogen", "medium")


def test_a_copy_holds_what_the_server_holds(summit: Stand, report: Report) -> None:
    with load(summit, "backup", "--seed=181", "--csc", CSC, "--duration=30") as producer:
        ledger = producer.finish()
    assert arrivals.wait(summit.influx, ledger, 120).complete
    with report.timed("18", "a copy of everything so far"):
        taken = summit.run_now("backup", "backup", "taken")
    assert taken.succeeded, taken.said
    with report.timed("18", "the copy restored beside the live server, and compared"):
        rehearsed = summit.run_now("backup", "backup-rehearsal", "rehearsed")
    assert rehearsed.succeeded, rehearsed.said
    assert "differs" not in rehearsed.said
    assert _newest(summit, "copy")["ok"] == 1
    assert _newest(summit, "rehearsal")["ok"] == 1


def test_a_damaged_copy_is_noticed(summit: Stand) -> None:
    archive = max(_store(summit).glob("influxdb/efd/autogen/*/*.tar.gz"), key=_size)
    whole = archive.read_bytes()
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 1
    archive.write_bytes(damaged)
    try:
        rehearsed = summit.run_now("backup", "backup-rehearsal", "damaged")
        assert not rehearsed.succeeded
        assert "is damaged" in rehearsed.said
        assert _newest(summit, "rehearsal")["ok"] == 0
    finally:
        archive.write_bytes(whole)


def test_what_is_there_is_not_overwritten(summit: Stand) -> None:
    before = _counted(summit)
    restored = _restore(summit, "--database=efd")
    assert restored.returncode == 1, restored.stdout
    assert "refused, and nothing was touched:" in restored.stdout
    assert ": there are points\n" in restored.stdout
    assert _counted(summit) == before


def test_a_deleted_topic_comes_back_as_it_was_made(summit: Stand) -> None:
    """Without its records; what was not lost is left alone."""
    client = AdminClient(summit.outside("sal").settings)

    def partitions() -> dict[str, int]:
        found = client.list_topics(timeout=10).topics
        return {n: len(t.partitions) for n, t in found.items() if n.startswith("lsst.sal.")}

    before = partitions()
    topic = min(name for name in before if name.startswith(f"lsst.sal.{CSC}"))
    deleting = f'. "$SETTINGS_DIR/admin.sh"; tool TopicCommand --delete --topic {topic}'
    where = (f"--namespace={STREAMING}", "-c", "kafka", "--", "sh", "-c", deleting)
    summit.kubectl("exec", f"{BROKER}-0", *where)
    assert wait_until(lambda: topic not in partitions(), 60)
    restored = _restore(summit, "--what=topics,schemas")
    assert restored.returncode == 0, restored.stdout
    assert "topics: 1 of " in restored.stdout
    assert "schemas: 0 of " in restored.stdout
    assert wait_until(lambda: partitions() == before, 60)


def test_a_lost_volume_comes_back_point_by_point(summit: Stand, report: Report) -> None:
    """As ``docs/backup.md`` says it."""
    before, digests = _counted(summit), _digests(summit)
    assert len(digests) > len(POLICIES)
    where = "--namespace=influxdb"
    summit.kubectl("delete", "persistentvolumeclaim", CLAIM, "--wait=false", where)
    summit.kubectl("delete", "pod", "influxdb-0", where)
    summit.kubectl("delete", "jobs", "-l", "app.kubernetes.io/instance=influxdb-setup", where)
    gone = f"/api/v1/namespaces/influxdb/persistentvolumeclaims/{CLAIM}"
    assert wait_until(lambda: summit.site.api.get(gone) is None, 120, 0.5)
    refreshed = summit.deployment.operation("refresh", "--yes")
    assert refreshed.code == 0, refreshed.said
    with report.timed("18", "an empty server after its volume was lost, by pulumi up"):
        summit.site.up()
        summit.wait_ready("influxdb")
    assert _counted(summit) == {policy: {} for policy in POLICIES}
    with report.timed("18", "every point of it put back"):
        restored = _restore(summit, "--database=efd")
    assert restored.returncode == 0, restored.stdout
    assert _counted(summit) == before
    assert _digests(summit) == digests
    total = sum(max(fields.values()) for each in before.values() for fields in each.values())
    report.add("18", "points that came back, measurement by measurement alike", total)
    # Metrics have gone on being written.
    merged = _restore(summit, "--database=telegraf", "--merge")
    assert merged.returncode == 0, merged.stdout


def _newest(stand: Stand, what: str) -> dict[str, float]:
    statement = f"SELECT last(ok) AS ok FROM backup WHERE what = '{what}'"  # noqa: S608 -- ours
    (series,) = stand.influx_as_admin("telegraf").query(statement)
    return dict(zip(series.columns, series.rows[0], strict=True))


def _counted(stand: Stand) -> dict[str, dict[str, dict[str, int]]]:
    """Count the values of each field, by policy and measurement."""
    influx = stand.influx_as_admin("efd")
    return {
        policy: {
            series.name: {
                field: count or 0
                for field, count in zip(series.columns[1:], series.rows[0][1:], strict=True)
            }
            for series in influx.query(f'SELECT count(*) FROM "{policy}"./.*/')  # noqa: S608 -- ours
        }
        for policy in POLICIES
    }


def _digests(stand: Stand) -> dict[tuple[str, str], str]:
    """Digest every point of the measurements that this check wrote."""
    found: dict[tuple[str, str], str] = {}
    for policy in POLICIES:
        influx = Influx(stand.influx_as_admin("efd").web, "efd", policy)
        for name in influx.measurements():
            if name.startswith(f"lsst.sal.{CSC}"):
                said = json.dumps(points(influx, name), sort_keys=True)
                found[policy, name] = hashlib.sha256(said.encode()).hexdigest()
    return found


def _store(stand: Stand) -> Path:
    """Return the folder on the node that is the claim with the copies."""
    claim = stand.site.get("/api/v1/namespaces/backup/persistentvolumeclaims/backup")
    volume = stand.site.get(f"/api/v1/persistentvolumes/{claim['spec']['volumeName']}")["spec"]
    return Path((volume.get("hostPath") or volume["local"])["path"])


def _size(path: Path) -> int:
    return path.stat().st_size


def _restore(stand: Stand, *options: str) -> "subprocess.CompletedProcess[str]":
    """Do what ``make restore`` does, with the sites of this stand."""
    stack, workspace = stand.site.stack, stand.site.workspace
    environ = stack.environ()
    path = os.pathsep.join([str(stack.toolchain.cluster / "bin"), environ["PATH"]])
    named = [f"--site={stand.site.name}", f"--sites={workspace.sites}"]
    return subprocess.run(  # noqa: S603 -- this Python
        [sys.executable, "-m", "restore", *named, *options],
        cwd=workspace.project,
        env={**environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=600,
    )
