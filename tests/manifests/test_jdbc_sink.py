"""The configuration of the sink into the consolidated database."""

import json
import re
from typing import Any

import pytest

from efd_infra.config.archive import DatabaseSinkSection
from efd_infra.config.values import Hostname, Name, TopicPattern
from efd_infra.manifests.jdbc_sink import jdbc_sink_settings, jdbc_url


def _section(**values: Any) -> DatabaseSinkSection:
    return DatabaseSinkSection(
        host=Hostname("database.example.org"), secret=Name("outside"), **values
    )


@pytest.mark.parametrize(
    ("topic", "read"),
    [
        ("lsst.sal.MTMount.azimuth-aggregated", True),
        ("lsst.sal.MTMount.azimuth", False),
        ("lsst.sal.MTM2.axialForce-aggregated", False),
        ("lsst.sal.MTM2-aggregated", True),
    ],
)
def test_it_reads_statistics_alone(topic: str, read: bool) -> None:  # noqa: FBT001 -- parametrized
    section = _section(excluded=TopicPattern(r"lsst\.sal\.MTM2\..*"))
    pattern = json.loads(jdbc_sink_settings(section))["topics.regex"]
    assert bool(re.fullmatch(pattern, topic)) == read


def test_no_password_is_in_its_configuration() -> None:
    settings = json.loads(jdbc_sink_settings(_section()))
    assert settings["connection.password"] == "${directory:/etc/efd/secrets/database:password}"


def test_the_server_shows_who_it_is() -> None:
    assert "sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory" in jdbc_url(
        _section()
    )
    private = jdbc_url(_section(private_ca=True))
    assert "sslmode=verify-full&sslrootcert=/etc/efd/secrets/database/ca.crt" in private


@pytest.mark.parametrize(
    ("topic", "table"),
    [
        ("lsst.sal.MTMount.azimuth-aggregated", "MTMount.azimuth"),
        ("other-aggregated", "other"),
    ],
)
def test_a_table_is_named_by_csc_and_topic(topic: str, table: str) -> None:
    """Debezium makes an underscore of the dot, and PostgreSQL small letters."""
    settings = json.loads(jdbc_sink_settings(_section()))
    found = re.fullmatch(settings["transforms.table.regex"], topic)
    assert found
    assert settings["transforms.table.replacement"] == "$1"
    assert found[1] == table
