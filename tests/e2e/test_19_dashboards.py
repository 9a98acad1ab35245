"""Dashboards and alerts of the small Summit find what they ask for in what was written here."""

import json

import pytest

from efd_infra.config.sites import sites_in
from efd_infra.manifests.alerts.rule import Shape
from efd_infra.manifests.alerts.rules import alert_rules
from efd_infra.manifests.dashboards.files import dashboard_files
from tests.e2e.report import Report
from tests.e2e.stand import Stand
from tests.support.influxql import as_chronograf_asks

pytestmark = pytest.mark.e2e

SECONDS = 7200
"""That are looked at: longer than this stand's life."""
NOT_YET = ("holt_winters(",)
"""A forecast from days is nothing before there are days."""


def test_every_cell_shows_something(summit: Stand, report: Report) -> None:
    site = sites_in(summit.site.workspace.sites)(summit.site.name)
    assert site
    influx, empty, shown = summit.influx_as_admin("telegraf"), [], 0
    for name, text in dashboard_files(site).items():
        for cell in json.loads(text)["cells"]:
            for query in (each["query"] for each in cell["queries"]):
                if any(word in query for word in NOT_YET):
                    continue
                rows = [
                    value
                    for series in influx.query(as_chronograf_asks(query, SECONDS))
                    for row in series.rows
                    for value in row[1:]
                    if value is not None
                ]
                shown += bool(rows)
                if not rows:
                    empty.append(f"{name}: {cell['name']}: {query}")
    report.add(
        "19", "queries of dashboards that find what they show", shown, aim=shown + len(empty)
    )
    assert not empty, "\n".join(empty)


def test_every_rule_has_data_to_judge(summit: Stand, report: Report) -> None:
    site = sites_in(summit.site.workspace.sites)(summit.site.name)
    assert site
    influx, empty, judged = summit.influx_as_admin("telegraf"), [], 0
    for rule in alert_rules(site):
        if rule.shape is Shape.FORECAST:
            continue
        text = rule.query.text
        span = f"{'AND' if ' WHERE ' in text else 'WHERE'} time > now() - {SECONDS}s"
        asked = f"{text} {span} GROUP BY time(1m) FILL(none)"
        rows = [row for series in influx.query(asked) for row in series.rows]
        judged += bool(rows)
        if not rows:
            empty.append(f"{rule.name}: {text}")
    report.add("19", "rules of alerts that find what they watch", judged, aim=judged + len(empty))
    assert not empty, "\n".join(empty)
