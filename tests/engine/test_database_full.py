"""A consolidated database whose disk is full: nothing is lost, and with room it goes on."""

import random
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.aggregate_records import Aggregates
from tests.support.jdbc_archive import Archive, jdbc_archive
from tests.support.kafka_server import wait
from tests.support.postgresql_server import DATABASE, NOBODY, PostgreSql, postgresql_server

pytestmark = pytest.mark.engine

NOW = 1_700_000_000
AZIMUTH = Aggregates("lsst.sal.MTMount.azimuth-aggregated")
TABLE = "mtmount_azimuth"
FEW, MANY = 5, 600
NUMBERS = 1000
"""In each row, at random, so that they are not made smaller: 8 kB."""
SMALL, LARGE = "3m", "64m"
REFUSED = "No space left on device"


def _mount(*arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 -- ours
        ["/bin/mount", "-t", "tmpfs", *arguments], check=False, capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"no file system of a limited size can be made: {done.stderr.strip()}")


@pytest.fixture
def room() -> Iterator[Path]:
    """A file system with little room, where the user that the server runs as may go."""
    if NOBODY is None:
        pytest.skip("a file system of a limited size takes root")
    with tempfile.TemporaryDirectory(prefix="room-") as folder:
        Path(folder).chmod(0o755)
        place = Path(folder) / "small"
        place.mkdir()
        owner = f"uid={NOBODY},gid={NOBODY},mode=0700"
        _mount("-o", f"size={SMALL},{owner}", "tmpfs", str(place))
        try:
            yield place
        finally:
            subprocess.run(["/bin/umount", str(place)], check=True)  # noqa: S603 -- ours


@pytest.fixture
def archive(tmp_path: Path, room: Path) -> Iterator[Archive]:
    """A database whose tables are there; what it needs to come up again is elsewhere."""
    with postgresql_server() as server:
        server.execute(
            f"CREATE TABLESPACE small LOCATION '{room}'",
            f"ALTER DATABASE {DATABASE} SET default_tablespace = small",
        )
        with jdbc_archive(tmp_path, server) as ours:
            yield ours


def _records(first: int, end: int) -> list[str]:
    dice = random.Random(first)  # noqa: S311 -- the same each time
    return [
        AZIMUTH.record(NOW + n, n / 7, mean_forces=[dice.gauss(0, 1) for _ in range(NUMBERS)])
        for n in range(first, end)
    ]


def _refused(server: PostgreSql) -> int:
    return server.said.count(REFUSED)


def test_a_full_disk_stops_the_sink_and_loses_nothing(archive: Archive, room: Path) -> None:
    archive.send(AZIMUTH, *_records(0, FEW))
    archive.begin()
    archive.waits_for(TABLE, FEW)
    archive.send(AZIMUTH, *_records(FEW, MANY))
    wait(lambda: archive.states == ["RUNNING", "FAILED"], "a failure that is seen")
    assert _refused(archive.server)
    assert len(archive.rows(TABLE, "time")) < MANY

    refused = _refused(archive.server)
    archive.restart_failed()
    wait(lambda: _refused(archive.server) > refused, "another try")

    _mount("-o", f"remount,size={LARGE}", "tmpfs", str(room))
    found = archive.waits_for(TABLE, MANY, "private_efdstamp", "mean_position")
    assert [(int(at), float(value)) for at, value in found] == [
        (NOW + n, n / 7) for n in range(MANY)
    ]
