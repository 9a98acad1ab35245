"""The test stand: two sites on real nodes for the whole session, and the report on them."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit.node import enclosure, lan
from devkit.node.vault import OutsideSecret
from devkit.traffic import arrivals
from devkit.traffic.ledger import Ledger
from devkit.workspace import Workspace
from rendering.engine import ROOT
from tests.e2e.even import wait_until_even
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import STREAMING, Stand
from tests.support.postgresql_server import PASSWORD, USER, PostgreSql, postgresql_server

SITES = Path(__file__).parent / "sites"
OUTAGE = 120
"""Seconds."""
DATABASE_HOST, DATABASE_PORT = "database.test", 5432
"""As in the data facility's file."""
REPORT = pytest.StashKey[Report]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[REPORT] = Report()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    report = config.stash[REPORT]
    if report.rows:
        terminalreporter.section("what was counted")
        terminalreporter.write_line(report.table())
        path = Workspace.from_environment().home / "report.json"
        report.write(path)
        terminalreporter.write_line(f"as JSON: {path}")


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest) -> Report:
    """Where each check enters what it counted."""
    return request.config.stash[REPORT]


@pytest.fixture(scope="session")
def workspace() -> Workspace:
    """The enclosure's workspace, with site files that tests may change."""
    if reason := enclosure.why_not():
        pytest.skip(f"no real node: {reason}")
    if not enclosure.is_inside():
        pytest.skip("real nodes run in namespaces of their own: `make e2e` makes them")
    ours = Workspace.from_environment()
    sites = ours.home / "sites"
    shutil.copytree(SITES, sites, dirs_exist_ok=True)
    return Workspace(project=ROOT, sites=sites, home=ours.home, cache=ours.cache)


@pytest.fixture(scope="session")
def summit(workspace: Workspace, report: Report) -> Iterator[Stand]:
    """The small Summit, deployed."""
    stand = Stand.of(workspace, "e2e-summit")
    with report.timed("1", "cluster of e2e-summit started", aim=30):
        stand.site.start()
    with report.timed("1", "e2e-summit deployed, from an empty cluster"):
        stand.site.up()
    yield stand
    stand.collect_logs()


@pytest.fixture(scope="session")
def database(summit: Stand) -> Iterator[PostgreSql]:  # noqa: ARG001 -- its node has the bridge
    """Somebody else's PostgreSQL: a process of the outside world, which is there once a node is."""
    lan.announce(lan.OUTSIDE, [DATABASE_HOST])
    with postgresql_server(DATABASE_HOST, lan.OUTSIDE, DATABASE_PORT) as server:
        yield server


@pytest.fixture(scope="session")
def ldf(
    workspace: Workspace, summit: Stand, database: PostgreSql, report: Report
) -> Iterator[Stand]:
    """The small data facility, deployed, with its link to the Summit."""
    stand = Stand.of(workspace, "e2e-ldf")
    stand.site.start()
    with report.timed("7", "e2e-ldf deployed, from an empty cluster"):
        stand.site.up([summit.mirror_login(), database_login(database)])
    yield stand
    stand.collect_logs()


def database_login(database: PostgreSql) -> OutsideSecret:
    """What whoever runs the consolidated database gives to the data facility."""
    values = {"username": USER, "password": PASSWORD, "ca.crt": database.authority}
    return OutsideSecret(STREAMING, "consolidated-database", values)


@pytest.fixture(scope="session")
def outage(summit: Stand, ldf: Stand, report: Report) -> Ledger:
    """Records sent while, for two minutes, InfluxDB was away and the mirror's link was cut.

    The two have nothing to do with each other, so they share their time.
    """
    with load(summit, "outage", "--seed=61", "--csc", "Outage", "--rate=300") as producer:
        time.sleep(10)
        with summit.away("influxdb", "influxdb-0"), lan.cut(ldf.site.at, summit.site.at):
            time.sleep(OUTAGE)
        summit.wait_ready("influxdb")
        time.sleep(5)
        with report.timed("6", "InfluxDB has caught up after, at most"):
            with report.timed("7", "the mirror has caught up after, at most"):
                ledger = producer.stop()
                wait_until_even(summit, ldf, 300)
            arrivals.wait(summit.influx, ledger, 300)
    return ledger
