"""What the catalogue says is written is written: by real parts, under these names, with these tags.

The registry, the link to another site and the aggregator are not among them: the first is no
package, the second needs two sites, and the third is a program of its own (``tests/artifacts`` has
lines that real ones gave).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from devkit.patience import wait_until
from efd_infra.manifests.measurements.catalogue import METRICS
from efd_infra.manifests.measurements.measurement import Writer
from efd_infra.manifests.measurements.scraped import SCRAPED
from tests.support.influx_server import InfluxServer
from tests.support.measured_site import TOPICS, MeasuredSite, measured_site

pytestmark = pytest.mark.engine

SHOWN = frozenset(
    {
        Writer.BROKERS,
        Writer.CONNECT,
        Writer.MANAGERS,
        Writer.COMPANIONS,
        Writer.CLAIMS,
        Writer.INFLUXDB,
        Writer.COLLECTOR,
        Writer.NODES,
    }
)
_LATE = frozenset(
    {
        # Not a number until offsets have been committed, which takes a minute.
        "kafka_connect_task_offset_commit_max_time_ms",
        # Only where something has been read or written since the last look.
        "io_await",
        "io_svctm",
        "io_util",
    }
)
"""Fields that are there later, or not in each point."""


SERIES = {Writer.BROKERS: 70, Writer.CONNECT: 40, Writer.NODES: 12}
"""By who writes, the most series of one pod; of its topics there are none."""


@dataclass(frozen=True)
class Found:
    """One series of InfluxDB and the fields that it has."""

    tags: Mapping[str, str]
    fields: frozenset[str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MeasuredSite]:
    with measured_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def found(site: MeasuredSite) -> dict[str, list[Found]]:
    """What there is, by measurement, once every part has been asked."""
    expected = {measurement.name for measurement in METRICS if measurement.writer in SHOWN}
    series: dict[str, list[Found]] = {}

    def complete() -> bool:
        series.update({name: [*_series(site.influxdb, name)] for name in expected})
        return not [*_missing(series)]

    wait_until(complete, 90)
    return series


def _series(server: InfluxServer, measurement: str) -> Iterator[Found]:
    statement = f'SELECT last(*) FROM "{measurement}" GROUP BY *'  # noqa: S608 -- ours
    for series in server.ask(statement, "telegraf"):
        (row,) = series["values"]
        columns = zip(series["columns"], row, strict=True)
        fields = {c.removeprefix("last_") for c, value in columns if value is not None}
        tags = {key: value for key, value in series.get("tags", {}).items() if value}
        yield Found(tags, frozenset(fields - {"time"}))


def _missing(found: Mapping[str, list[Found]]) -> Iterator[str]:
    """Yield what the catalogue has and no series of these tags."""
    for measurement in METRICS:
        if measurement.writer in SHOWN:
            there = {
                field
                for series in found[measurement.name]
                if set(series.tags) == set(measurement.tags)
                for field in series.fields
            }
            for field in measurement.fields:
                if field not in there | _LATE:
                    yield f"{measurement.name} {sorted(measurement.tags)}: {field}"


def test_all_of_the_catalogue_is_written(found: dict[str, list[Found]], site: MeasuredSite) -> None:
    assert [*_missing(found)] == [], site.log.read_text()


def test_fields_are_of_the_kind_that_the_catalogue_says(
    site: MeasuredSite, found: dict[str, list[Found]]
) -> None:
    kinds = {
        name: {
            field: kind
            for series in site.influxdb.ask(f'SHOW FIELD KEYS FROM "{name}"', "telegraf")
            for field, kind in series["values"]
        }
        for name in found
    }
    wrong = [
        f"{m.name} {field}: {kinds[m.name][field]}"
        for m in METRICS
        if m.writer in SHOWN
        for field, kind in m.fields.items()
        if kinds[m.name].get(field, kind) != kind
    ]
    assert wrong == []


def test_nothing_is_said_of_single_topics(found: dict[str, list[Found]]) -> None:
    tags = {tag for series in found[SCRAPED] for tag in series.tags}
    assert tags & {"topic", "partition", "client_id"} == set()
    assert not [s.tags for s in found[SCRAPED] if "topic" in " ".join(s.tags.values())]


def test_series_are_bounded_whatever_the_number_of_topics(found: dict[str, list[Found]]) -> None:
    """Measured with a thousand topics; the bounds are those of docs/decisions."""
    pods: dict[str, int] = {}
    for series in found[SCRAPED]:
        pod = "broker" if "broker" in series.tags else series.tags["address"] + series.tags["url"]
        pods[pod] = pods.get(pod, 0) + 1
    broker = pods.pop("broker")
    print(f"{TOPICS} topics: {broker} series of a broker, {sorted(pods.values())} of other pods")  # noqa: T201
    assert broker <= SERIES[Writer.BROKERS]
    assert max(pods.values()) <= SERIES[Writer.CONNECT]
    nodes = sum("node" in s.tags for name in found for s in found[name])
    assert nodes <= SERIES[Writer.NODES]
