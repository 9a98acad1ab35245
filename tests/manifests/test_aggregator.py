"""The aggregator's settings."""

import json
import re
from typing import Any

import pytest

from efd_infra.config.aggregation import AggregationSection
from efd_infra.config.parsing import parse_site
from efd_infra.config.sal import AGGREGATED, SAL_TOPICS, aggregates_of
from efd_infra.config.values import Quantity, TopicPattern
from efd_infra.manifests.aggregator import aggregator_properties, telemetry
from efd_infra.manifests.kafka_client import LOGIN_DIR
from tests.support.full_site import at, full_site

_KEYS = {
    "topics",
    "excluded",
    "suffix",
    "registry.url",
    "internal.registry.url",
    "timestamp.field",
    "window.ms",
    "grace.ms",
    "closes.after.ms",
    "min.samples",
    "tasks",
    "dead.letter.topic",
    "topic.partitions",
    "topic.replication.factor",
}
"""All that the program knows; it ends at one that it does not know."""


def _settings(**said: Any) -> dict[str, str]:
    text = aggregator_properties(
        AggregationSection.model_validate_json(json.dumps(said)),
        bootstrap="kafka:9094",
        replication_factor=3,
        max_message=Quantity("10Mi"),
    )
    return dict(line.split("=", 1) for line in text.splitlines())


def test_the_program_is_told_all_that_it_asks_for_and_nothing_else() -> None:
    own = {key for key in _settings() if key.startswith("aggregator.")}
    assert own == {f"aggregator.{key}" for key in _KEYS}


def test_defaults_are_those_of_the_data_facility() -> None:
    settings = _settings()
    assert settings["aggregator.window.ms"] == "1000"
    assert settings["aggregator.closes.after.ms"] == "60000"
    assert settings["aggregator.min.samples"] == "2"
    assert settings["aggregator.excluded"] == ""
    assert settings["processing.guarantee"] == "exactly_once_v2"


def test_schemas_of_aggregates_go_to_a_registry_of_their_own() -> None:
    settings = _settings()
    assert settings["aggregator.registry.url"] != settings["aggregator.internal.registry.url"]


def test_no_password_is_in_the_file() -> None:
    settings = _settings()
    assert f"${{directory:{LOGIN_DIR}:password}}" in settings["sasl.jaas.config"]
    assert settings["config.providers.directory.param.allowed.paths"] == LOGIN_DIR


def test_a_dead_worker_is_missed_before_windows_close() -> None:
    settings = _settings(closesAfter="46s")
    assert int(settings["session.timeout.ms"]) < int(settings["aggregator.closes.after.ms"])


def test_a_record_as_large_as_the_brokers_take_passes() -> None:
    settings = _settings()
    assert settings["producer.max.request.size"] == str(10 * 2**20)
    assert settings["consumer.max.partition.fetch.bytes"] == str(10 * 2**20)


_TELEMETRY = ("lsst.sal.MTMount.azimuth", "lsst.sal.MTM1M3.hardpointActuatorData")
_OTHERS = (
    "lsst.sal.MTMount.logevent_heartbeat",
    "lsst.sal.MTMount.command_start",
    "lsst.sal.MTMount.ackcmd",
    "lsst.sal.MTMount.azimuth-aggregated",
    "lsst.sal.MTMount",
    "kafka-aggregator-windows-changelog",
    "dead-letter.kafka-aggregator",
    "_schemas",
)


@pytest.mark.parametrize("topics", [SAL_TOPICS, TopicPattern(".*"), TopicPattern(r"lsst\..*|x")])
def test_only_telemetry_is_aggregated_whatever_the_site_says(topics: TopicPattern) -> None:
    pattern = telemetry(topics)
    assert all(pattern.matches(topic) for topic in _TELEMETRY)
    assert not [topic for topic in _OTHERS if pattern.matches(topic)]


def test_of_telemetry_what_the_site_says_is_aggregated() -> None:
    pattern = telemetry(TopicPattern(r"lsst\.sal\.MTMount\..*"))
    assert [topic for topic in _TELEMETRY if pattern.matches(topic)] == [_TELEMETRY[0]]


def test_what_begins_like_a_command_s_word_is_telemetry() -> None:
    assert telemetry(SAL_TOPICS).matches("lsst.sal.X.ackcmdCount")


def test_backslashes_survive_the_file() -> None:
    settings = _settings(topics=r"lsst\.sal\.A\..*")
    assert r"lsst\\.sal\\.A" in settings["aggregator.topics"]


@pytest.mark.parametrize("pattern", [r"lsst\.sal\..*", r"lsst\.sal\.A\.x", "lsst[.]sal[.]A.x|b"])
def test_the_pattern_of_aggregates_is_that_of_their_topics(pattern: str) -> None:
    raw = TopicPattern(pattern)
    assert aggregates_of(raw).matches("lsst.sal.A.x-aggregated")
    assert not aggregates_of(raw).matches("lsst.sal.A.x")


def test_a_beginning_that_all_names_have_is_kept() -> None:
    """Rights are given by it."""
    assert aggregates_of(SAL_TOPICS).prefix == "lsst.sal."
    assert aggregates_of(TopicPattern(r"lsst\.sal\.A\.x")).literal == "lsst.sal.A.x-aggregated"


def test_sinks_of_records_leave_aggregates_out_and_others_read_nothing_else() -> None:
    """One that read both would ask the wrong registry, and write another record's numbers."""
    topics = [f"lsst.sal.{csc}.x{end}" for csc in "ABDEH" for end in ("", "-aggregated")]
    for sink in parse_site(full_site()).streaming.reading:
        taken = {
            topic
            for topic in topics
            if sink.topics.matches(topic) and not (sink.excluded and sink.excluded.matches(topic))
        }
        assert taken
        assert {AGGREGATED.matches(topic) for topic in taken} == {sink.aggregated}


def test_without_an_aggregator_sinks_read_what_the_site_says() -> None:
    site = full_site()
    del site["archive"], site["streaming"]["aggregation"], site["streaming"]["connectors"][2]
    for index, sink in enumerate(parse_site(site).streaming.reading):
        said = at(site, f"streaming.connectors.{index}")
        assert (sink.topics, sink.excluded) == (said["topics"], said["excluded"])


def test_java_takes_the_pattern_for_what_python_does() -> None:
    """What both know: groups, classes, and a look ahead."""
    assert re.fullmatch(r"(\(\?[=!:]|[A-Za-z0-9_.*+\\|$()\[\]-])*", telemetry(TopicPattern("a.*")))
