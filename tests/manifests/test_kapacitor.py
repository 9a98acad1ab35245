"""Kapacitor's settings, and the files of its load directory."""

import json
import tomllib
from typing import Any

import pytest

from efd_infra.config.alerts import HandlersSection
from efd_infra.config.parsing import parse_site
from efd_infra.manifests.alerts.rules import alert_rules
from efd_infra.manifests.kapacitor import handler_files, kapacitor_conf, rule_files
from tests.support.full_site import full_site, unmeasured
from tests.support.site_case import FULL

_KAPACITOR = FULL.site.timeseries.kapacitor
assert _KAPACITOR is not None
_HANDLERS = _KAPACITOR.handlers
_URL = "http://influxdb.influxdb:8086"
_TEXT = kapacitor_conf(influxdb_url=_URL, handlers=_HANDLERS)
_SETTINGS = tomllib.loads(_TEXT)


def _handlers() -> dict[str, dict[str, Any]]:
    return {name: json.loads(text) for name, text in handler_files(_HANDLERS).items()}


def test_influxdb_can_resolve_its_name() -> None:
    assert _SETTINGS["hostname"] == "kapacitor-kapacitor.kapacitor"


def test_no_write_is_pushed_to_it() -> None:
    (influxdb,) = _SETTINGS["influxdb"]
    assert influxdb["disable-subscriptions"] is True, "or InfluxDB sends every point twice"


def test_no_credential_is_in_the_file() -> None:
    assert "password" not in _TEXT
    assert "username" not in _TEXT
    assert "token" not in _TEXT
    (webhook,) = _SETTINGS["httppost"]
    assert webhook["url"].endswith(".invalid"), "the variable of the container takes its place"
    assert "url" not in _SETTINGS["slack"][0]


def test_everything_is_kept_on_the_claim() -> None:
    places = [
        _SETTINGS["data_dir"],
        _SETTINGS["storage"]["boltdb"],
        _SETTINGS["replay"]["dir"],
        _SETTINGS["task"]["dir"],
    ]
    elsewhere = [place for place in places if not place.startswith("/var/lib/kapacitor")]
    assert not elsewhere, "the root file system is read-only"


def test_each_task_is_of_a_template_that_lies_beside_it() -> None:
    files = rule_files("full", alert_rules(FULL.site))
    for text in files["tasks"].values():
        task = json.loads(text)
        assert f"{task['template-id']}.tick" in files["templates"]
        assert task["dbrps"][0]["rp"] == "autogen"


def test_without_rules_there_is_no_template_either() -> None:
    site = parse_site(unmeasured(full_site()))
    assert rule_files("full", []) == {}
    assert len(rule_files("full", alert_rules(site))["tasks"]) == 2, "points of CSCs are watched"


def test_each_handler_has_a_file_that_names_its_topic() -> None:
    assert _handlers() == {
        "slack.json": {
            "id": "slack",
            "topic": "warning",
            "kind": "slack",
            "options": {"channel": "#efd-alerts"},
        },
        "email.json": {
            "id": "email",
            "topic": "critical",
            "kind": "smtp",
            "options": {"to": ["efd-oncall@example.org"]},
        },
        "webhook.json": {
            "id": "webhook",
            "topic": "critical",
            "kind": "post",
            "options": {"endpoint": "webhook"},
        },
    }


def test_a_handler_that_is_gone_is_found_again() -> None:
    """Kapacitor strips the letters of its folder from the front of the topic's name."""
    for handler in _handlers().values():
        stored = f"handlers/{handler['topic']}/{handler['id']}"
        assert stored.lstrip("handlers/") == f"{handler['topic']}/{handler['id']}"


@pytest.mark.parametrize("kind", ["slack", "smtp", "httppost"])
def test_a_service_that_nobody_asked_for_is_not_set_up(kind: str) -> None:
    assert kind in _SETTINGS
    assert kind not in tomllib.loads(kapacitor_conf(influxdb_url=_URL, handlers=HandlersSection()))


def test_it_reports_nothing_to_its_makers() -> None:
    assert _SETTINGS["reporting"]["enabled"] is False
