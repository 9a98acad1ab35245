"""The programs of backup and restore, started as their pods start them, on loopback."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from efd_infra.manifests.backup import SCRATCH_DIR, scratch_conf
from tests.support.influx_server import InfluxServer, program
from tests.support.loopback import free_port
from tests.support.waiting import wait_for

ARTIFACTS = Path(__file__).parents[2] / "efd_infra" / "artifacts"
_HOST = "127.0.0.1"


@dataclass(frozen=True)
class BackupPods:
    """What the pods of one site are given."""

    folder: Path
    server: InfluxServer
    door: int
    destination: dict[str, str]
    """The variables that say where backups are kept."""
    others: dict[str, str] = field(default_factory=dict)

    def run(self, program: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a program to its end."""
        return subprocess.run(  # noqa: S603 -- the program's own
            [sys.executable, "-m", f"backup.{program}"],
            env=self.environ(**variables),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def take(self, **variables: str) -> subprocess.CompletedProcess[str]:
        """Take a copy, which must succeed."""
        done = self.run("take", **variables)
        assert done.returncode == 0, done
        return done

    def restore(self, **variables: str) -> subprocess.CompletedProcess[str]:
        """Restore, with the key for it."""
        return self.run("restore", DOOR_KEY=self.restore_key, **variables)

    @property
    def restore_key(self) -> str:
        """The file with the key that opens everything."""
        return str(self.folder / "keys" / "restore" / "key")

    @property
    def root(self) -> Path:
        """Where copies are kept."""
        return Path(self.destination["DESTINATION"])

    def file(self, pattern: str) -> Path:
        """Return one of the files that are kept."""
        return min(self.root.glob(pattern))

    def entries(self) -> list[Path]:
        """Return what is known of each shard that is kept."""
        return list(self.root.glob("influxdb/*/*/*/*.json"))

    def start(self, program: str, **variables: str) -> subprocess.Popen[str]:
        """Start a program."""
        return subprocess.Popen(  # noqa: S603 -- the program's own
            [sys.executable, "-m", f"backup.{program}"],
            env=self.environ(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def environ(self, **variables: str) -> dict[str, str]:
        """Return the variables of a pod; a name without a value is left out."""
        given = {
            "DOOR": f"{_HOST}:{self.door}",
            "DOOR_KEY": str(self.folder / "keys" / "backup" / "key"),
            "DATABASES": "efd",
            "RATE": "1000000000",
            "SECONDS": "100",
            "KEEP": "2",
            "SITE": "test",
            "INFLUXDB_URL": self.server.url,
            "INFLUXDB_LOGIN": str(self.folder / "login"),
            "METRICS": "telegraf",
            **self.destination,
            **self.others,
            **variables,
        }
        ours = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ARTIFACTS)}
        return {**ours, **{name: value for name, value in given.items() if value}}


def stored(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return which shards a run has stored."""
    return re.findall(r"^stored (\S+):", done.stdout, re.MULTILINE)


@contextmanager
def backup_pods(
    folder: Path, server: InfluxServer, destination: dict[str, str], user: str = "admin"
) -> Iterator[BackupPods]:
    """Stand a door before a server; give what dials it as ``user``."""
    login, keys = folder / "login", folder / "keys"
    for place, files in (
        (login, {"username": user, "password": server.password(user)}),
        (keys / "backup", {"key": "b" * 32}),
        (keys / "restore", {"key": "r" * 32}),
    ):
        place.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (place / name).write_text(text)
    pods = BackupPods(folder, server, free_port(), destination)
    door = pods.start(
        "door",
        PORT=str(pods.door),
        BACKUP_PORT=server.backup.rpartition(":")[2],
        DATA_DIR=str(server.folder / "data"),
        KEYS_DIR=str(keys),
    )
    try:
        wait_for(lambda: _listens(pods.door), "the door is there", 20)
        yield pods
    finally:
        door.terminate()
        door.communicate()


@contextmanager
def scratch(pods: BackupPods) -> Iterator[BackupPods]:
    """Give the pods an empty server without users, as it is in the pod of a rehearsal."""
    with scratch_server(pods.folder / "scratch") as (url, backup):
        yield replace(
            pods, others={"SCRATCH_URL": url, "SCRATCH_BACKUP": backup, "SCRATCH_BYTES": "10000000"}
        )


@contextmanager
def scratch_server(folder: Path) -> Iterator[tuple[str, str]]:
    """Keep an empty server running; give its address, and that of its backup port."""
    http, rpc = f"{_HOST}:{free_port()}", f"{_HOST}:{free_port()}"
    folder.mkdir(parents=True)
    settings = folder / "influxdb.conf"
    settings.write_text(scratch_conf().replace(SCRATCH_DIR, str(folder)))
    environ = {
        "PATH": os.environ["PATH"],
        "INFLUXDB_BIND_ADDRESS": rpc,
        "INFLUXDB_HTTP_BIND_ADDRESS": http,
    }
    with (folder / "log").open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 -- built here
            [program("influxd"), "-config", settings],
            env=environ,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        # Whoever rehearses waits for it.
        yield f"http://{http}", rpc
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection((_HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
