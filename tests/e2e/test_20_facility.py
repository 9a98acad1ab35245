"""Statistics at the data facility: the same windows in Kafka, InfluxDB and PostgreSQL, and right.

While records come, the database ends Connect's connections, is killed and started again, and the
aggregator's worker is killed.
"""

import time

import pytest

from devkit.patience import wait_until
from devkit.traffic import observatory
from tests.e2e.even import wait_until_even
from tests.e2e.facility import Facility
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import STREAMING, Stand
from tests.support.postgresql_server import PostgreSql
from tests.support.windows import Windows, assert_same, due, once

pytestmark = pytest.mark.e2e

CSC = "Facility"
TOPICS = [
    topic.name for topic in observatory.topics([CSC]) if topic.rate > 1 and not topic.irregular
]
"""Its telemetry with more than a record a second."""
NOTICED = 90
"""Seconds after which a new topic has rows: aggregator and sink look for topics every ten, as in
the site's file, and a window is closed after ten more."""
CLOSED = 180
"""Seconds after which the last windows of a topic that fell silent are closed and committed."""
RESTARTED = 240
"""Seconds after which a connector that has failed several times is restarted and done."""
AWAY = 20
"""Seconds without a database: longer than the sink tries again by itself."""
CONNECTIONS = (
    "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
)
LEAST = 100
"""Windows of each topic."""


@pytest.fixture(scope="module")
def facility(summit: Stand, ldf: Stand, database: PostgreSql, report: Report) -> Facility:
    """The facility, after records that came while parts of it failed."""
    here = Facility(ldf, database)
    with load(summit, "facility", "--seed=201", "--csc", CSC, "--duration=1800") as producer:
        with report.timed("20", "a new topic's rows in the consolidated database", aim=NOTICED):
            assert wait_until(lambda: all(map(here.rows, TOPICS)), 2 * NOTICED, 2)
        time.sleep(10)
        ended = here.database.query(CONNECTIONS)
        report.add("20", "connections of Connect that the database ended", ended[0]["n"])
        assert int(ended[0]["n"]) > 0
        time.sleep(10)
        database.kill()
        time.sleep(AWAY)
        database.start()
        worker = ldf.pods("kafka-aggregator")[0]["metadata"]["name"]
        ldf.kill("kafka-aggregator", worker)
        ldf.wait_ready("kafka-aggregator")
        time.sleep(80)
        ledger = producer.stop()
    report.add("20", "records acknowledged", ledger.acknowledged)
    wait_until_even(summit, ldf, 120, rf"lsst\.sal\.{CSC}\..*")
    return here


@pytest.fixture(scope="module")
def expected(facility: Facility, report: Report) -> dict[str, Windows]:
    """What is due of each topic, once as many windows are committed."""
    windows = {topic: due(facility.raw(topic)) for topic in TOPICS}
    for topic, wanted in windows.items():
        assert len(wanted) > LEAST
        there = wait_until(lambda: len(facility.aggregated(topic)) >= len(wanted), CLOSED, 3)  # noqa: B023
        assert there, f"{topic}: {len(facility.aggregated(topic))} windows of {len(wanted)}"
    report.add("20", "windows due, of all topics", sum(map(len, windows.values())))
    return windows


def test_the_topic_of_statistics_has_every_window_once_and_right(
    facility: Facility, expected: dict[str, Windows], report: Report
) -> None:
    compared = sum(
        assert_same(once(facility.aggregated(topic)), wanted, tolerance=1e-9)
        for topic, wanted in expected.items()
    )
    report.add("20", "statistics as Python computes them from the records", compared)


@pytest.mark.parametrize("place", ["points", "rows"])
def test_each_place_has_the_same_windows_to_the_last_digit(
    facility: Facility, expected: dict[str, Windows], place: str, report: Report
) -> None:
    compared = 0
    for topic, wanted in expected.items():
        read = getattr(facility, place)
        there = wait_until(lambda: len(read(topic)) >= len(wanted), RESTARTED, 3)  # noqa: B023
        assert there, f"{topic}: {len(read(topic))} windows of {len(wanted)}"
        compared += assert_same(once(read(topic)), once(facility.aggregated(topic)))
    where = {"points": "InfluxDB", "rows": "PostgreSQL"}[place]
    report.add("20", f"statistics equal in Kafka and in {where}", compared)


def test_nothing_is_a_dead_letter(ldf: Stand, expected: dict[str, Windows]) -> None:
    """Connect makes such a topic when a sink starts; nobody but the brokers may read it."""
    assert expected
    (broker, *_) = ldf.brokers()
    logs = "/var/lib/kafka/data/kafka/dead-letter.*-*/*.log"
    listed = f'for log in {logs}; do [ -e "$log" ] && wc -c "$log"; done'
    where = (broker, f"--namespace={STREAMING}", "-c", "kafka", "--")
    sizes = ldf.kubectl("exec", *where, "sh", "-c", listed).split()[::2]
    assert sizes
    assert set(sizes) == {"0"}
