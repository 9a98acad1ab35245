"""Statistics in a real PostgreSQL, by Debezium's sink on a real worker."""

from collections.abc import Iterator

import pytest

from tests.support.aggregate_records import Aggregates
from tests.support.file_sink import Cluster, headers, read
from tests.support.jdbc_archive import NAME, RUNNING, Archive, jdbc_archive, sink_settings
from tests.support.kafka_server import wait
from tests.support.postgresql_server import postgresql_server

pytestmark = pytest.mark.engine

NOW = 1_700_000_000
AZIMUTH = Aggregates("lsst.sal.MTMount.azimuth-aggregated")
DOME = Aggregates("lsst.sal.ATDome.position-aggregated", instances=True)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with (
        postgresql_server() as server,
        jdbc_archive(tmp_path_factory.mktemp("archive"), server) as ours,
    ):
        ours.send(AZIMUTH, AZIMUTH.record(NOW, 0.1))
        ours.send(DOME, *(DOME.record(NOW, index / 3, salIndex=index) for index in (1, 2)))
        ours.begin()
        yield ours


def test_every_setting_is_one_that_the_connector_knows(archive: Archive) -> None:
    settings = {"name": NAME, **sink_settings(archive.server, archive.worker)}
    path = "/connector-plugins/JdbcSinkConnector/config/validate"
    answer = archive.worker.ask("PUT", path, settings)
    known = {entry["value"]["name"] for entry in answer["configs"]}
    assert answer["error_count"] == 0
    # Of a converter that the test does not have.
    assert set(settings) - known <= {"value.converter.schema.registry.url"}


def test_rows_are_the_records(archive: Archive) -> None:
    found = archive.waits_for(
        "mtmount_azimuth", 1, "time", "private_efdstamp", "mean_position", "mean_forces"
    )
    assert found[0] == (
        "2023-11-14 22:13:20",
        str(NOW),
        "0.1",
        f"{{{NOW / 7!r},-1.5}}",
    )


def test_instances_of_a_csc_have_rows_of_their_own(archive: Archive) -> None:
    found = archive.waits_for("atdome_position", 2, "salindex", "mean_position")
    assert sorted(found)[:2] == [("1", repr(1 / 3)), ("2", repr(2 / 3))]


def test_a_window_that_comes_again_is_the_same_row(archive: Archive) -> None:
    archive.send(AZIMUTH, AZIMUTH.record(NOW + 10, 1.0), AZIMUTH.record(NOW + 10, 1.0))
    archive.send(AZIMUTH, AZIMUTH.record(NOW + 10, 2.0), AZIMUTH.record(NOW + 11, 3.0))
    wait(lambda: archive.rows("mtmount_azimuth", "time")[-1:] == [("2023-11-14 22:13:31",)], "it")
    found = archive.rows("mtmount_azimuth", "time", "mean_position")
    assert [value for time, value in found if time == "2023-11-14 22:13:30"] == ["2"]


def test_a_field_that_is_new_becomes_a_column(archive: Archive) -> None:
    more = Aggregates(AZIMUTH.topic, ("mean_position", "mean_velocity"))
    archive.send(more, more.record(NOW + 20, 4.0))
    wait(lambda: archive.rows("mtmount_azimuth", "time")[-1:] == [("2023-11-14 22:13:40",)], "it")
    assert archive.rows("mtmount_azimuth", "mean_velocity")[-1] == ("4",)
    assert archive.rows("mtmount_azimuth", "mean_velocity")[0] == ("NULL",), (
        "of earlier windows: none"
    )


def test_what_nobody_can_read_is_a_dead_letter_and_the_rest_flows(archive: Archive) -> None:
    archive.send(AZIMUTH, "no JSON", AZIMUTH.record(NOW + 30, 5.0))
    wait(lambda: archive.rows("mtmount_azimuth", "time")[-1:] == [("2023-11-14 22:13:50",)], "it")
    (letter,) = read(Cluster(archive.bootstrap, archive.worker), f"dead-letter.{NAME}", 1)
    assert letter.value() == b"no JSON"
    assert str(dict(headers(letter))["__connect.errors.topic"], "utf-8") == AZIMUTH.topic
    assert archive.states == RUNNING


def test_what_the_database_refuses_stops_the_task_and_is_not_lost(archive: Archive) -> None:
    refuse = "ALTER TABLE mtmount_azimuth ADD CONSTRAINT small CHECK (mean_position < 100)"
    archive.server.execute(refuse)
    before = len(archive.rows("mtmount_azimuth", "time"))
    archive.send(AZIMUTH, AZIMUTH.record(NOW + 40, 1000.0))
    archive.send(AZIMUTH, AZIMUTH.record(NOW + 41, 6.0))
    wait(lambda: archive.states == ["RUNNING", "FAILED"], "a failure that is seen")
    assert len(archive.rows("mtmount_azimuth", "time")) == before
    archive.server.execute("ALTER TABLE mtmount_azimuth DROP CONSTRAINT small")
    found = archive.waits_for("mtmount_azimuth", before + 2, "mean_position")
    assert found[-2:] == [("1000",), ("6",)]


def test_a_killed_database_loses_nothing(archive: Archive) -> None:
    before = len(archive.rows("mtmount_azimuth", "time"))
    windows = [AZIMUTH.record(NOW + 100 + n, float(n)) for n in range(300)]
    archive.send(AZIMUTH, *windows[:100])
    archive.server.kill()
    archive.send(AZIMUTH, *windows[100:])
    archive.server.start()
    found = archive.waits_for("mtmount_azimuth", before + 300, "mean_position")
    assert [float(value) for (value,) in found[-300:]] == [float(n) for n in range(300)]


def test_windows_of_an_exposure_are_found_by_the_index(archive: Archive) -> None:
    """The technote's join of telemetry with exposures (docs/archive.md)."""
    archive.waits_for("mtmount_azimuth", 1, "time")
    archive.server.execute(
        "CREATE TABLE exposure (id bigint PRIMARY KEY, obs_start timestamp, obs_end timestamp)",
        f"""INSERT INTO exposure SELECT n, to_timestamp({NOW} + 30 * n) AT TIME ZONE 'UTC',
            to_timestamp({NOW} + 30 * n + 15) AT TIME ZONE 'UTC'
            FROM generate_series(1, 3) n""",  # noqa: S608 -- ours
        f"""INSERT INTO mtmount_azimuth (time, private_efdstamp, count, mean_position)
            SELECT to_timestamp(n) AT TIME ZONE 'UTC', n, 10, 1
            FROM generate_series({NOW - 200_000}, {NOW - 1}) n""",  # noqa: S608 -- ours
        "ANALYZE",
    )
    join = (
        "SELECT e.id, count(*) AS windows, avg(a.mean_position) AS mean FROM exposure e "
        "JOIN mtmount_azimuth a ON a.time >= e.obs_start AND a.time < e.obs_end "
        "GROUP BY e.id ORDER BY e.id"
    )
    plan = "\n".join(row["QUERY PLAN"] for row in archive.server.query(f"EXPLAIN {join}"))
    assert "mtmount_azimuth_pkey" in plan, plan
    assert [row["id"] for row in archive.server.query(join)] == ["1", "3"]
