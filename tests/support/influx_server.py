"""A real InfluxDB on loopback, without a container, with the settings that the program writes."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from devkit.images import store
from devkit.images.influxdb import PROGRAMS
from devkit.traffic.access import Web
from devkit.traffic.influx import Influx
from devkit.workspace import Workspace
from efd_infra.config.influxdb_user import InfluxDbUser
from efd_infra.config.timeseries import DatabaseSection, InfluxDbSection
from efd_infra.manifests.influxdb import DATA_DIR, influxdb_conf
from efd_infra.manifests.influxdb_setup import setup_settings
from tests.support.loopback import free_port
from tests.support.waiting import wait_for

SETUP = Path(__file__).parents[2] / "efd_infra" / "artifacts" / "influxdb" / "reconcile.py"
KEY = "K9" * 32
"""What it signs tokens with."""
_ENV = {"PATH": os.environ["PATH"]}


@dataclass(frozen=True)
class InfluxServer:
    """Where it answers, and its files in one folder."""

    folder: Path
    url: str
    backup: str
    """Host and port of backup and restore."""

    @property
    def log(self) -> Path:
        """What it has said."""
        return self.folder / "influxd.log"

    def program(self, name: str) -> Path:
        """Return ``influxd`` or ``influx``."""
        return program(name)

    def password(self, user: str) -> str:
        """Return the password that ``set_up`` gives to a user."""
        return f"the secret of {user}"

    def web(self, user: str = "admin") -> Web:
        """Return how a user reaches it."""
        return Web(self.url, user, self.password(user))

    def influx(self, database: str = "efd", policy: str = "", user: str = "admin") -> Influx:
        """Return one of its databases as a user sees it."""
        return Influx(self.web(user), database, policy)

    def ask(self, statement: str, database: str = "efd") -> list[dict[str, Any]]:
        """Return the series of an answer as they are, with their tags; times in nanoseconds."""
        with requests.Session() as session:
            session.trust_env = False
            session.auth = self.web().credentials
            answer = session.post(
                f"{self.url}/query",
                data={"db": database, "q": statement, "epoch": "ns"},
                timeout=60,
            )
        (result,) = answer.json()["results"]
        assert "error" not in result, f"{statement}: {result['error']}"
        series: list[dict[str, Any]] = result.get("series", [])
        return series

    def set_up(
        self,
        users: Sequence[InfluxDbUser],
        databases: Sequence[DatabaseSection],
        **passwords: str,
    ) -> subprocess.CompletedProcess[str]:
        """Run the set-up program to its end; what it said."""
        settings = self.folder / "setup"
        settings.mkdir(exist_ok=True)
        (settings / "settings.json").write_text(setup_settings(databases, users))
        for user in users:
            (settings / user.name).mkdir(exist_ok=True)
            (settings / user.name / "password").write_text(
                passwords.get(user.name, self.password(user.name))
            )
        return subprocess.run(  # noqa: S603 -- the program for its pod
            [sys.executable, "-W", "error", SETUP],
            env={
                **_ENV,
                "INFLUXDB_URL": self.url,
                "SETTINGS": str(settings / "settings.json"),
                "USERS_DIR": str(settings),
                "SIGNING_KEY": str(settings.parent / "key"),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def series(self, statement: str, database: str = "efd") -> list[dict[str, Any]]:
        """Return the series of an answer as InfluxDB gives them, tags and all; as administrator."""
        with requests.Session() as session:
            session.trust_env = False
            session.auth = self.web().credentials
            answer = session.post(
                f"{self.url}/query", params={"db": database}, data={"q": statement}, timeout=60
            )
        (result,) = answer.json()["results"]
        assert "error" not in result, f"{result['error']}: {statement}"
        series: list[dict[str, Any]] = result.get("series", [])
        return series

    def write(self, lines: Sequence[str], database: str = "efd", policy: str = "autogen") -> None:
        """Write points as the administrator: line protocol, with times in nanoseconds."""
        with requests.Session() as session:
            session.trust_env = False
            session.auth = self.web().credentials
            answer = session.post(
                f"{self.url}/write",
                params={"db": database, "rp": policy},
                data="\n".join(lines).encode(),
                timeout=60,
            )
        assert answer.status_code == requests.codes.no_content, answer.text


@contextmanager
def influx_server(folder: Path, section: InfluxDbSection, **environ: str) -> Iterator[InfluxServer]:
    """Keep a server running with the settings of ``section``, and its data below ``folder``.

    Enter it again with the same folder, and it has what it had. What ``environ`` says of a setting
    goes before the file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "influxdb.conf"
    settings.write_text(influxdb_conf(section).replace(DATA_DIR, str(folder / "data")))
    (folder / "key").write_text(KEY)
    http, rpc = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    server = InfluxServer(folder, f"http://{http}", rpc)
    environ = {
        **_ENV,
        "INFLUXDB_BIND_ADDRESS": rpc,
        "INFLUXDB_HTTP_BIND_ADDRESS": http,
        "INFLUXDB_HTTP_SHARED_SECRET": KEY,
        **environ,
    }
    with server.log.open("ab") as said:
        process = subprocess.Popen(  # noqa: S603 -- built here
            [server.program("influxd"), "-config", settings],
            env=environ,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(lambda: _answers(server.url), f"InfluxDB answers: {server.log}", 60)
        yield server
    finally:
        process.terminate()
        process.wait()


def program(name: str) -> Path:
    """Return ``influxd`` or ``influx``."""
    return store.unpacked(Workspace.from_environment().cache, PROGRAMS) / "usr" / "bin" / name


def _answers(url: str) -> bool:
    try:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"{url}/ping", timeout=5).ok
    except requests.RequestException:
        return False
