"""Two real InfluxDB servers, and what backs the one up and fills the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.backup_pods import BackupPods, backup_pods
from tests.support.backup_points import DATABASES, SECTION, USERS, fill
from tests.support.influx_server import InfluxServer, influx_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    """A server with points."""
    with influx_server(tmp_path_factory.mktemp("influxdb"), SECTION) as running:
        assert running.set_up(USERS, DATABASES).returncode == 0
        fill(running)
        yield running


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    """A server that a test may fill."""
    with influx_server(tmp_path_factory.mktemp("other"), SECTION) as running:
        assert running.set_up(USERS, DATABASES).returncode == 0
        yield running


@pytest.fixture
def pods(tmp_path: Path, server: InfluxServer) -> Iterator[BackupPods]:
    """What backs the server up, into a folder."""
    destination = {"DESTINATION": str(tmp_path / "backups")}
    with backup_pods(tmp_path / "pods", server, destination, "backup") as running:
        yield running


@pytest.fixture
def empty(tmp_path: Path, pods: BackupPods, other: InfluxServer) -> Iterator[BackupPods]:
    """Another server, with nothing in it, and what is kept of the first."""
    list(other.influx().query("DROP DATABASE efd"))
    assert other.set_up(USERS, DATABASES).returncode == 0
    with backup_pods(tmp_path / "others", other, pods.destination) as running:
        yield running
