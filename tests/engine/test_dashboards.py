"""Every query of every dashboard, asked of a real InfluxDB with points that the catalogue has."""

import json
import time
from collections.abc import Iterator

import pytest

from efd_infra.config.identifier import Identifier
from efd_infra.config.influxdb_user import InfluxDbUser
from efd_infra.config.parsing import parse_site
from efd_infra.config.timeseries import DatabaseSection, RetentionPolicy
from efd_infra.config.values import Keep
from efd_infra.manifests.dashboards.files import dashboard_files
from efd_infra.manifests.measurements.catalogue import METRICS
from tests.support.full_site import full_site
from tests.support.influx_server import InfluxServer, influx_server
from tests.support.influxql import as_chronograf_asks, line, named, sources
from tests.support.measured_site import INFLUXDB

pytestmark = pytest.mark.engine

_MINUTE, _DAY = 60, 86_400
_RANGE = 3600
"""Seconds that are looked at."""
QUERIES = [
    query["query"]
    for text in dashboard_files(parse_site(full_site())).values()
    for cell in json.loads(text)["cells"]
    for query in cell["queries"]
]
_USERS = (InfluxDbUser(name="admin", admin=True),)


def _points() -> Iterator[tuple[str, str]]:
    """Yield database and point: of the last hour, and a day's for four weeks."""
    now = int(time.time())
    times = [now - 28 * _DAY + day * _DAY for day in range(28)]
    times += [now - _RANGE + minute * _MINUTE for minute in range(60)]
    for query in map(named, QUERIES):
        for measurement in sources(query):
            tags = {**query.equal}
            for number, moment in enumerate(times):
                yield query.database, line(measurement, tags, number * 7, moment * 10**9)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    policy = RetentionPolicy(name=Identifier("autogen"), keep=Keep("60d"))
    databases = [
        DatabaseSection(name=Identifier(name), retention=(policy,)) for name in ("efd", "telegraf")
    ]
    with influx_server(tmp_path_factory.mktemp("influxdb"), INFLUXDB) as running:
        assert running.set_up(_USERS, databases).returncode == 0
        points = set(_points())
        for database in ("efd", "telegraf"):
            running.write([text for place, text in points if place == database], database)
        yield running


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_what_it_asks_for(server: InfluxServer, query: str) -> None:
    series = server.ask(as_chronograf_asks(query, _RANGE), "nothing")
    values = [value for s in series for row in s["values"] for value in row[1:]]
    assert [value for value in values if value is not None], series
    by = {tag for s in series for tag in s.get("tags", {})}
    outer = query.rpartition(" GROUP BY ")[2]
    assert all(f'"{tag}"' in outer for tag in by)


def test_the_forecast_looks_a_week_ahead(server: InfluxServer) -> None:
    (query,) = {query for query in QUERIES if "holt_winters" in query}
    (series,) = server.ask(as_chronograf_asks(query, _RANGE), "nothing")
    last, value = series["values"][-1]
    assert last > (time.time() + 5 * _DAY) * 1e9
    assert value is not None


def test_the_catalogue_has_more_than_dashboards_ask_for() -> None:
    asked = {query.measurement for query in map(named, QUERIES)}
    assert asked - {""} <= {measurement.name for measurement in METRICS}
