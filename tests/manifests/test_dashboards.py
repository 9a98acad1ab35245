"""Dashboards: their form, and that they show nothing but what is measured."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from efd_infra.config.parsing import parse_site
from efd_infra.manifests.dashboards.dashboard import COLUMNS, normal_form
from efd_infra.manifests.dashboards.files import DASHBOARDS, dashboard_files
from efd_infra.manifests.measurements.catalogue import JOBS
from efd_infra.manifests.measurements.measurement import Measurement
from tests.support.full_site import full_site, mirroring_schemas, unmeasured, without
from tests.support.influxql import named, sources

_GOLDEN = Path(__file__).parent / "golden"
FILES = dashboard_files(parse_site(full_site()))
BOARDS: dict[str, dict[str, Any]] = {name: json.loads(text) for name, text in FILES.items()}
QUERIES = [
    pytest.param(query["query"], id=f"{name.removesuffix('.dashboard')}-{cell['name']}")
    for name, board in BOARDS.items()
    for cell in board["cells"]
    for query in cell["queries"]
]
_RESTARTED = frozenset({"url", "version", "go_version", "mode", "device", "fstype", "bind"})
"""Tags that tell nothing apart: a server's only address, or what goes with another tag."""


@pytest.mark.parametrize("name", FILES)
def test_a_dashboard_is_the_reviewed_one(name: str, request: pytest.FixtureRequest) -> None:
    golden = _GOLDEN / name
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(FILES[name], encoding="utf-8")
    assert FILES[name] == golden.read_text(encoding="utf-8"), (
        "if the change is meant, run pytest with --update-golden and review the difference"
    )


def test_there_is_no_reviewed_dashboard_that_is_gone() -> None:
    assert {path.name for path in _GOLDEN.iterdir()} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_one_form(name: str) -> None:
    assert FILES[name] == normal_form(BOARDS[name])
    assert "{{" not in FILES[name], "Chronograf reads its files as templates of Go"


def test_dashboards_are_told_apart_from_each_other_and_from_those_made_by_hand() -> None:
    numbers = [board["id"] for board in BOARDS.values()]
    assert len(set(numbers)) == len(numbers)
    assert all(isinstance(number, int) and number > 10_000 for number in numbers)
    assert len({board["name"] for board in BOARDS.values()}) == len(numbers)
    assert all(board["organization"] == "default" for board in BOARDS.values())


@pytest.mark.parametrize("name", FILES)
def test_cells_fill_the_grid_without_overlap(name: str) -> None:
    taken: set[tuple[int, int]] = set()
    for cell in BOARDS[name]["cells"]:
        place = {
            (x, y)
            for x in range(cell["x"], cell["x"] + cell["w"])
            for y in range(cell["y"], cell["y"] + cell["h"])
        }
        assert cell["x"] + cell["w"] <= COLUMNS
        assert not place & taken, cell["name"]
        taken |= place
    assert len(taken) == COLUMNS * (1 + max(y for _, y in taken)), "a row is not full"


@pytest.mark.parametrize("name", FILES)
def test_cells_are_ones_that_chronograf_accepts(name: str) -> None:
    """What its ``server/cells.go`` (1.9.4) would refuse, were they posted."""
    cells = BOARDS[name]["cells"]
    assert len({cell["i"] for cell in cells}) == len(cells)
    for cell in cells:
        assert cell["type"] in {"line", "line-stacked", "line-stepplot", "single-stat", "table"}
        assert set(cell["axes"]) == {"x", "y", "y2"}
        for axis in cell["axes"].values():
            assert axis["scale"] in {"linear", "log", ""}
            assert axis["base"] in {"10", "2", "", "raw"}
        assert cell["noteVisibility"] in {"default", "showWhenNoData"}
        assert cell["legend"] == {}
        assert all(query["type"] == "influxql" for query in cell["queries"])


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_asks_for_what_is_measured(query: str) -> None:
    asked = named(query)
    assert asked.policy == "autogen"
    assert asked.database == ("efd" if asked.regex else "telegraf")
    assert asked.fields
    assert [*sources(asked)], f"nobody writes {asked}"


@pytest.mark.parametrize("query", [q for q in QUERIES if "derivative" in str(q.values)])
def test_counters_are_not_mixed(query: str) -> None:
    """A rate of the larger of two counters would be neither's."""
    asked = named(query)

    def told_apart(measurement: Measurement) -> bool:
        # A broker's number stands for its pod.
        other = {"address"} if "broker" in measurement.tags else set()
        return set(measurement.tags) - _RESTARTED - other <= asked.series

    assert any(told_apart(measurement) for measurement in sources(asked)), asked


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_is_bounded(query: str) -> None:
    assert re.search(r"time > (:dashboardTime:|now\(\) - \d+d)", query)
    if "GROUP BY time" in query:
        assert re.search(r"GROUP BY time\((:interval:|1m|1d)\)", query)


@pytest.mark.parametrize("query", QUERIES)
def test_chronograf_can_find_its_words(query: str) -> None:
    """Its server replaces the first of each when it reads a query (``influx/query.go``)."""
    assert query.count(":dashboardTime:") <= 1
    assert query.count(":upperDashboardTime:") <= 1


def test_there_is_a_forecast() -> None:
    assert any("holt_winters(" in str(query.values) for query in QUERIES)


def test_jobs_have_cells_that_wait_for_them() -> None:
    """They come with the sections of the jobs."""
    writers = {cell.writer for b in DASHBOARDS.values() for row in b.rows for cell in row}
    assert {job.writer for job in JOBS} <= writers


def test_a_site_without_a_mirror_has_no_empty_cells() -> None:
    names = [cell["name"] for cell in _cells(without(full_site(), "replication"))]
    assert "Latency of the link" not in names
    assert "Failed tasks" in names


def test_nodes_that_are_not_measured_are_not_shown() -> None:
    names = [cell["name"] for cell in _cells(without(full_site(), "monitoring.nodes"))]
    assert "CPU" not in names
    assert "Certificates are valid for" in names


def test_without_telegraf_only_topics_are_shown() -> None:
    files = dashboard_files(parse_site(unmeasured(full_site())))
    assert set(files) == {"efd.dashboard"}
    names = [cell["name"] for cell in json.loads(files["efd.dashboard"])["cells"]]
    assert "Last seen" in names
    assert "Points written" not in names


def test_a_replica_has_the_dashboards_of_its_link() -> None:
    assert "Latency of the link" in [cell["name"] for cell in _cells(mirroring_schemas())]


def _cells(data: dict[str, Any]) -> list[dict[str, Any]]:
    files = dashboard_files(parse_site(data))
    return [cell for text in files.values() for cell in json.loads(text)["cells"]]
