"""Records: the same for whoever makes them, and Avro as fastavro writes it."""

import io
import math
from itertools import product

import fastavro
import pytest

from devkit.traffic import observatory
from devkit.traffic.recipe import VARIANTS, Recipe, long
from devkit.traffic.stamps import DistinctStamps, seconds
from devkit.traffic.topic import Topic

EFD = 1_795_530_921_832_171
TOPICS = observatory.topics()
EACH = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)


@EACH
def test_a_record_is_what_fastavro_makes_of_it(topic: Topic) -> None:
    recipe = Recipe(topic, seed=7)
    schema = fastavro.parse_schema(topic.schema)
    for sequence in (1, 64, 70_000):
        buffer = io.BytesIO()
        record = recipe.record(sequence, EFD)
        fastavro.schemaless_writer(buffer, schema, record)
        assert recipe.encode(sequence, EFD) == buffer.getvalue()
        assert fastavro.validate(record, schema, strict=True)


@EACH
def test_a_record_follows_from_seed_topic_and_number(topic: Topic) -> None:
    first, again, other = Recipe(topic, 7), Recipe(topic, 7), Recipe(topic, 8)
    assert first.encode(5, EFD) == again.encode(5, EFD)
    assert first.encode(5, EFD) != other.encode(5, EFD)


@EACH
def test_every_field_has_a_default_so_that_a_schema_can_grow(topic: Topic) -> None:
    assert all("default" in field for field in topic.schema["fields"])
    empty = {field["name"]: field["default"] for field in topic.schema["fields"]}
    assert fastavro.validate(empty, fastavro.parse_schema(topic.schema), strict=True)


def test_names_are_those_of_ts_salkafka() -> None:
    topic = observatory.topic("lsst.sal.MTM1M3.forceActuatorData")
    schema = topic.schema
    assert f"{schema['namespace']}.{schema['name']}" == topic.name
    assert topic.subject == "lsst.sal.MTM1M3.forceActuatorData-value"
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)


def test_the_traffic_holds_what_goes_wrong_elsewhere() -> None:
    missing = {"no number", "more than 32 bits", "", 'said "no", then yes', True, False}
    for recipe, variant in product([Recipe(topic, 1) for topic in TOPICS], range(VARIANTS)):
        for value in recipe.payload(variant).values():
            missing -= {_kind(one) for one in (value if isinstance(value, list) else [value])}
        if not missing:
            break
    assert missing == set()


def _kind(value: float | str) -> float | str:
    """Return the value, or what is special about it."""
    if isinstance(value, float) and math.isnan(value):
        return "no number"
    return "more than 32 bits" if isinstance(value, int) and abs(value) > 2**32 else value


def test_an_unknown_csc_is_a_new_one() -> None:
    (scalars, *_) = observatory.topics(["Late"])
    assert scalars.name == "lsst.sal.Late.scalars"
    assert observatory.topic("lsst.sal.Late.scalars") == scalars


def test_a_total_rate_keeps_the_proportions() -> None:
    scaled = observatory.at_total_rate(TOPICS, 1000)
    assert sum(topic.rate for topic in scaled) == pytest.approx(1000)
    assert scaled[0].rate / scaled[-1].rate == pytest.approx(TOPICS[0].rate / TOPICS[-1].rate)


@pytest.mark.parametrize(
    ("value", "bytes_"), [(0, b"\0"), (1, b"\2"), (-1, b"\1"), (64, b"\x80\1"), (-64, b"\x7f")]
)
def test_whole_numbers_are_zigzag(value: int, bytes_: bytes) -> None:
    assert long(value) == bytes_


def test_no_two_stamps_of_a_topic_are_one_microsecond() -> None:
    stamps = DistinctStamps()
    drawn = [stamps.next() for _ in range(10_000)]
    assert len({round(seconds(stamp) * 1e6) for stamp in drawn}) == len(drawn)
    assert drawn == sorted(drawn)


def test_stamps_go_on_after_the_last_run() -> None:
    assert DistinctStamps(EFD * 2).next() == EFD * 2 + 1
