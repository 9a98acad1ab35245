"""Kapacitor's settings."""

import json
import re
import tomllib

from efd_infra.artifacts import read_artifact
from efd_infra.manifests.kapacitor import expiry_rule, kapacitor_conf

_TEXT = kapacitor_conf(influxdb_url="http://influxdb.influxdb:8086")
_SETTINGS = tomllib.loads(_TEXT)


def test_influxdb_can_resolve_its_name() -> None:
    assert _SETTINGS["hostname"] == "kapacitor-kapacitor.kapacitor"


def test_no_write_is_pushed_to_it() -> None:
    (influxdb,) = _SETTINGS["influxdb"]
    assert influxdb["disable-subscriptions"] is True, "or InfluxDB sends every point twice"


def test_no_credential_is_in_the_file() -> None:
    assert "password" not in _TEXT
    assert "username" not in _TEXT


def test_everything_is_kept_on_the_claim() -> None:
    places = [
        _SETTINGS["data_dir"],
        _SETTINGS["storage"]["boltdb"],
        _SETTINGS["replay"]["dir"],
        _SETTINGS["task"]["dir"],
    ]
    elsewhere = [place for place in places if not place.startswith("/var/lib/kapacitor")]
    assert not elsewhere, "the root file system is read-only"


def test_the_values_of_a_rule_are_those_that_it_asks_for() -> None:
    """Kapacitor refuses a task that misses one, and then loads no rule at all."""
    script = read_artifact("kapacitor/templates/certificate-expiry.tick")
    asked = dict(re.findall(r"^var (\w+) (\w+)$", script, re.MULTILINE))
    task = json.loads(expiry_rule("metrics"))
    assert {name: given["type"] for name, given in task["vars"].items()} == asked
    assert task["dbrps"] == [{"db": "metrics", "rp": "autogen"}]
    assert task["vars"]["database"]["value"] == "metrics"


def test_an_expiring_certificate_is_told_of_long_before() -> None:
    given = json.loads(expiry_rule("telegraf"))["vars"]
    day = 24 * 3600
    assert 7 * day <= given["critical"]["value"] < given["warn"]["value"]
    assert given["warn"]["value"] < 30 * day, "or each renewal of 90 days would begin with an alert"


def test_it_reports_nothing_to_its_makers() -> None:
    assert _SETTINGS["reporting"]["enabled"] is False
