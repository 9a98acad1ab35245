"""Databases and retention policies as statements."""

from efd_infra.config.identifier import Identifier
from efd_infra.config.timeseries import DatabaseSection, RetentionPolicy, Shard
from efd_infra.config.values import Keep
from efd_infra.manifests.retention import database_statements


def _statements(*policies: RetentionPolicy) -> list[str]:
    return database_statements(
        [DatabaseSection(name=Identifier("efd"), retention=policies)]
    ).splitlines()


def test_the_policy_that_clients_query_is_altered_never_replaced() -> None:
    assert _statements(RetentionPolicy(name=Identifier("autogen"), keep=Keep("30d"))) == [
        'CREATE DATABASE "efd"',
        (
            'ALTER RETENTION POLICY "autogen" ON "efd" '
            "DURATION 30d REPLICATION 1 SHARD DURATION 1d DEFAULT"
        ),
    ]


def test_a_further_policy_is_created_then_altered_and_is_not_the_default() -> None:
    autogen = RetentionPolicy(name=Identifier("autogen"), keep=Keep("30d"))
    low = RetentionPolicy(name=Identifier("low"), keep=Keep("52w"))
    options = '"low" ON "efd" DURATION 52w REPLICATION 1 SHARD DURATION 7d'
    assert _statements(autogen, low)[2:] == [
        f"CREATE RETENTION POLICY {options}",
        f"ALTER RETENTION POLICY {options}",
    ]


def test_forever_is_infinite() -> None:
    (_, statement) = _statements(RetentionPolicy(name=Identifier("autogen"), keep=Keep("forever")))
    assert "DURATION INF REPLICATION 1 SHARD DURATION 7d" in statement


def test_a_site_may_choose_the_shards() -> None:
    policy = RetentionPolicy(name=Identifier("autogen"), keep=Keep("30d"), shard=Shard("2d"))
    assert "SHARD DURATION 2d" in _statements(policy)[1]


def test_shards_follow_the_rule_of_influxdb() -> None:
    shards = {
        keep: RetentionPolicy(name=Identifier("autogen"), keep=Keep(keep)).shard_duration
        for keep in ("47h", "2d", "179d", "180d", "forever")
    }
    assert shards == {"47h": "1h", "2d": "1d", "179d": "1d", "180d": "7d", "forever": "7d"}


def test_nothing_is_dropped() -> None:
    autogen = RetentionPolicy(name=Identifier("autogen"), keep=Keep("1h"))
    assert "DROP" not in " ".join(_statements(autogen)), "a policy that leaves the file stays"
