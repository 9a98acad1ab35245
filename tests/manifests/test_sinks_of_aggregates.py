"""What sinks that write aggregates have besides, with either engine."""

import json
import re
import tomllib
from typing import Any

import pytest

from efd_infra.config.connect import ConnectSection
from efd_infra.config.streaming import Engine, InfluxDbSinkSection
from efd_infra.config.values import Name, Quantity
from efd_infra.manifests.connect import worker_properties
from efd_infra.manifests.connectors import (
    added_settings,
    error_settings,
    influxdb_sink_environment,
)
from efd_infra.manifests.telegraf_sink import consumer_conf


def _sink(engine: Engine = "connect", *, aggregated: bool = True) -> InfluxDbSinkSection:
    sink = InfluxDbSinkSection(name=Name("a"), engine=engine, aggregated=aggregated)
    return sink.reading(aggregation=True)


def _added(sink: InfluxDbSinkSection) -> dict[str, Any]:
    settings: dict[str, Any] = json.loads(added_settings(sink, replication_factor=3))
    return settings


def _environment(sink: InfluxDbSinkSection) -> dict[str, str]:
    return influxdb_sink_environment(
        sink, bootstrap="kafka:9094", connect_url="http://connect", influxdb_url="http://influxdb"
    )


def _conf(sink: InfluxDbSinkSection) -> dict[str, Any]:
    return tomllib.loads(consumer_conf(sink, bootstrap="kafka:9094", max_message=Quantity("1Mi")))


def _worker() -> dict[str, str]:
    text = worker_properties(
        ConnectSection(), bootstrap="kafka:9094", replication_factor=3, max_message=Quantity("1Mi")
    )
    return dict(line.split("=", 1) for line in text.splitlines())


def test_a_connector_of_aggregates_asks_for_their_schemas_and_not_for_records() -> None:
    added, worker = _added(_sink()), _worker()
    assert added["value.converter"] == worker["value.converter"]
    assert added["value.converter.schema.registry.url"] == (
        f"{worker['value.converter.schema.registry.url']}/aggregated"
    )


def test_a_connector_of_aggregates_needs_no_schema_for_a_key() -> None:
    assert _added(_sink())["key.converter"].endswith("ByteArrayConverter")


def test_a_connector_of_aggregates_leaves_out_what_influxdb_has_no_field_for() -> None:
    added = _added(_sink())
    (name,) = added["transforms"].split(",")
    assert added[f"transforms.{name}.type"].endswith("ReplaceField$Value")
    assert added[f"transforms.{name}.exclude"] == "time"


def test_a_connector_of_records_has_nothing_but_what_errors_need() -> None:
    sink = _sink(aggregated=False)
    assert added_settings(sink, replication_factor=3) == error_settings(sink, replication_factor=3)
    assert "KAFKA_CONNECT_INFLUXDB_TAGS" not in _environment(sink)


def test_instances_are_told_apart_with_either_engine() -> None:
    assert _environment(_sink())["KAFKA_CONNECT_INFLUXDB_TAGS"] == "salIndex"
    (consumer,) = _conf(_sink("telegraf"))["inputs"]["kafka_consumer"]
    assert consumer["avro_tags"] == ["salIndex"]


def test_telegraf_s_sink_of_records_is_as_without_an_aggregator() -> None:
    plain = InfluxDbSinkSection(name=Name("a"), engine="telegraf")
    assert _conf(_sink("telegraf", aggregated=False)) == _conf(plain)


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("mean_forcearray0", "mean_force0"),
        ("stdev_subarrayarray11", "stdev_subarray11"),
        ("mean_flowdouble", "mean_flow"),
        ("mean_double0", "mean_double0"),
        ("mean_setPoint", "mean_setPoint"),
        ("mean_array", "mean_array"),
        ("private_array0", "private_array0"),
    ],
)
def test_a_field_that_may_be_null_is_named_as_connect_s_sink_does(field: str, name: str) -> None:
    (regex,) = _conf(_sink("telegraf"))["processors"]["regex"]
    (rename,) = regex["field_rename"]
    replacement = re.sub(r"\$\{(\d)\}", r"\\\1", rename["replacement"])
    assert re.sub(rename["pattern"], replacement, field) == name


def test_the_manager_takes_topics_of_aggregates_and_no_other() -> None:
    pattern = _environment(_sink())["KAFKA_CONNECT_TOPIC_REGEX"]
    assert re.match(pattern, "lsst.sal.A.x-aggregated")
    assert not re.match(pattern, "lsst.sal.A.x")
    excluded = _environment(_sink(aggregated=False))["KAFKA_CONNECT_EXCLUDED_TOPIC_REGEX"]
    assert re.match(excluded, "lsst.sal.A.x-aggregated")
