"""Rules of the aggregator and of what reads its topics."""

import pytest

from tests.support.full_site import changed, full_site, mirroring_schemas, without
from tests.support.refusal import mistakes

AGGREGATION = "streaming.aggregation"


@pytest.mark.parametrize(
    "topics",
    [
        r"lsst\.sal\..*",
        r"lsst\.sal\.MTMount\..*",
        r"lsst\.sal\.MTM1M3\.hardpointActuatorData",
        r"lsst\.sal\.(MTMount|ATDome)\..*",
        r"lsst\.sal\.MT.*",
        ".*",
    ],
)
def test_patterns_of_telemetry_are_accepted(topics: str) -> None:
    assert mistakes(changed(full_site(), f"{AGGREGATION}.topics", topics)) == []


@pytest.mark.parametrize(
    "topics",
    [
        r"lsst\.sal\.MTMount\.azimuth-aggregated",
        r"lsst\.sal\..*-aggregated",
        r"lsst\.sal\.MTMount\.logevent_.*",
        r"lsst\.sal\.MTMount\.command_start",
        r"lsst\.sal\.MTMount\.ackcmd",
        r"metrics\..*",
        "_schemas",
    ],
)
def test_patterns_of_anything_else_are_refused(topics: str) -> None:
    """Aggregates would be aggregated again, and again; events and commands have no windows."""
    assert mistakes(changed(full_site(), f"{AGGREGATION}.topics", topics)) == [
        (
            f"{AGGREGATION}.topics: given {topics}; allowed: a pattern of SAL's telemetry, such as "
            r"lsst\.sal\.MTMount\..*, without -aggregated"
        )
    ]


@pytest.mark.parametrize("time", ["30s", "45s"])
def test_a_window_that_does_not_outlast_a_dead_worker_is_refused(time: str) -> None:
    assert mistakes(changed(full_site(), f"{AGGREGATION}.closesAfter", time)) == [
        (
            f"{AGGREGATION}.closesAfter: given {time}; allowed: more than 45s, after which Kafka "
            "takes a worker that says nothing for dead"
        )
    ]


def test_a_window_that_outlasts_a_dead_worker_is_accepted() -> None:
    assert mistakes(changed(full_site(), f"{AGGREGATION}.closesAfter", "46s")) == []


def test_a_window_that_closes_before_its_grace_is_over_is_refused() -> None:
    assert mistakes(changed(full_site(), f"{AGGREGATION}.grace", "2m")) == [
        f"{AGGREGATION}.closesAfter: given 55s; allowed: more than grace, 2m"
    ]


def test_a_window_that_does_not_begin_with_a_day_is_refused() -> None:
    assert mistakes(changed(full_site(), f"{AGGREGATION}.window", "7s")) == [
        f"{AGGREGATION}.window: given 7s; allowed: a part of a day, such as 1s or 10s"
    ]


def test_a_sink_of_aggregates_without_an_aggregator_is_refused() -> None:
    assert mistakes(without(full_site(), "archive", AGGREGATION)) == [
        (
            "streaming.connectors.2.aggregated: given true; "
            "allowed: absent, because streaming.aggregation is"
        )
    ]


def test_a_site_without_aggregates_needs_no_aggregator() -> None:
    assert mistakes(without(full_site(), "archive", "streaming.connectors.2", AGGREGATION)) == []


@pytest.mark.parametrize("place", ["0.topics", "1.excluded", "2.topics"])
def test_a_pattern_of_aggregates_in_a_sink_is_refused(place: str) -> None:
    """It says so of the topics' records; reading both, it would ask the wrong registry."""
    pattern = r"lsst\.sal\.A.*-aggregated"
    assert mistakes(changed(full_site(), f"streaming.connectors.{place}", pattern)) == [
        (
            f"streaming.connectors.{place}: given {pattern}; "
            "allowed: a pattern without -aggregated: say aggregated: true"
        )
    ]


def test_another_time_of_aggregates_is_refused() -> None:
    site = changed(full_site(), "streaming.connectors.2.timestamp", "private_rcvStamp")
    assert mistakes(site) == [
        (
            "streaming.connectors.2.timestamp: given private_rcvStamp; allowed: absent, because "
            "aggregated is true: the time is a window's; streaming.aggregation.timestamp says of "
            "what"
        )
    ]


def test_aggregates_among_tiers_are_refused() -> None:
    """The Job that fills tiers would take them for telemetry, and average averages."""
    assert mistakes(changed(full_site(), "streaming.connectors.2.database", "efd")) == [
        (
            "streaming.connectors.2.database: given efd; "
            "allowed: a database without tiers, because aggregated is true"
        )
    ]


def test_a_connector_with_the_aggregator_s_dead_letters_is_refused() -> None:
    site = changed(full_site(), "streaming.connectors.0.name", "kafka-aggregator")
    assert mistakes(site) == [
        (
            "streaming.connectors.0.name: given kafka-aggregator; "
            "allowed: another name, because streaming.aggregation has it"
        )
    ]


def test_a_sink_that_reads_the_aggregator_s_dead_letters_is_refused() -> None:
    site = changed(full_site(), "streaming.connectors.1.topics", r"dead-letter\.kafka.*")
    assert mistakes(site) == [
        (
            r"streaming.connectors.1.topics: given dead-letter\.kafka.*; allowed: a pattern that "
            "does not match the topic of dead letters dead-letter.kafka-aggregator"
        )
    ]


@pytest.mark.parametrize(
    "pattern",
    [r"lsst\.sal\..*-aggregated", "_aggregated-schemas", "kafka-aggregator-windows-changelog"],
)
def test_aggregates_that_are_mirrored_are_refused(pattern: str) -> None:
    """Their schemas have other numbers at the source, and a state belongs to one aggregator."""
    assert mistakes(changed(full_site(), "replication.topics.0", pattern)) == [
        (
            f"replication.topics.0: given {pattern}; allowed: a pattern of a producer's topics: "
            "aggregates are made here, by streaming.aggregation"
        )
    ]


def test_a_site_that_mirrors_schemas_may_aggregate() -> None:
    """The schemas of aggregates are in a registry of their own, which may write."""
    assert mistakes(mirroring_schemas()) == []


@pytest.mark.parametrize("place", [AGGREGATION, f"{AGGREGATION}.registry"])
def test_a_heap_without_room_is_refused(place: str) -> None:
    (mistake,) = mistakes(changed(full_site(), f"{place}.heap", "3Gi"))
    assert mistake.startswith(f"{place}.heap: given 3Gi; allowed: at most ")


def test_more_threads_than_there_is_work_for_are_refused() -> None:
    site = changed(full_site(), f"{AGGREGATION}.threads", 2)
    assert mistakes(changed(site, f"{AGGREGATION}.workers", 6)) == []
    assert mistakes(changed(site, f"{AGGREGATION}.workers", 7)) == [
        (
            f"{AGGREGATION}.workers: given 7; allowed: with 2 threads each at most 6: the work has "
            "12 parts"
        )
    ]
