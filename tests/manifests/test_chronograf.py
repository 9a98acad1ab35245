"""Chronograf's connections."""

import json

from efd_infra.manifests.chronograf import chronograf_kapacitor, chronograf_source

_SOURCE = json.loads(
    chronograf_source(
        influxdb_url="http://influxdb.influxdb:8086",
        username="chronograf",
        password="secret",  # noqa: S106 -- no real one
        telegraf_database="telegraf",
        default_retention_policy="autogen",
    )
)
_KAPACITOR = json.loads(chronograf_kapacitor(kapacitor_url="http://kapacitor:9092"))


def test_identifiers_are_text() -> None:
    assert isinstance(_SOURCE["id"], str), "Chronograf refuses a number"
    assert isinstance(_KAPACITOR["id"], str)
    assert isinstance(_KAPACITOR["srcId"], str)


def test_kapacitor_belongs_to_the_source() -> None:
    assert _KAPACITOR["srcId"] == _SOURCE["id"]


def test_both_belong_to_the_organization_that_chronograf_makes() -> None:
    assert _SOURCE["organization"] == _KAPACITOR["organization"] == "default"


def test_kapacitor_has_no_type() -> None:
    assert "type" not in _KAPACITOR, "Chronograf shows a typed one as another kind of service"


def test_the_source_is_the_one_that_users_see_first() -> None:
    assert _SOURCE["default"] is True
    assert _SOURCE["type"] == "influx"
    assert _SOURCE["telegraf"] == "telegraf"
    assert _SOURCE["defaultRP"] == "autogen"


def test_the_source_is_not_taken_for_influxdb_2() -> None:
    assert _SOURCE["version"], "an empty version means InfluxDB 2 to Chronograf"
