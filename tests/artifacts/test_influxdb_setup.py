"""The program that sets InfluxDB up: what it would change, what it refuses, what it keeps secret.

``tests/engine/test_influxdb_setup.py`` runs it against a real server.
"""

import base64
import hashlib
import hmac
import importlib.util
import json
import sys
import time
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.support.influx_setup import DAY, KEY, PROGRAM, answering, run, surroundings, wanted


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The program as a module, for what it only calculates."""
    for key, value in surroundings(tmp_path, "http://127.0.0.1:9").items():
        monkeypatch.setenv(key, value)
    spec = importlib.util.spec_from_file_location("reconcile", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)  # its dataclasses look themselves up
    spec.loader.exec_module(module)
    # Whoever is there has his password already.
    monkeypatch.setattr(module, "is_password", lambda *_: True)
    return module


def _low(keep: int = 364 * DAY) -> dict[str, Any]:
    return {"name": "low", "keep": keep, "shard": 7 * DAY, "shortenedFrom": None}


def _state(program: Any, keep: int = 30 * DAY, *, points: bool = True) -> Any:
    """Return a server that is as the site wants it, unless it keeps something else."""
    state = program.State(
        databases={"efd": {"autogen": program.Policy(keep, DAY, default=True)}},
        users={"admin": True, "efdreader": False},
        grants={"admin": {}, "efdreader": {"efd": "READ"}},
    )
    if points:
        state.oldest["efd", "autogen"] = "2026-08-01T00:00:00Z"
    return state


def _statements(program: Any, site: dict[str, Any], have: Any) -> list[str]:
    return [change.statement for change in program.changes(site, have)]


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.mark.parametrize("key", ["k", KEY, KEY + "x"], ids=["short", "a block", "longer"])
def test_a_token_is_signed_as_rfc_7519_says(program: Any, key: str) -> None:
    program.SIGNING_KEY.write_text(key)
    signed, _, signature = program.token("admin").rpartition(".")
    expected = hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest()
    assert _decoded(signature) == expected
    header, claims = (json.loads(_decoded(part)) for part in signed.split("."))
    assert header == {"alg": "HS256", "typ": "JWT"}
    assert claims["username"] == "admin"
    assert 0 < claims["exp"] - time.time() <= 600, "a token that leaks must be worthless soon"


@pytest.mark.parametrize("text", ["0s", "1h0m0s", "1h30m0s", "47h0m0s", "720h0m0s"])
def test_lengths_of_influxdb_are_read_and_said_as_in_a_site_file(program: Any, text: str) -> None:
    said = {"0s": "forever", "1h0m0s": "1h", "1h30m0s": "90m", "47h0m0s": "47h", "720h0m0s": "30d"}
    assert program.length(program.seconds(text)) == said[text]


@pytest.mark.parametrize(
    ("has", "asked", "named", "refused"),
    [
        (30, 30, None, False),
        (30, 90, None, False),
        (30, 0, None, False),
        (0, 0, None, False),
        (90, 30, None, True),
        (0, 30, None, True),
        (90, 30, 90, False),
        (0, 30, 0, False),
        (90, 30, 60, True),
        (90, 30, 0, True),
        (0, 30, 90, True),
        (30, 7, 90, True),
        (30, 30, 90, False),
    ],
)
def test_a_shorter_retention_is_refused_unless_the_site_names_what_the_server_has(
    program: Any, has: int, asked: int, named: int | None, *, refused: bool
) -> None:
    """What was named for one step does not permit another."""
    site = wanted(asked * DAY, None if named is None else named * DAY)
    assert bool(list(program.refusals(site, _state(program, has * DAY)))) is refused


def test_a_refusal_says_what_is_there_what_is_asked_and_what_to_write(program: Any) -> None:
    (text,) = program.refusals(wanted(30 * DAY, 60 * DAY), _state(program, 90 * DAY))
    assert text == (
        "efd.autogen keeps 90d, not 60d, and has points since 2026-08-01T00:00:00Z; to keep 30d "
        "only drops the older ones. If that is meant, write shortenedFrom: 90d beside keep: 30d"
    )


def test_a_policy_without_points_may_become_shorter(program: Any) -> None:
    have = _state(program, 0, points=False)
    assert list(program.refusals(wanted(), have)) == []
    assert len(_statements(program, wanted(), have)) == 1


def test_a_server_as_it_should_be_is_left_alone(program: Any) -> None:
    assert _statements(program, wanted(), _state(program)) == []


def test_an_empty_server_gets_everything(program: Any) -> None:
    quoted = r"it\'s\\odd"
    assert _statements(program, wanted(30 * DAY, None, _low(0)), program.State()) == [
        (
            'CREATE DATABASE "efd" WITH DURATION 2592000s REPLICATION 1 SHARD DURATION 86400s '
            'NAME "autogen"'
        ),
        'CREATE RETENTION POLICY "low" ON "efd" DURATION INF REPLICATION 1 SHARD DURATION 604800s',
        f"CREATE USER \"admin\" WITH PASSWORD '{quoted}' WITH ALL PRIVILEGES",
        f"CREATE USER \"efdreader\" WITH PASSWORD '{quoted}'",
        'GRANT READ ON "efd" TO "efdreader"',
    ]


def test_the_policy_that_clients_query_is_altered_never_replaced(program: Any) -> None:
    assert _statements(program, wanted(60 * DAY), _state(program)) == [
        (
            'ALTER RETENTION POLICY "autogen" ON "efd" '
            "DURATION 5184000s REPLICATION 1 SHARD DURATION 86400s DEFAULT"
        )
    ]


def test_the_policy_that_clients_query_stays_the_default(program: Any) -> None:
    have = _state(program)
    autogen = program.Policy(30 * DAY, DAY, default=False)
    low = program.Policy(364 * DAY, 7 * DAY, default=True)
    have.databases["efd"] = {"autogen": autogen, "low": low}
    (change,) = program.changes(wanted(30 * DAY, None, _low()), have)
    assert change.said == "make efd.autogen the default"
    assert change.statement.endswith(" DEFAULT")


def test_what_the_site_does_not_grant_is_revoked_first(program: Any) -> None:
    have = _state(program)
    have.users["efdreader"] = True
    have.grants["efdreader"] = {"telegraf": "ALL"}
    assert _statements(program, wanted(), have) == [
        'REVOKE ALL PRIVILEGES FROM "efdreader"',
        'REVOKE ALL PRIVILEGES ON "telegraf" FROM "efdreader"',
        'GRANT READ ON "efd" TO "efdreader"',
    ]


def test_an_administrator_who_is_none_is_made_one(program: Any) -> None:
    have = _state(program)
    have.users["admin"] = False
    assert _statements(program, wanted(), have) == ['GRANT ALL PRIVILEGES TO "admin"']


def test_a_changed_password_is_set(program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "is_password", lambda user, _: user == "admin")
    (change,) = program.changes(wanted(), _state(program))
    assert change.statement == r"""SET PASSWORD FOR "efdreader" = 'it\'s\\odd'"""
    assert change.said == "set the password of efdreader"


def test_a_user_whose_service_is_gone_is_removed_and_any_other_is_named(program: Any) -> None:
    have = _state(program)
    for user, is_administrator in {"kapacitor": False, "jane": False, 'o"x': True}.items():
        have.users[user], have.grants[user] = is_administrator, {"efd": "READ"}
    have.databases["old"] = {"autogen": program.Policy(0, DAY, default=True)}
    have.databases["efd"]["raw"] = program.Policy(0, DAY, default=False)
    assert _statements(program, wanted(), have) == ['DROP USER "kapacitor"']
    del have.users["kapacitor"]
    assert list(program.strangers(wanted(), have)) == [
        "policy efd.raw, which keeps forever",
        "database old",
        "user jane",
        'user o"x, an administrator',
    ]


def test_nothing_that_holds_points_is_ever_dropped(program: Any) -> None:
    for has, asked, more in product((0, 1, 30), (0, 1, 30), ([], [_low()])):
        have = _state(program, has * DAY)
        have.databases["efd"]["old"] = program.Policy(DAY, DAY, default=False)
        have.databases["other"] = {}
        statements = _statements(program, wanted(asked * DAY, has * DAY, *more), have)
        assert not [s for s in statements if s.startswith(("DROP", "DELETE"))]


def test_a_user_without_a_password_ends_it(program: Any) -> None:
    (program.USERS_DIR / "efdreader" / "password").write_text("")
    with pytest.raises(program.NoAnswerError, match="efdreader has no password"):
        list(program.changes(wanted(), _state(program)))


def test_nothing_is_changed_before_a_refusal(tmp_path: Path) -> None:
    with answering() as (url, sent):
        result = run(tmp_path, url, wanted())
    assert result.returncode == 3, "another attempt is no use"
    assert result.stderr.startswith("error: efd.autogen keeps 90d")
    assert [statement for statement in sent if not statement.startswith("SHOW ")] == []


def test_a_question_without_an_answer_ends_it(tmp_path: Path) -> None:
    with answering(SHOW_GRANTS="internal error") as (url, _):
        result = run(tmp_path, url, wanted(90 * DAY))
    assert (result.returncode, result.stderr) == (1, "error: internal error\n")


def test_an_error_says_at_what_it_came_but_no_password(tmp_path: Path) -> None:
    with answering(CREATE_USER=r"found it\'s\\odd") as (url, _):
        result = run(tmp_path, url, wanted(90 * DAY))
    assert (result.returncode, result.stderr) == (1, "error: make user efdreader: found ...\n")
    assert "odd" not in result.stdout
    assert KEY not in result.stdout


def test_what_the_server_takes_and_does_not_show_is_an_error(tmp_path: Path) -> None:
    with answering() as (url, _):
        result = run(tmp_path, url, wanted(90 * DAY))
    assert result.returncode == 1
    assert "the server took it and does not show it: make user efdreader" in result.stderr
