"""Each alert rule over recorded data in a real InfluxDB: it is raised, or it is not.

Kapacitor's own part is played by ``tests/support/alert_task.py``; where a real one is on PATH,
``test_kapacitor.py`` replays the same data through it.
"""

import time
from collections.abc import Iterator

import pytest

from efd_infra.config.identifier import Identifier
from efd_infra.config.influxdb_user import InfluxDbUser
from efd_infra.config.timeseries import DatabaseSection
from efd_infra.manifests.alerts.rule import Rule
from efd_infra.manifests.alerts.rules import every_rule
from efd_infra.manifests.kapacitor import rule_files
from tests.support.alert_task import AlertTask
from tests.support.influx_server import InfluxServer, influx_server
from tests.support.recorded import RECORDED
from tests.support.site_case import FULL

pytestmark = pytest.mark.engine

RULES = {rule.signal.name: rule for rule in reversed([*every_rule(FULL.site)])}
"""The first rule of each signal."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    with influx_server(
        tmp_path_factory.mktemp("influxdb"), FULL.site.timeseries.influxdb
    ) as running:
        done = running.set_up(
            [InfluxDbUser(name="admin", admin=True)], [DatabaseSection(name=Identifier("efd"))]
        )
        assert done.returncode == 0, done.stderr
        yield running


def _levels(server: InfluxServer, rule: Rule, *, raised: bool) -> dict[str, str]:
    """Return what the rule says of its recorded data, alone in a new database."""
    database, now = rule.query.database, int(time.time())
    server.series(f'DROP DATABASE "{database}"')
    server.series(f'CREATE DATABASE "{database}"')
    lines = list(RECORDED[rule.signal.name].lines(rule, now, raised=raised))
    server.write(lines, database)
    files = rule_files("full", [rule])
    template = files["templates"][f"{rule.shape}.tick"]
    return AlertTask(files["tasks"][f"{rule.name}.json"], template).levels(server, now)


def test_there_are_data_for_every_signal() -> None:
    assert set(RECORDED) == set(RULES)


@pytest.mark.parametrize("signal", RECORDED)
def test_it_is_raised_by_what_it_watches_for(server: InfluxServer, signal: str) -> None:
    rule, recorded = RULES[signal], RECORDED[signal]
    levels = _levels(server, rule, raised=True)
    raised = {name: level for name, level in levels.items() if level != "OK"}
    assert raised == {f"{rule.name}{recorded.name}": recorded.level}


@pytest.mark.parametrize("signal", RECORDED)
def test_it_is_not_raised_by_what_passes(server: InfluxServer, signal: str) -> None:
    levels = _levels(server, RULES[signal], raised=False)
    assert set(levels.values()) == {"OK"}, "and there is an answer: no answer ends no alert"
