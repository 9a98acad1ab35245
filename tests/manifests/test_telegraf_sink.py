"""The settings of a Telegraf that writes topics to InfluxDB."""

import tomllib
from typing import Any

import pytest

from efd_infra.config.cluster import Resources
from efd_infra.config.identifier import FieldName, Identifier
from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.config.values import Cpu, Name, Quantity
from efd_infra.manifests.kafka_client import LOGIN_DIR
from efd_infra.manifests.telegraf_sink import consumer_conf, memory_limit, sink_conf

_KNOWN = {
    "kafka_consumer": {
        "brokers",
        "topics",
        "consumer_group",
        "client_id",
        "kafka_version",
        "offset",
        "balance_strategy",
        "startup_error_behavior",
        "max_undelivered_messages",
        "max_processing_time",
        "consumer_fetch_default",
        "precision",
        "data_format",
        "avro_schema_registry",
        "avro_timestamp",
        "avro_timestamp_format",
        "avro_field_separator",
        "avro_union_mode",
        "sasl_mechanism",
        "sasl_username",
        "sasl_password",
    },
    "influxdb_v2": {"urls", "bucket", "token", "content_encoding", "timeout", "namedrop"},
    "health": {"service_address", "namepass", "tagpass", "compares"},
    "internal": set[str](),
}
"""Options of the plugins, from their ``toml`` tags and ``config/config.go`` (Telegraf 1.37.2).
Telegraf does not start with one that it does not know."""


def _section(memory: str = "4Gi", **changes: Any) -> InfluxDbSinkSection:
    resources = Resources(
        cpu=Cpu("1"), memory=Quantity("64Mi"), cpu_limit=Cpu("1"), memory_limit=Quantity(memory)
    )
    return InfluxDbSinkSection(
        name=Name("influxdb-sink"), engine="telegraf", resources=resources, **changes
    )


def _settings(section: InfluxDbSinkSection | None = None) -> dict[str, Any]:
    text = sink_conf(
        section or _section(),
        influxdb_url="http://influxdb.influxdb:8086",
        credentials_dir="/etc/efd/influxdb",
    )
    return tomllib.loads(text)


def _text(section: InfluxDbSinkSection | None = None) -> str:
    return consumer_conf(
        section or _section(), bootstrap="kafka:9092", max_message=Quantity("10Mi")
    )


def _consumer(section: InfluxDbSinkSection | None = None) -> dict[str, Any]:
    (consumer,) = tomllib.loads(_text(section))["inputs"]["kafka_consumer"]
    return dict(consumer)


def test_telegraf_knows_every_option() -> None:
    plugins = {**_settings()["outputs"], **_settings()["inputs"], "kafka_consumer": [_consumer()]}
    assert set(plugins) == set(_KNOWN)
    for name, (options,) in plugins.items():
        assert set(options) <= _KNOWN[name], name


def test_topics_have_one_place_in_the_template() -> None:
    assert _text().count("\ntopics = []\n") == 1
    assert _text().count("topics = []") == 1


def test_the_group_is_that_of_connect_s_sink() -> None:
    assert _consumer()["consumer_group"] == "connect-influxdb-sink"
    assert _consumer()["offset"] == "oldest", "a new topic is read from its first record"


def test_connect_s_consumers_and_telegraf_s_cannot_share_a_group() -> None:
    """Connect's offer range and cooperative-sticky; a second engine is refused and waits."""
    assert _consumer()["balance_strategy"] == "roundrobin"


def test_points_are_as_connect_writes_them() -> None:
    consumer = _consumer()
    tags = [key for key in consumer if "tag" in key]
    assert tags == [], "the observatory's points have fields only"
    assert _settings()["agent"]["omit_hostname"] is True
    assert consumer["avro_field_separator"] == "", "field0, field1"
    assert consumer["avro_union_mode"] == "nullable", "no type in a field's name"
    assert "avro_measurement" not in consumer, "the schema's full name, which is the topic's"


def test_the_time_is_the_record_s_to_the_microsecond() -> None:
    consumer = _consumer(_section(timestamp=FieldName("private_rcvStamp")))
    assert consumer["avro_timestamp"] == "private_rcvStamp"
    assert (consumer["avro_timestamp_format"], consumer["precision"]) == ("unix", "1us")


@pytest.mark.parametrize("memory", ["128Mi", "1Gi", "4Gi", "64Gi"])
def test_the_buffer_holds_more_than_can_be_undelivered(memory: str) -> None:
    section = _section(memory)
    agent, undelivered = _settings(section)["agent"], _consumer(section)["max_undelivered_messages"]
    assert agent["metric_buffer_limit"] > 2 * undelivered, "also what a rebalance left behind"
    assert undelivered > 10_000 >= 2 * agent["metric_batch_size"], "each idle topic takes a place"


def test_it_is_unwell_before_anything_can_be_dropped_and_not_sooner() -> None:
    settings, undelivered = _settings(), _consumer()["max_undelivered_messages"]
    (health,) = settings["outputs"]["health"]
    (compare,) = health["compares"]
    assert undelivered < compare["lt"] < settings["agent"]["metric_buffer_limit"]
    (output,) = [name for name in settings["outputs"] if name != "health"]
    assert health["tagpass"] == {"output": [output]}


def test_a_refused_password_does_not_lose_a_batch() -> None:
    """The plugin of the 1.x API drops what is answered with 401, 403 and 413."""
    assert "influxdb" not in _settings()["outputs"]
    (output,) = _settings(_section(database=Identifier("archive")))["outputs"]["influxdb_v2"]
    assert output["bucket"] == "archive/", "the database and its default policy"
    assert output["token"] == "@{influxdb:username}:@{influxdb:password}"  # noqa: S105 -- references
    stores = {s["id"]: s["path"] for s in _settings()["secretstores"]["docker"]}
    assert stores == {"influxdb": "/etc/efd/influxdb", "kafka": LOGIN_DIR}


def test_the_consumer_logs_in_with_what_its_secret_says() -> None:
    assert _consumer()["sasl_mechanism"] == "SCRAM-SHA-512"
    assert _consumer()["sasl_password"] == "@{kafka:password}"  # noqa: S105 -- a reference


def test_its_own_metrics_are_no_points() -> None:
    (output,) = _settings()["outputs"]["influxdb_v2"]
    assert output["namedrop"] == ["internal_*"]


def test_a_record_as_large_as_the_brokers_take_comes_in_one_answer() -> None:
    assert _consumer()["consumer_fetch_default"] == str(10 * 2**20)
    assert "max_message_len" not in _consumer(), "what is longer would be dropped"


def test_go_collects_before_the_limit_is_reached() -> None:
    assert memory_limit(_section("1Gi")) == f"{int(2**30 * 0.9)}B"
