"""Kapacitor's settings."""

import tomllib

from efd_infra.manifests.kapacitor import kapacitor_conf

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


def test_it_reports_nothing_to_its_makers() -> None:
    assert _SETTINGS["reporting"]["enabled"] is False
