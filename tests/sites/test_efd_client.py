"""What the EFD client is told of a site, letter by letter, as its credential service words it.

``lsst-sqre/segwarides`` hands out one JSON document for each alias; ``lsst-sqre/lsst-efd-client``
takes these six keys from it, and asks for the server's health before anything else.
"""

import json
from typing import Any
from urllib.parse import urljoin

import pytest

from rendering.monitor import CANARY
from rendering.recording import Run
from tests.support.site_case import CASES, FULL, SiteCase

_TOLD: dict[str, dict[str, dict[str, str]]] = {
    "summit": {
        "summit_efd": {
            "host": "influxdb-summit-efd.lsst.codes",
            "port": "30828",
            "path": "/",
            "schema_registry": "https://schema-registry-summit-efd.lsst.codes:30828",
            "username": "efdreader",
        }
    },
    "nts": {
        "ncsa_teststand_efd": {
            "host": "lsst-influxdb-nts-efd.ncsa.illinois.edu",
            "port": "443",
            "path": "/",
            "schema_registry": "https://lsst-schema-registry-nts-efd.ncsa.illinois.edu",
            "username": "efdreader",
        }
    },
    "tucson": {
        "tucson_teststand_efd": {
            "host": "influxdb-tucson-teststand-efd.lsst.codes",
            "port": "443",
            "path": "/",
            "schema_registry": "https://schema-registry-tucson-teststand-efd.lsst.codes",
            "username": "efdreader",
        }
    },
    "ldf": {
        "ldf_stable_efd": {
            "host": "lsst-influxdb-efd.ncsa.illinois.edu",
            "port": "443",
            "path": "/",
            "schema_registry": "https://lsst-schema-registry-efd.ncsa.illinois.edu",
            "username": "efdreader",
        }
    },
    "base": {
        "base_efd": {
            "host": "influxdb-base-efd.lsst.codes",
            "port": "443",
            "path": "/",
            "schema_registry": "https://schema-registry-base-efd.lsst.codes",
            "username": "efdreader",
        }
    },
    "full": {
        "full_efd": {
            "host": "influxdb.example.org",
            "port": "8443",
            "path": "/",
            "schema_registry": "https://registry.example.org:8443",
            "username": "efdreader",
        }
    },
}


@pytest.mark.parametrize("case", [c for c in CASES if c.name in _TOLD], ids=lambda case: case.name)
def test_the_document_of_an_alias_is_the_service_s(case: SiteCase) -> None:
    told: dict[str, dict[str, Any]] = json.loads(json.dumps(case.run.outputs["efdClient"]))
    passwords = {alias: document.pop("password") for alias, document in told.items()}
    assert told == _TOLD[case.name]
    for alias, password in passwords.items():
        assert password.startswith(CANARY), "the one that InfluxDB is given"
        assert ("efdClient", alias, "password") in case.run.secret_outputs


def test_every_site_that_the_client_knows_is_told_of_here() -> None:
    assert {case.name for case in CASES if case.site.alias} == set(_TOLD)


def test_a_site_without_an_alias_tells_nothing(case: SiteCase, run: Run) -> None:
    assert ("efdClient" in run.outputs) is (case.site.alias is not None)


def test_the_client_finds_the_server_s_health_and_the_registry() -> None:
    """As it puts addresses together, now and in 2021."""
    (told,) = FULL.run.outputs["efdClient"].values()
    base = f"https://{told['host']}:{told['port']}"
    assert base == FULL.run.outputs["influxdbUrl"]
    assert urljoin(base, f"{told['path']}health") == "https://influxdb.example.org:8443/health"
    assert told["schema_registry"] + ":" + told["port"], "a number would end it here"


def test_readers_are_told_where_aggregates_are() -> None:
    told = {
        case.name: case.run.outputs["aggregateDatabases"]
        for case in CASES
        if "aggregateDatabases" in case.run.outputs
    }
    assert told == {"ldf": ["aggregates"], "full": ["archive"]}
