"""The program that sets InfluxDB up, on a real server: databases and policies, from any state."""

import time
from collections.abc import Iterator

import pytest

from efd_infra.config.cluster import Storage
from efd_infra.config.identifier import Identifier
from efd_infra.config.influxdb_user import InfluxDbUser, influxdb_users
from efd_infra.config.parsing import parse_site
from efd_infra.config.timeseries import DatabaseSection, InfluxDbSection, RetentionPolicy, Shard
from efd_infra.config.values import Hostname, Keep, Quantity
from tests.support.full_site import full_site
from tests.support.influx_server import InfluxServer, influx_server
from tests.support.influx_setup import NOTHING_DONE, changed, names
from tests.support.waiting import wait_for

pytestmark = pytest.mark.engine

SITE = parse_site(full_site())
USERS = tuple(influxdb_users(SITE).values())
DATABASES = SITE.timeseries.influxdb.databases
DAY = 86_400


def _policy(keep: str, before: str = "", shard: str = "", name: str = "autogen") -> RetentionPolicy:
    return RetentionPolicy(
        name=Identifier(name),
        keep=Keep(keep),
        shard=Shard(shard) if shard else None,
        shortened_from=Keep(before) if before else None,
    )


def _database(name: str, *policies: RetentionPolicy) -> DatabaseSection:
    return DatabaseSection(name=Identifier(name), retention=policies)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    """A server with a site's databases and users, which looks each second for what is too old."""
    section = InfluxDbSection(
        host=Hostname("influxdb.example.org"), storage=Storage(size=Quantity("1Gi"))
    )
    folder = tmp_path_factory.mktemp("influxdb")
    with influx_server(folder, section, INFLUXDB_RETENTION_CHECK_INTERVAL="1s") as running:
        done = running.set_up(USERS, DATABASES)
        assert done.returncode == 0, done.stderr
        yield running


def _policies(server: InfluxServer, database: str) -> dict[str, tuple[str, str, bool]]:
    """Return by name what a policy keeps, the length of its shards, and whether it is default."""
    (series,) = server.influx().query(f'SHOW RETENTION POLICIES ON "{database}"')
    return {row[0]: (row[1], row[2], row[4]) for row in series.rows}


def _write(server: InfluxServer, database: str, *days_ago: int) -> None:
    now = time.time_ns()
    lines = [f"m f={n}i {now - days * DAY * 10**9}" for n, days in enumerate(days_ago)]
    server.write(lines, database, "autogen")


def _count(server: InfluxServer, database: str) -> int:
    answer = list(server.influx(database).query("SELECT count(f) FROM m"))
    return int(answer[0].rows[0][1]) if answer else 0


def test_a_second_run_changes_nothing_and_takes_no_time(server: InfluxServer) -> None:
    begin = time.monotonic()
    done = server.set_up(USERS, DATABASES)
    assert time.monotonic() - begin < 10
    assert changed(done) == [NOTHING_DONE]
    assert _policies(server, "efd")["autogen"] == ("744h0m0s", "48h0m0s", True)


def test_a_shorter_retention_is_refused_before_anything_is_changed(server: InfluxServer) -> None:
    assert server.set_up(USERS, [_database("short", _policy("90d"))]).returncode == 0
    _write(server, "short", 80, 1)
    wanted = [_database("new", _policy("30d")), _database("short", _policy("30d"))]
    done = server.set_up([*USERS, InfluxDbUser(name="newcomer")], wanted)
    assert done.returncode == 3
    assert "short.autogen keeps 90d, and has points since 2" in done.stderr
    assert "write shortenedFrom: 90d beside keep: 30d" in done.stderr
    assert "new" not in names(server, "DATABASES")
    assert "newcomer" not in names(server, "USERS")
    assert _policies(server, "short")["autogen"] == ("2160h0m0s", "24h0m0s", True)
    assert _count(server, "short") == 2


