"""The aggregator on a real broker: what it writes equals what Python computes of the same records.

The registries are stand-ins; logins, rights and settings are the program's.
"""

import math
import re
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient

from efd_infra.manifests.measurements.measurement import Writer
from efd_infra.manifests.measurements.scraped import AGGREGATOR
from efd_infra.manifests.scraped import scraped_services
from tests.support.aggregation_stand import (
    DOME,
    SCHEMA,
    SITE,
    Stand,
    aggregation_stand,
    assert_equal,
    dome,
    noise,
)
from tests.support.aggregator_worker import LATE, SENT, AggregatorWorker
from tests.support.kafka_server import wait
from tests.support.sal_records import due, framed, sal_schema

pytestmark = pytest.mark.engine

LETTERS = "dead-letter.kafka-aggregator"


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    folder = tmp_path_factory.mktemp("aggregation")
    with aggregation_stand(folder, int(time.time()) - 3000) as running:
        yield running


@pytest.fixture(scope="module", autouse=True)
def first(stand: Stand) -> Iterator[AggregatorWorker]:
    with stand.aggregation.worker("first") as here:
        yield here


def test_aggregates_are_what_python_computes(stand: Stand) -> None:
    records = noise(stand.base, 20, 6)
    stand.send("lsst.sal.MTMount.azimuth", SCHEMA, *records)
    # The last windows close when the topic falls silent.
    found = stand.waits_for("lsst.sal.MTMount.azimuth", 6)
    assert_equal(found, due(records))
    (schema,) = [
        stand.aggregates.schemas[number]
        for number in stand.aggregates.subjects["lsst.sal.MTMount.azimuth-aggregated-value"]
    ]
    fields = {each["name"]: each for each in schema["fields"]}
    assert fields["time"]["type"] == {"type": "long", "logicalType": "timestamp-millis"}
    array = ["null", {"type": "array", "items": "double"}]
    assert fields["mean_forces"] == {"name": "mean_forces", "type": array, "default": None}
    assert not [name for name in fields if "name" in name or "seqNum" in name]


def test_instances_of_a_csc_are_told_apart(stand: Stand) -> None:
    records = [
        {"private_efdStamp": stand.base + n / 10, "salIndex": 1 + n % 2, "position": float(n)}
        for n in range(40)
    ]
    stand.send("lsst.sal.ATDome.position", DOME, *records)
    assert_equal(stand.waits_for("lsst.sal.ATDome.position", 8), due(records))
    keys = {message.key() for message in stand.read("lsst.sal.ATDome.position-aggregated")}
    assert keys == {b"lsst.sal.ATDome.position/1", b"lsst.sal.ATDome.position/2"}


def test_late_records_count_within_the_grace_and_not_after(
    stand: Stand, first: AggregatorWorker
) -> None:
    def record(second: float, position: float) -> dict[str, Any]:
        return {"private_efdStamp": stand.base + second, "salIndex": 1, "position": position}

    topic = "lsst.sal.Late.position"
    records = [record(n / 4, float(n)) for n in range(12)]
    late = record(1.9, 1000.0)  # the newest is at 2.75
    more = [record(5 + n / 4, float(n)) for n in range(4)]
    too_late = record(0.3, 9999.0)
    stand.send(topic, DOME, *records, late, *more, too_late)
    assert_equal(stand.waits_for(topic, 4), due([*records, late, *more]))
    wait(lambda: first.counted(LATE) == 1, "one too late")


def test_a_topic_does_not_wait_for_others_and_loses_nothing_by_them(stand: Stand) -> None:
    """After an outage one topic may be hours behind another of the same worker."""
    for number in range(6):
        stand.send(
            f"lsst.sal.Behind.topic{number}",
            DOME,
            *(
                {
                    "private_efdStamp": stand.base - 2000 * (number % 3) + n / 4,
                    "salIndex": 1,
                    "position": float(n),
                }
                for n in range(20)
            ),
        )
    for number in range(6):
        found = stand.waits_for(f"lsst.sal.Behind.topic{number}", 5)
        assert [each["count"] for each in found] == [4] * 5


def test_events_commands_and_excluded_topics_are_untouched(stand: Stand) -> None:
    topics = [
        "lsst.sal.MTMount.logevent_heartbeat",
        "lsst.sal.MTMount.command_start",
        "lsst.sal.MTMount.ackcmd",
        "lsst.sal.Excluded.azimuth",
    ]
    for topic in topics:
        stand.send(topic, DOME, *dome(stand.base, 20))
    stand.send("lsst.sal.MTMount.marker", DOME, *dome(stand.base, 20))
    stand.waits_for("lsst.sal.MTMount.marker", 5)
    admin = AdminClient({"bootstrap.servers": stand.aggregation.broker.bootstrap})
    assert not {f"{topic}-aggregated" for topic in topics} & set(admin.list_topics().topics)


def test_a_topic_of_one_record_a_second_has_no_aggregates(stand: Stand) -> None:
    slow = [{"private_efdStamp": stand.base + n, "salIndex": 1, "position": 1.0} for n in range(10)]
    stand.send("lsst.sal.Slow.position", DOME, *slow)
    stand.send("lsst.sal.MTMount.marker2", DOME, *dome(stand.base, 20))
    stand.waits_for("lsst.sal.MTMount.marker2", 5)
    time.sleep(2)
    assert stand.statistics("lsst.sal.Slow.position") == []


