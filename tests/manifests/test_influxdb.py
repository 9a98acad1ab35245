"""InfluxDB's settings."""

import tomllib
from typing import Any

from efd_infra.config.timeseries import InfluxDbSection
from efd_infra.config.values import Duration
from efd_infra.manifests.influxdb import PUBLIC_PATHS, influxdb_conf

_SECTION = InfluxDbSection.model_validate_json(
    '{"host": "influxdb.example.org", "storage": {"size": "10Gi"}}'
)


def _settings(section: InfluxDbSection = _SECTION) -> dict[str, Any]:
    return tomllib.loads(influxdb_conf(section))


def test_backup_and_restore_answer_on_loopback_only() -> None:
    assert _settings()["bind-address"] == "127.0.0.1:8088", "port 8088 has no login"


def test_users_must_log_in() -> None:
    assert _settings()["http"]["auth-enabled"] is True


def test_the_key_that_signs_tokens_is_not_in_the_file() -> None:
    assert "shared-secret" not in influxdb_conf(_SECTION), "a ConfigMap is no place for a secret"


def test_no_limit_drops_points() -> None:
    data = _settings()["data"]
    assert data["index-version"] == "tsi1", "the limits below belong to the index in memory"
    assert data["max-series-per-database"] == 0
    assert data["max-values-per-tag"] == 0
    assert data["cache-max-memory-size"] == 0


def test_queries_are_limited_at_every_site() -> None:
    coordinator = _settings()["coordinator"]
    assert coordinator["max-concurrent-queries"] == 10
    assert coordinator["query-timeout"] == "900s"
    assert coordinator["log-queries-after"] == "15s"
    assert coordinator["write-timeout"] == "60s"


def test_every_number_is_whole() -> None:
    numbers = [
        (key, value)
        for table in _settings().values()
        if isinstance(table, dict)
        for key, value in table.items()
        if isinstance(value, float)
    ]
    assert not numbers, "InfluxDB's parser refuses 0.0 where it wants 0"


def test_each_write_is_synced_unless_the_site_says_otherwise() -> None:
    assert _settings()["data"]["wal-fsync-delay"] == "0s"
    slow = _SECTION.model_copy(update={"wal_fsync_delay": Duration("100ms")})
    assert _settings(slow)["data"]["wal-fsync-delay"] == "100ms"


def test_what_answers_without_login_is_not_published() -> None:
    unpublished = ("/debug/vars", "/debug/requests", "/metrics")
    open_paths = [path for path in unpublished if path.startswith(PUBLIC_PATHS)]
    assert not open_paths, "InfluxDB serves these to anybody"
