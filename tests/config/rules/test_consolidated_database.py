"""Rules of the consolidated database."""

from typing import Any

import pytest

from tests.support.full_site import changed, full_site, without
from tests.support.refusal import mistakes

DATABASE = "archive.database"


def _site() -> dict[str, Any]:
    return without(full_site(), "archive.parquet")


def test_an_archive_without_a_database_needs_nothing() -> None:
    site = without(_site(), "archive.database", "streaming.connect", "streaming.connectors.0")
    assert mistakes(site) == []


def test_a_database_without_statistics_is_refused() -> None:
    site = without(_site(), "streaming.connectors.2", "streaming.aggregation")
    assert mistakes(site) == [
        (
            "streaming.aggregation: given nothing; allowed: a section, {} for its defaults, "
            "because archive.database writes statistics"
        )
    ]


def test_a_database_without_workers_is_refused() -> None:
    site = without(_site(), "streaming.connect", "streaming.connectors.0")
    assert mistakes(site) == [
        (
            "streaming.connect: given nothing; allowed: a section, {} for its defaults, because "
            "archive.database is written by a connector"
        )
    ]


@pytest.mark.parametrize(
    ("plugins", "given"),
    [
        ([], "none"),
        ([{"name": "s3", "url": "https://a.example/s3.zip", "sha256": "a" * 64}], "s3.zip"),
    ],
)
def test_a_database_without_its_plugin_is_refused(
    plugins: list[dict[str, str]], given: str
) -> None:
    assert mistakes(changed(_site(), "streaming.connect.plugins", plugins)) == [
        (
            f"streaming.connect.plugins: given {given}; allowed: a plugin whose file is named "
            "debezium-connector-jdbc…, because archive.database needs it"
        )
    ]


def test_a_name_of_a_sink_is_refused() -> None:
    assert mistakes(changed(_site(), f"{DATABASE}.name", "influxdb-one")) == [
        f"{DATABASE}.name: given influxdb-one; allowed: a name that no other sink has"
    ]


def test_a_sink_that_reads_the_database_s_dead_letters_is_refused() -> None:
    site = changed(_site(), "streaming.connectors.0.topics", r"dead-letter\.t.*")
    (line,) = mistakes(site)
    assert line.endswith("the topic of dead letters dead-letter.tables")
