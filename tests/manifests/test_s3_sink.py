"""The configuration of the sink that writes Parquet files.

The connector is in no package registry, so that it does not run here: its options are checked
against what is documented of them.
"""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from efd_infra.config.archive import PART_BYTES, ParquetSinkSection
from efd_infra.config.parsing import parse_site
from efd_infra.manifests.connect import REGISTRY
from efd_infra.manifests.connectors import error_settings
from efd_infra.manifests.s3_sink import s3_sink_settings
from tests.support.full_site import full_site

SCHEMA = json.loads(
    (Path(__file__).parents[1] / "support" / "s3-sink.schema.json").read_text(encoding="utf-8")
)


def _section() -> ParquetSinkSection:
    archive = parse_site(full_site()).archive
    assert archive
    assert archive.parquet
    return archive.parquet


def _settings() -> dict[str, Any]:
    """Return what the manager puts there: the sink's own options and those for errors."""
    errors = error_settings(_section(), replication_factor=3)
    return {**json.loads(s3_sink_settings(_section())), **json.loads(errors)}


def test_every_option_is_one_that_is_documented() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(_settings(), SCHEMA)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("s3.part.size", PART_BYTES - 1),
        ("rotate.scheduled.interval.ms", 1),
        ("parquet.codec", "lzo"),
        ("aws.secret.access.key", "the key itself"),
        ("store.url", "http://store.example.org"),
        ("tasks.max", 0),
    ],
)
def test_the_schema_refuses_what_the_connector_would(option: str, value: str | int) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**_settings(), option: value}, SCHEMA)


def test_statistics_are_read_with_their_own_schemas_and_only_what_is_committed() -> None:
    records, aggregates = (json.loads(s3_sink_settings(each)) for each in _section().connectors)
    jsonschema.validate(aggregates, SCHEMA)
    own = {key: value for key, value in aggregates.items() if value != records.get(key)}
    assert own == {
        "name": "parquet-files-statistics",
        "topics.regex": r"(?!(?:lsst\.sal\.KE.*-aggregated)$)lsst\.sal\.K.*-aggregated",
        "key.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
        "value.converter": "io.confluent.connect.avro.AvroConverter",
        "value.converter.schema.registry.url": f"{REGISTRY}/aggregated",
        "consumer.override.isolation.level": "read_committed",
    }


@pytest.mark.parametrize("option", ["timezone", "path.format", "flush.size"])
def test_the_schema_misses_what_the_connector_would(option: str) -> None:
    lacking = {key: value for key, value in _settings().items() if key != option}
    with pytest.raises(jsonschema.ValidationError, match=f"'{option}' is a required"):
        jsonschema.validate(lacking, SCHEMA)


def test_the_original_s_values_are_kept() -> None:
    """Of files, their names and their rotation (lsst-sqre/argocd-efd)."""
    original = {
        "flush.size": 1000,
        "rotate.interval.ms": 600_000,
        "s3.part.size": 5_242_880,
        "s3.part.retries": 3,
        "s3.retry.backoff.ms": 200,
        "partition.duration.ms": 3_600_000,
        "path.format": "'year'=YYYY/'month'=MM/'day'=dd/'hour'=HH",
        "timestamp.extractor": "Record",
        "timezone": "UTC",
        "locale": "en-US",
        "schema.compatibility": "NONE",
        "behavior.on.null.values": "fail",
        "schemas.cache.config": 5000,
        "topics.dir": "topics",
        "parquet.codec": "snappy",
    }
    settings = _settings()
    assert {key: settings[key] for key in original} == original


def test_the_last_file_of_a_silent_topic_is_completed() -> None:
    """By the wall's clock: a topic's own stands still, and the original's file stayed open."""
    settings = _settings()
    assert 0 < settings["rotate.schedule.interval.ms"] <= settings["partition.duration.ms"]


def test_records_that_cannot_be_read_are_dead_letters() -> None:
    settings = _settings()
    assert settings["errors.tolerance"] == "all"
    assert settings["errors.deadletterqueue.topic.name"] == "dead-letter.parquet-files"
