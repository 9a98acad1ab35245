"""InfluxDB itself, with the settings that the program writes."""

import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from devkit.errors import DevkitError
from efd_infra.config.influxdb_user import InfluxDbUser
from efd_infra.config.timeseries import InfluxDbSection
from efd_infra.manifests.influxdb import influxdb_conf
from tests.support.influx_server import KEY, InfluxServer, influx_server

pytestmark = pytest.mark.engine

ADMIN = InfluxDbUser(name="admin", admin=True)
ENDLESS = "SELECT count(f) FROM m WHERE time > now() - 300d GROUP BY time(1u) fill(0)"
"""Some 10^13 windows: it ends only when it is killed."""


def _section(**values: Any) -> InfluxDbSection:
    said = {"host": "influxdb.example.org", "storage": {"size": "1Gi"}, **values}
    return InfluxDbSection.model_validate_json(json.dumps(said))


SECTION = _section()
"""A server as a site has it that says nothing else."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    with _running(tmp_path_factory.mktemp("influxdb"), SECTION) as running:
        yield running


AT_A_TIME = 2
"""Queries that ``narrow`` answers."""


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    """A server whose limits on queries are narrow."""
    section = _section(queries={"concurrent": AT_A_TIME, "timeout": "3s", "logAfter": "1s"})
    with _running(tmp_path_factory.mktemp("narrow"), section) as running:
        yield running


@contextmanager
def _running(folder: Path, section: InfluxDbSection) -> Iterator[InfluxServer]:
    with influx_server(folder, section) as running:
        done = running.set_up([ADMIN], section.databases)
        assert done.returncode == 0, done.stderr
        running.write([f"m f=1i {time.time_ns()}"])
        yield running


def _understood(server: InfluxServer, text: str, folder: Path) -> dict[str, Any]:
    """Return the settings that a server would work with; it ignores unknown ones in silence."""
    (folder / "influxdb.conf").write_text(text)
    shown = subprocess.run(  # noqa: S603 -- built here
        [server.program("influxd"), "config", "-config", folder / "influxdb.conf"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return tomllib.loads(shown)


def _flat(settings: dict[str, Any], path: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in settings.items():
        here = f"{path}{key}"
        flat |= _flat(value, f"{here}.") if isinstance(value, dict) else {here: _length(value)}
    return flat


def _length(value: Any) -> Any:
    """Return a length of time in milliseconds: Go writes ``901s`` as ``15m1s``."""
    units = {"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
    if isinstance(value, str) and re.fullmatch(r"(\d+(h|ms|m|s))+", value):
        return sum(int(n) * units[unit] for n, unit in re.findall(r"(\d+)(h|ms|m|s)", value))
    return value


@pytest.mark.parametrize("wal", [{}, {"walFsyncDelay": "100ms"}], ids=["synced", "gathered"])
def test_every_setting_is_known_and_keeps_its_value(
    server: InfluxServer, tmp_path: Path, wal: dict[str, str]
) -> None:
    text = influxdb_conf(_section(**wal))
    told, understood = _flat(tomllib.loads(text)), _flat(_understood(server, text, tmp_path))
    assert {key: understood.get(key, "unknown") for key in told} == told
    assert {type(understood[key]) for key in told} == {bool, int, str}, "no integer became a float"
    assert "data.nonsense" not in _flat(
        _understood(server, text.replace("[data]", "[data]\nnonsense = 1"), tmp_path)
    ), "an unknown setting would be seen here"


def test_it_starts_without_a_complaint(server: InfluxServer) -> None:
    said = server.log.read_text()
    assert "lvl=info" in said
    assert not re.findall(r"lvl=(?:warn|error).*", said)
    assert "Executing query" in said
    assert server.password("admin") not in said


def test_series_are_indexed_on_disk(server: InfluxServer) -> None:
    shards = list((server.folder / "data" / "data" / "efd" / "autogen").iterdir())
    assert shards
    assert all((shard / "index").is_dir() for shard in shards), "the other index has no folder"


def _outcome(server: InfluxServer, statement: str) -> str:
    try:
        list(server.influx().query(statement))
    except DevkitError as error:
        return str(error)
    return "answered"


def test_a_query_that_runs_too_long_is_killed_and_noted(narrow: InfluxServer) -> None:
    begin = time.monotonic()
    assert "query-timeout limit exceeded" in _outcome(narrow, ENDLESS)
    assert time.monotonic() - begin < 20
    assert "Detected slow query" in narrow.log.read_text()


def test_one_query_too_many_is_refused_and_the_others_go_on(narrow: InfluxServer) -> None:
    with ThreadPoolExecutor(AT_A_TIME * 4) as askers:
        outcomes = [*askers.map(lambda _: _outcome(narrow, ENDLESS), range(AT_A_TIME * 4))]
    refused = [o for o in outcomes if f"limit exceeded({AT_A_TIME}, {AT_A_TIME})" in o]
    ended = [o for o in outcomes if "query-timeout limit exceeded" in o]
    assert len(refused) + len(ended) == len(outcomes), outcomes
    assert refused
    assert len(ended) >= AT_A_TIME
    assert _outcome(narrow, "SELECT f FROM m") == "answered"


def test_no_number_of_series_makes_it_drop_points(server: InfluxServer) -> None:
    """An index in memory drops what is beyond 100,000 values of a tag, by InfluxDB's default."""
    number, now = 100_200, time.time_ns()
    lines = [f"many,tag={n} f=1i {now}" for n in range(number)]
    for begin in range(0, number, 20_000):
        server.write(lines[begin : begin + 20_000])
    (series,) = server.influx().query("SELECT count(f) FROM many")
    assert series.rows[0][1] == number


def _status(server: InfluxServer, token: str) -> int:
    with requests.Session() as session:
        session.trust_env = False
        headers = {"Authorization": f"Bearer {token}"}
        answer = session.get(
            f"{server.url}/query", params={"q": "SHOW USERS"}, headers=headers, timeout=30
        )
    return answer.status_code


def _token(key: str, algorithm: str = "HS256") -> str:
    claims = {"username": "admin", "exp": int(time.time()) + 60}
    signed = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": algorithm, "typ": "JWT"}, claims)
    )
    digest = hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest()
    signature = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return f"{signed}.{signature if algorithm == 'HS256' else ''}"


def test_only_its_own_key_signs_tokens(server: InfluxServer) -> None:
    """The original's was a sample that anybody could read."""
    assert _status(server, _token(KEY)) == 200
    refused = [_token(KEY[:-1] + "x"), _token(""), _token("my super secret pass phrase")]
    assert [_status(server, token) for token in refused] == [401, 401, 401]
    assert _status(server, _token(KEY, "none")) == 401


def test_without_a_key_no_token_opens(tmp_path: Path) -> None:
    with influx_server(tmp_path, SECTION, INFLUXDB_HTTP_SHARED_SECRET="") as running:
        first = "CREATE USER admin WITH PASSWORD 'x' WITH ALL PRIVILEGES"
        requests.post(f"{running.url}/query", data={"q": first}, timeout=30).raise_for_status()
        assert [_status(running, _token(key)) for key in ("", KEY)] == [401, 401]