def test_a_named_step_is_taken_once_and_permits_no_other(server: InfluxServer) -> None:
    assert server.set_up(USERS, [_database("step", _policy("90d"))]).returncode == 0
    _write(server, "step", 80, 10, 1)
    assert server.set_up(USERS, [_database("step", _policy("30d", "60d"))]).returncode == 3
    done = server.set_up(USERS, [_database("step", _policy("30d", "90d"))])
    assert done.returncode == 0, done.stderr
    assert "let step.autogen keep 30d in shards of 1d, not 90d in shards of 1d" in done.stdout
    wait_for(lambda: _count(server, "step") == 2, "the old shard goes at the next look", 30)
    again = server.set_up(USERS, [_database("step", _policy("30d", "90d"))])
    assert NOTHING_DONE in again.stdout, "what was named may stay"
    assert server.set_up(USERS, [_database("step", _policy("7d", "90d"))]).returncode == 3
    assert _count(server, "step") == 2


def test_what_was_kept_for_ever_is_shortened_only_if_that_ischanged(server: InfluxServer) -> None:
    assert server.set_up(USERS, [_database("ever", _policy("forever"))]).returncode == 0
    _write(server, "ever", 400)
    assert server.set_up(USERS, [_database("ever", _policy("30d"))]).returncode == 3
    assert server.set_up(USERS, [_database("ever", _policy("30d", "forever"))]).returncode == 0
    wait_for(lambda: _count(server, "ever") == 0, "the old shard goes", 30)


def test_a_policy_without_points_becomes_shorter_and_any_may_become_longer(
    server: InfluxServer,
) -> None:
    for keep in ("forever", "30d"):
        assert server.set_up(USERS, [_database("empty", _policy(keep))]).returncode == 0
    _write(server, "empty", 1)
    for keep in ("90d", "forever"):
        assert server.set_up(USERS, [_database("empty", _policy(keep))]).returncode == 0
    assert _count(server, "empty") == 1


def test_other_shards_drop_nothing(server: InfluxServer) -> None:
    assert server.set_up(USERS, [_database("shards", _policy("90d", shard="7d"))]).returncode == 0
    _write(server, "shards", 80, 40, 10, 1)
    for shard in ("1d", "30d", "1h"):
        wanted = [_database("shards", _policy("90d", shard=shard))]
        assert server.set_up(USERS, wanted).returncode == 0
        time.sleep(2)
        assert _count(server, "shards") == 4


def test_further_policies_come_and_the_default_one_stays(server: InfluxServer) -> None:
    assert server.set_up(USERS, [_database("tiers", _policy("30d"))]).returncode == 0
    wanted = [_database("tiers", _policy("30d"), _policy("52w", name="low"))]
    done = server.set_up(USERS, wanted)
    assert "make tiers.low, which keeps 364d in shards of 7d" in done.stdout
    list(server.influx().query('ALTER RETENTION POLICY "low" ON "tiers" DEFAULT'))
    done = server.set_up(USERS, wanted)
    assert "make tiers.autogen the default" in done.stdout
    assert _policies(server, "tiers")["autogen"] == ("720h0m0s", "24h0m0s", True)
    assert _policies(server, "tiers")["low"] == ("8736h0m0s", "168h0m0s", False)


def test_what_somebody_made_by_hand_stays_and_is_named(server: InfluxServer) -> None:
    assert server.set_up(USERS, [_database("mine", _policy("30d"))]).returncode == 0
    for statement in (
        'CREATE DATABASE "by hand"',
        'CREATE RETENTION POLICY "raw" ON "mine" DURATION 1h REPLICATION 1',
        "CREATE USER \"jane\" WITH PASSWORD 'j'",
        "CREATE USER \"joe\" WITH PASSWORD 'j' WITH ALL PRIVILEGES",
        'GRANT READ ON "by hand" TO "jane"',
    ):
        list(server.influx().query(statement))
    said = server.set_up(USERS, [_database("mine", _policy("30d"))]).stdout
    for stranger in (
        "database by hand",
        "policy mine.raw, which keeps 1h",
        "user jane",
        "user joe, an administrator",
    ):
        assert f"not of the site, and left alone: {stranger}\n" in said
    assert {"jane", "joe"} < names(server, "USERS")
    assert "raw" in _policies(server, "mine")
    assert "by hand" in names(server, "DATABASES")
    for statement in ('DROP USER "jane"', 'DROP USER "joe"', 'DROP DATABASE "by hand"'):
        list(server.influx().query(statement))