def test_what_cannot_be_read_is_a_dead_letter_and_the_rest_flows(stand: Stand) -> None:
    topic = "lsst.sal.Bad.position"
    number = stand.records.add(DOME)
    good = dome(stand.base, 20)
    stand.send_bytes(
        topic,
        None,
        b"",
        b"no frame",
        framed(number, DOME, good[0])[:-1],
        framed(number, DOME, {**good[0], "private_efdStamp": math.nan}),
        framed(number, DOME, {**good[0], "private_efdStamp": time.time() + 9999}),
        *(framed(number, DOME, each) for each in good),
    )
    assert_equal(stand.waits_for(topic, 5), due(good))
    letters = [m for m in stand.read(LETTERS) if m.key() == topic.encode()]
    given: list[dict[str, bytes]] = [dict(m.headers() or []) for m in letters]  # type: ignore[arg-type]
    assert [each["efd.source"] for each in given] == [f"{topic}-0@{n}".encode() for n in range(6)]
    assert letters[0].value() is None
    said = [each["efd.error"].decode() for each in given]
    assert said[0] == "it has no value"
    assert said[2] == "it does not begin with a schema's id"
    assert said[4] == "its time is NaN"
    assert "an hour ahead" in said[5]


def test_it_has_the_metrics_of_the_catalogue(stand: Stand, first: AggregatorWorker) -> None:
    # After dead letters, which have no figure before; and before anybody is fenced: Kafka 4.3.1
    # loses a producer's figures when it makes another.
    assert stand.read(LETTERS)
    found = {
        (name, frozenset(re.findall(r'(\w+)="', labels)))
        for line in first.metrics()
        for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? ", line)
    }
    missing = [
        field
        for labels, fields in AGGREGATOR.items()
        for field in fields
        if (field, frozenset(re.findall(r"(\w+)=", labels))) not in found
    ]
    assert missing == []
    (service,) = [s for s in scraped_services(SITE) if s.writer is Writer.AGGREGATOR]
    assert service.always in {name for name, _ in found}


def test_an_id_that_nobody_knows_is_given_up_and_the_rest_flows(stand: Stand) -> None:
    """Longer than a transaction lasts: the worker is fenced meanwhile, and reads it again."""
    topic, good = "lsst.sal.Unknown.position", dome(stand.base, 20)
    number = stand.records.add(DOME)
    unknown = b"\0\0\0\x27\x0fnobody knows its schema"
    stand.send_bytes(topic, unknown, *(framed(number, DOME, each) for each in good))
    assert_equal(stand.waits_for(topic, 5), due(good))
    (letter,) = [m for m in stand.read(LETTERS) if m.key() == topic.encode()]
    assert ("efd.error", b"the registry knows no schema 9999") in (letter.headers() or [])


def test_a_newer_schema_in_the_middle_of_a_window(stand: Stand) -> None:
    topic, newer = (
        "lsst.sal.New.position",
        sal_schema("ATDome_position", salIndex="long", position="double", speed="double"),
    )
    old = dome(stand.base, 20)[:6]
    new = [{**each, "speed": 3.0} for each in dome(stand.base, 20)[6:]]
    stand.send(topic, DOME, *old)
    stand.send(topic, newer, *new)
    found = stand.waits_for(topic, 5)
    assert [each["count"] for each in found] == [4] * 5
    assert "mean_speed" not in found[1], "the window has the fields of its first record"
    assert found[2]["mean_speed"] == 3.0


def test_a_registry_that_is_away_is_waited_for(stand: Stand) -> None:
    stand.records.broken = True
    unseen = sal_schema("Unseen", salIndex="long", position="double", more="double")
    records = [{**each, "more": 1.0} for each in dome(stand.base, 20)]
    stand.send("lsst.sal.Waiting.position", unseen, *records)
    time.sleep(5)
    stand.records.broken = False
    assert_equal(stand.waits_for("lsst.sal.Waiting.position", 5), due(records))


def test_workers_share_the_load_and_one_that_is_killed_loses_and_doubles_nothing(
    stand: Stand,
) -> None:
    topics = [f"lsst.sal.Shared.topic{number}" for number in range(8)]
    records = dome(stand.base, 400)

    def send(begin: int, end: int) -> None:
        for topic in topics:
            stand.send(topic, DOME, *records[begin:end])

    with stand.aggregation.worker("second") as second:
        send(0, 150)
        wait(lambda: second.counted(SENT) > 0, "work of the second")
        send(150, 200)
        second.stop(signal.SIGKILL)
        send(200, 300)
        second.start()
        send(300, 401)
        for topic in topics:
            assert_equal(stand.waits_for(topic, 100), due(records))
        second.stop()
    for topic in topics:
        assert len(stand.statistics(topic)) == 100, "nor when a worker leaves"


def test_what_was_dealt_out_is_deleted(stand: Stand) -> None:
    """Or the aggregator's own topic would keep everything for ever."""
    wait(lambda: stand.deleted("kafka-aggregator-records-repartition") > 100, "a deletion")
    assert stand.aggregation.denied == [], "in all these tests"
