"""The script that sets InfluxDB up: what it sends, and what it keeps to itself.

A recorder on loopback takes InfluxDB's place, because only a recorder can tell whether the
script's tokens are signed as RFC 7519 says and which statements it sends.
"""

import base64
import hashlib
import hmac
import json
import subprocess
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.support.loopback import serving

SCRIPT = Path(__file__).parents[2] / "efd_infra" / "artifacts" / "influxdb" / "setup.sh"
KEY = "K9" * 32
PASSWORDS = {"admin": "the-secret-of-admin", "efdreader": "it's\\odd"}


@dataclass
class Recorder:
    """An InfluxDB that does what it is told, but for the errors that it is told to give."""

    errors: dict[str, str] = field(default_factory=dict)
    """By the beginning of a statement, the error that it gets."""
    granted: str = ""
    """Databases that ``SHOW GRANTS`` names."""
    statements: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    url: str = ""

    def answer(self, statement: str, kind: str) -> str:
        """Return the answer to a statement as JSON or CSV."""
        for beginning, error in self.errors.items():
            if statement.startswith(beginning):
                if kind == "application/csv":
                    return f"error\n{error}"
                return json.dumps({"results": [{"statement_id": 0, "error": error}]})
        if kind == "application/csv":
            rows = [f",,{database},READ" for database in self.granted.split()]
            wanted = statement.startswith("SHOW GRANTS")
            return "\n".join(["name,tags,database,privilege", *(rows if wanted else [])])
        return json.dumps({"results": [{"statement_id": 0}]})


@pytest.fixture
def influxdb() -> Iterator[Recorder]:
    recorder = Recorder()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            (statement,) = urllib.parse.parse_qs(body)["q"]
            recorder.statements.append(statement)
            recorder.tokens.add(self.headers["Authorization"].removeprefix("Bearer "))
            answer = recorder.answer(statement, self.headers["Accept"]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    with serving(Handler) as recorder.url:
        yield recorder


def _run(influxdb: Recorder, tmp_path: Path, key: str = KEY) -> subprocess.CompletedProcess[str]:
    (tmp_path / "key").write_text(key)
    (tmp_path / "users").write_text("admin admin\nefdreader efd=READ\n")
    (tmp_path / "databases.influxql").write_text('CREATE DATABASE "efd"\n')
    for user, password in PASSWORDS.items():
        (tmp_path / "passwords" / user).mkdir(parents=True)
        (tmp_path / "passwords" / user / "password").write_text(password)
    return subprocess.run(  # noqa: S603 -- the script under test
        ["/bin/sh", str(SCRIPT)],
        env={
            "PATH": "/usr/bin:/bin",
            "INFLUXDB_URL": influxdb.url,
            "SETTINGS_DIR": str(tmp_path),
            "USERS_DIR": str(tmp_path / "passwords"),
            "SIGNING_KEY": str(tmp_path / "key"),
            "WORK_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.mark.parametrize("key", ["k", KEY], ids=["short", "a whole block"])
def test_the_token_is_signed_with_the_key_of_the_server(
    influxdb: Recorder, tmp_path: Path, key: str
) -> None:
    assert _run(influxdb, tmp_path, key).returncode == 0
    (token,) = influxdb.tokens
    signed, _, signature = token.rpartition(".")
    expected = hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest()
    assert _decoded(signature) == expected
    claims = json.loads(_decoded(signed.partition(".")[2]))
    assert claims["username"] == "admin"
    assert 0 < claims["exp"] - time.time() <= 600, "a token that leaks must be worthless soon"


def test_a_key_that_would_be_hashed_first_is_refused(influxdb: Recorder, tmp_path: Path) -> None:
    result = _run(influxdb, tmp_path, KEY + "x")
    assert result.returncode != 0
    assert "64 bytes" in result.stderr


def test_the_administrator_is_made_before_anything_else(influxdb: Recorder, tmp_path: Path) -> None:
    assert _run(influxdb, tmp_path).returncode == 0
    first = influxdb.statements[0]
    assert first.startswith('CREATE USER "admin" WITH PASSWORD'), "InfluxDB refuses all else"
    assert first.endswith("WITH ALL PRIVILEGES")


def test_a_password_with_quotes_arrives_whole(influxdb: Recorder, tmp_path: Path) -> None:
    assert _run(influxdb, tmp_path).returncode == 0
    assert r"""CREATE USER "efdreader" WITH PASSWORD 'it\'s\\odd'""" in influxdb.statements


def test_a_changed_password_is_set(influxdb: Recorder, tmp_path: Path) -> None:
    influxdb.errors = {'CREATE USER "admin"': "user already exists"}
    result = _run(influxdb, tmp_path)
    assert result.returncode == 0
    assert """SET PASSWORD FOR "admin" = 'the-secret-of-admin'""" in influxdb.statements
    assert "set the password of admin" in result.stdout


def test_what_the_site_does_not_grant_is_revoked(influxdb: Recorder, tmp_path: Path) -> None:
    influxdb.granted = "efd telegraf"
    assert _run(influxdb, tmp_path).returncode == 0
    revoked = [s for s in influxdb.statements if s.startswith("REVOKE")]
    assert revoked == [
        'REVOKE ALL PRIVILEGES FROM "efdreader"',
        'REVOKE ALL PRIVILEGES ON "telegraf" FROM "efdreader"',
    ]


def test_nothing_is_dropped(influxdb: Recorder, tmp_path: Path) -> None:
    assert _run(influxdb, tmp_path).returncode == 0
    assert not [s for s in influxdb.statements if s.startswith("DROP")]


def test_an_error_ends_the_script_and_names_the_statement(
    influxdb: Recorder, tmp_path: Path
) -> None:
    influxdb.errors = {"CREATE DATABASE": "disk full"}
    result = _run(influxdb, tmp_path)
    assert result.returncode != 0
    assert 'CREATE DATABASE "efd"' in result.stderr
    assert "disk full" in result.stderr


def test_a_question_without_an_answer_ends_the_script(influxdb: Recorder, tmp_path: Path) -> None:
    influxdb.errors = {"SHOW GRANTS": "internal error"}
    result = _run(influxdb, tmp_path)
    assert result.returncode != 0, "unseen privileges would stay"
    assert "SHOW GRANTS" in result.stderr
    assert "internal error" in result.stderr


def test_no_password_is_printed_even_in_an_error(influxdb: Recorder, tmp_path: Path) -> None:
    influxdb.errors = {'CREATE USER "efdreader"': "no", 'SET PASSWORD FOR "efdreader"': "no"}
    result = _run(influxdb, tmp_path)
    assert result.returncode != 0
    said = result.stdout + result.stderr
    assert not [p for p in (*PASSWORDS.values(), KEY, *influxdb.tokens) if p in said]


def test_no_secret_is_left_in_the_scratch_directory(influxdb: Recorder, tmp_path: Path) -> None:
    assert _run(influxdb, tmp_path).returncode == 0
    texts = [
        path.read_text() for path in tmp_path.iterdir() if path.is_file() and path.name != "key"
    ]
    assert not [p for p in (*PASSWORDS.values(), KEY, *influxdb.tokens) if p in "".join(texts)]
