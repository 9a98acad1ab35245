"""A real PostgreSQL without a container: Debian's, which need not be installed."""

import csv
import io
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from devkit import certificates, images
from devkit.images import pins, postgresql
from devkit.workspace import Workspace
from tests.support.loopback import free_port
from tests.support.waiting import wait_for

HOST, ADDRESS = "localhost", "127.0.0.1"
"""Its name, as in its certificate, and where it answers, unless something else is said."""
USER, PASSWORD, DATABASE = "efdwriter", "a secret", "consolidated"
NOBODY = 65534 if os.geteuid() == 0 else None
"""The user that it runs as where this is root, whom it refuses."""


@dataclass
class PostgreSql:
    """A server that can be ended and started again."""

    root: Path
    """Where its files are, programs and data."""
    port: int
    host: str = HOST
    address: str = ADDRESS
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def query(self, statement: str) -> list[dict[str, str]]:
        """Return the rows of a query, every value as text; an absent one as ``NULL``."""
        return list(csv.DictReader(io.StringIO(self._psql(DATABASE, "--csv", statement))))

    def execute(self, *statements: str) -> None:
        """Change something, each statement in a transaction of its own."""
        for statement in statements:
            self._psql(DATABASE, "--quiet", statement)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.root / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 -- ours
                [self._program("postgres"), "-D", str(self._data), "-F"],
                env=self._environ,
                stdout=log,
                stderr=subprocess.STDOUT,
                user=NOBODY,
                group=NOBODY,
            )
        wait_for(self._answers, "a database", seconds=60)

    def kill(self) -> None:
        """End it without letting it finish, and all who are connected with it."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        """End it."""
        self._end(signal.SIGINT)

    @property
    def said(self) -> str:
        """Its log."""
        return (self.root / "log").read_text(errors="replace")

    @property
    def authority(self) -> str:
        """Who signed its certificate, in PEM."""
        return (self.root / "ca.crt").read_text()

    def make(self) -> None:
        """Make the data, once."""
        certificates.authority(self.root, "a private authority")
        certificates.issue(self.root, "server", [self.host], common_name=self.host)
        if NOBODY is not None:
            os.chown(self.root / "server.key", NOBODY, NOBODY)
        secret = self.root / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        self._run(
            "initdb",
            f"--pgdata={self._data}",
            f"--username={USER}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        )
        settings = {
            "listen_addresses": f"'{self.address}'",
            "port": str(self.port),
            "unix_socket_directories": "''",
            "ssl": "on",
            "ssl_cert_file": f"'{self.root / 'server.crt'}'",
            "ssl_key_file": f"'{self.root / 'server.key'}'",
        }
        with (self._data / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{key} = {value}\n" for key, value in settings.items())
        with (self._data / "pg_hba.conf").open("a") as file:
            file.write("hostssl all all all scram-sha-256\n")
        self.start()
        self._psql("postgres", "--quiet", f"CREATE DATABASE {DATABASE}")

    @property
    def _data(self) -> Path:
        return self.root / "data"

    @property
    def _environ(self) -> dict[str, str]:
        files = self.root / "files" / "usr" / "lib"
        libraries = [files / "x86_64-linux-gnu", files / "postgresql" / pins.POSTGRESQL / "lib"]
        return {"LD_LIBRARY_PATH": ":".join(map(str, libraries)), "PGPASSWORD": PASSWORD}

    def _program(self, name: str) -> str:
        return str(self.root / "files/usr/lib/postgresql" / pins.POSTGRESQL / "bin" / name)

    def _run(self, name: str, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603 -- ours
            [self._program(name), *arguments],
            env=self._environ,
            check=False,
            capture_output=True,
            text=True,
            user=NOBODY,
            group=NOBODY,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _psql(self, database: str, form: str, statement: str) -> str:
        where = (f"--host={self.address}", f"--port={self.port}", f"--username={USER}")
        strict = ("--no-psqlrc", "--set=ON_ERROR_STOP=1", "--pset=null=NULL", form)
        return self._run("psql", *where, *strict, f"--command={statement}", database)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.said
        try:
            self._psql("postgres", "--csv", "SELECT 1")
        except AssertionError:
            return False
        return True

    def _end(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)
            self._process.wait(timeout=60)
            self._process = None


@contextmanager
def postgresql_server(
    host: str = HOST, address: str = ADDRESS, port: int | None = None
) -> Iterator[PostgreSql]:
    """Run a server with an empty database, owned by its only user; by default on a free port.

    Its files are copied to where the user that it runs as may read them.
    """
    files = images.unpacked(Workspace.from_environment().cache, postgresql.SERVER)
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        shutil.copytree(files, root / "files", symlinks=True)
        if NOBODY is not None:
            os.chown(root, NOBODY, NOBODY)
        server = PostgreSql(root, port or free_port(), host, address)
        server.make()
        try:
            yield server
        finally:
            server.stop()
