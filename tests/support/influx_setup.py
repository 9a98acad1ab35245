"""The program that sets InfluxDB up, between a site's wishes and a server that only answers."""

import json
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from rendering.engine import ROOT
from tests.support.influx_server import InfluxServer
from tests.support.loopback import serving

PROGRAM = ROOT / "efd_infra" / "artifacts" / "influxdb" / "reconcile.py"
KEY = "K9" * 32
PASSWORD = "it's\\odd"  # noqa: S105 -- of nobody
DAY = 86_400
NOTHING_DONE = "databases, policies, users and grants were as they should be"
_ADMIN = {"name": "admin", "admin": True, "grants": {}}
_READER = {"name": "efdreader", "admin": False, "grants": {"efd": "READ"}}


def surroundings(folder: Path, url: str) -> dict[str, str]:
    """Write the secrets; return what the program is told."""
    for user in ("admin", "efdreader"):
        (folder / "passwords" / user).mkdir(parents=True)
        (folder / "passwords" / user / "password").write_text(PASSWORD)
    (folder / "key").write_text(KEY)
    return {
        "INFLUXDB_URL": url,
        "SETTINGS": str(folder / "settings.json"),
        "USERS_DIR": str(folder / "passwords"),
        "SIGNING_KEY": str(folder / "key"),
    }


def wanted(
    keep: int = 30 * DAY, shortened_from: int | None = None, *more: dict[str, Any]
) -> dict[str, Any]:
    """Return a site with one database, whose default policy keeps some seconds."""
    policy = {"name": "autogen", "keep": keep, "shard": DAY, "shortenedFrom": shortened_from}
    return {
        "databases": [{"name": "efd", "policies": [policy, *more]}],
        "users": [_ADMIN, _READER],
        "services": ["admin", "efdreader", "kapacitor"],
    }


@contextmanager
def answering(**errors: str) -> Iterator[tuple[str, list[str]]]:
    """Answer as one that keeps 90 days and has no reader; fail at what begins so."""
    sent: list[str] = []
    policies = ["name", "duration", "shardGroupDuration", "replicaN", "default"]
    rows: dict[str, tuple[list[str], list[list[Any]]]] = {
        "SHOW DATABASES": (["name"], [["efd"], ["_internal"]]),
        "SHOW SHARDS": (
            ["database", "retention_policy", "start_time"],
            [["efd", "autogen", "2026-08-01T00:00:00Z"]],
        ),
        "SHOW USERS": (["user", "admin"], [["admin", True]]),
        "SHOW RETENTION": (policies, [["autogen", "2160h0m0s", "24h0m0s", 1, True]]),
    }

    def result(statement: str) -> dict[str, Any]:
        for beginning, error in errors.items():
            if statement.startswith(beginning.replace("_", " ")):
                return {"error": error}
        for beginning, (columns, values) in rows.items():
            if statement.startswith(beginning):
                return {"series": [{"columns": columns, "values": values}]}
        return {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            (text,) = urllib.parse.parse_qs(body)["q"]
            sent.extend(text.split(";"))
            answer = json.dumps({"results": [result(s) for s in text.split(";")]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    with serving(Handler) as url:
        yield url, sent


def run(folder: Path, url: str, site: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    environ = surroundings(folder, url)
    (folder / "settings.json").write_text(json.dumps(site))
    return subprocess.run(  # noqa: S603 -- the program under test
        [sys.executable, "-W", "error", str(PROGRAM)],
        env=environ,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def changed(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return what a run says that it has changed."""
    assert done.returncode == 0, done.stderr
    _, *lines = done.stdout.splitlines()
    return [line for line in lines if not line.startswith("not of the site")]


def names(server: InfluxServer, kind: str) -> set[str]:
    """Return the ``DATABASES`` or the ``USERS`` of a server."""
    return {row[0] for series in server.influx().query(f"SHOW {kind}") for row in series.rows}
