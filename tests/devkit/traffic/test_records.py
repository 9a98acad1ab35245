"""Two clusters side by side."""

from array import array
from typing import Any, cast

import pytest

from devkit.traffic.records import (
    Comparison,
    Contents,
    TopicComparison,
    compare_partition,
    compare_schemas,
    compare_shapes,
)
from devkit.traffic.registry import Registry

TOPIC = "lsst.sal.Test.scalars"


def contents(*digests: int, first: int = 0) -> Contents:
    return Contents(array("q", digests), array("q", range(first, first + len(digests))))


def compared(source: Contents, target: Contents) -> TopicComparison:
    topic = TopicComparison(TOPIC)
    compare_partition(topic, 0, source, target)
    return topic


def test_the_same_records_at_other_offsets_are_equal() -> None:
    topic = compared(contents(1, 2, 3), contents(1, 2, 3, first=70))
    assert topic.equal
    assert (topic.source, topic.target) == (3, 3)


def test_a_record_that_the_target_lacks_is_named() -> None:
    topic = compared(contents(1, 2, 3, first=10), contents(1, 3))
    assert topic.lacking.examples == ["partition 0 offset 11"]
    assert not topic.surplus


def test_a_record_that_the_source_lacks_is_named() -> None:
    topic = compared(contents(1, 2), contents(1, 2, 9))
    assert topic.surplus.examples == ["partition 0 offset 2"]
    assert not topic.lacking


def test_a_record_that_came_twice_is_surplus_once() -> None:
    topic = compared(contents(1, 2, 3), contents(1, 2, 2, 3))
    assert topic.surplus.examples == ["partition 0 offset 2"]


def test_another_order_is_no_loss_but_not_equal() -> None:
    topic = compared(contents(1, 2, 3, first=5), contents(1, 3, 2))
    assert topic.disorder.examples == ["partition 0 from offset 6 of the source"]
    assert (topic.lacking.count, topic.surplus.count) == (0, 0)
    assert not topic.equal


def test_a_changed_record_lacks_and_is_surplus() -> None:
    topic = compared(contents(1, 2, 3), contents(1, 8, 3))
    assert (topic.lacking.count, topic.surplus.count) == (1, 1)


def test_partitions_and_settings_of_the_topic_itself_are_compared() -> None:
    found = Comparison({TOPIC: TopicComparison(TOPIC)})
    source = {TOPIC: {"retention.ms": "1000", "segment.ms": "7"}}
    target = {TOPIC: {"cleanup.policy": "compact"}}
    compare_shapes(
        found, ({TOPIC: 1}, {TOPIC: 3}), (source, target), ("retention.ms", "cleanup.policy")
    )
    assert found.topics[TOPIC].shape.examples == [
        "1 partitions, in the target 3",
        "retention.ms=1000, in the target None",
    ]
    assert not found.equal


class FakeRegistry:
    """Schemas by id."""

    def __init__(self, schemas: dict[int, Any]) -> None:
        """Hold these."""
        self.schema = schemas.get


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ({1: "a", 2: "b"}, []),
        ({1: "a"}, ["2 is not in the target's registry"]),
        ({1: "a", 2: "c"}, ["2 differs"]),
    ],
)
def test_an_id_means_the_same_schema_in_both_registries(
    target: dict[int, Any], told: list[str]
) -> None:
    found = Comparison(schemas={1, 2})
    here, there = (
        cast("Registry", FakeRegistry(schemas)) for schemas in ({1: "a", 2: "b"}, target)
    )
    compare_schemas(found, (here, there))
    assert found.unlike.examples == told
    assert found.equal == (not told)


def test_a_topic_of_one_cluster_only_is_a_difference() -> None:
    found = Comparison(only_in_target=["lsst.sal.Test.back"])
    assert not found.equal
    assert "  only in the target: lsst.sal.Test.back" in found.lines()
