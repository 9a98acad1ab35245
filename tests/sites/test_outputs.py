"""What each stack tells, whole and letter by letter, but for passwords.

The addresses that the technote prints are in ``test_technote_addresses.py``, and what the EFD
client is told in ``test_efd_client.py``.
"""

from typing import Any

import pytest

from tests.support.site_case import SITES, SiteCase

_ALWAYS = {"certificateNames", "dnsRecords", "kafkaBootstrap"}
_PAGES = {"chronografUrl", "influxdbUrl", "schemaRegistryUrl"}
_KAFDROP = {"kafdropUrl"}
_CLIENT = {"efdClient"}
_OUTSIDE = {"kafkaExternalBootstrap", "kafkaExternalBrokers", "kafkaUsers"}

_NAMES = {
    "summit": _ALWAYS | _PAGES | _KAFDROP | _CLIENT | _OUTSIDE,
    "nts": _ALWAYS | _PAGES | _KAFDROP | _CLIENT | _OUTSIDE,
    "tucson": _ALWAYS | _PAGES | _KAFDROP | _CLIENT | _OUTSIDE,
    "ldf": _ALWAYS | _PAGES | _KAFDROP | _CLIENT | _OUTSIDE | {"aggregateDatabases"},
    "ldf-int": _ALWAYS | _PAGES | _OUTSIDE,
    "base": _ALWAYS | _PAGES | _KAFDROP | _CLIENT | {"kafkaUsers"},
    "sandbox": _ALWAYS | _PAGES | _KAFDROP | {"kafkaUsers"},
    "local": _ALWAYS | _PAGES | _KAFDROP | _OUTSIDE,
}
"""The names of all outputs of each site."""

_BROKERS = {
    "summit": [
        "kafka-0-summit-efd.lsst.codes:31090",
        "kafka-0-summit-efd.lsst.codes:31091",
        "kafka-0-summit-efd.lsst.codes:31092",
    ],
    "nts": [
        "lsst-kafka-0-nts-efd.ncsa.illinois.edu:31090",
        "lsst-kafka-0-nts-efd.ncsa.illinois.edu:31091",
        "lsst-kafka-0-nts-efd.ncsa.illinois.edu:31092",
    ],
    "tucson": [
        "kafka-0-tucson-teststand-efd.lsst.codes:31090",
        "kafka-0-tucson-teststand-efd.lsst.codes:31091",
        "kafka-0-tucson-teststand-efd.lsst.codes:31092",
    ],
    "ldf": [
        "lsst-kafka-0-efd.ncsa.illinois.edu:31090",
        "lsst-kafka-0-efd.ncsa.illinois.edu:31091",
        "lsst-kafka-0-efd.ncsa.illinois.edu:31092",
    ],
    "ldf-int": [
        "lsst-kafka-0-int-efd.ncsa.illinois.edu:31090",
        "lsst-kafka-0-int-efd.ncsa.illinois.edu:31091",
        "lsst-kafka-0-int-efd.ncsa.illinois.edu:31092",
    ],
    "base": [],
    "sandbox": [],
    "local": [
        "kafka.efd.localhost:31090",
        "kafka.efd.localhost:31091",
        "kafka.efd.localhost:31092",
    ],
}
"""What the brokers of each site advertise outside its cluster; clients begin at the first."""

_USERS = {
    "summit": {"sal-producer", "notebooks", "ldf-mirror", "int-mirror"},
    "nts": {"sal-producer", "notebooks"},
    "tucson": {"sal-producer", "notebooks"},
    "ldf": set(),
    "ldf-int": {"notebooks"},
    "base": {"sal-producer", "notebooks"},
    "sandbox": {"sal-producer", "notebooks"},
    "local": {"producer", "consumer"},
}
"""Who logs in at the brokers of each site."""

_EVERY = pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)


@_EVERY
def test_a_stack_tells_just_this(site: SiteCase) -> None:
    assert set(site.run.outputs) == _NAMES[site.name]


@_EVERY
def test_brokers_are_reached_at_these_addresses(site: SiteCase) -> None:
    brokers = _BROKERS[site.name]
    assert site.run.outputs.get("kafkaExternalBrokers", []) == brokers
    assert site.run.outputs.get("kafkaExternalBootstrap") == (brokers[0] if brokers else None)
    assert site.run.outputs["kafkaBootstrap"] == (
        "cp-helm-charts-cp-kafka-headless.cp-helm-charts:9092"
    )


@_EVERY
def test_users_are_told_this_but_for_their_passwords(site: SiteCase) -> None:
    told: dict[str, dict[str, Any]] = site.run.outputs["kafkaUsers"]
    outside = bool(_BROKERS[site.name])
    assert {name: {**user, "password": "…"} for name, user in told.items()} == {
        name: {
            "security_protocol": "SASL_SSL" if outside else "SASL_PLAINTEXT",
            "mechanism": "SCRAM-SHA-512",
            "username": name,
            "password": "…",
        }
        for name in _USERS[site.name]
    }


@_EVERY
def test_names_lead_to_the_controller_and_the_nodes(site: SiteCase) -> None:
    outputs = site.run.outputs
    pages = {
        address.removeprefix("https://").partition(":")[0]
        for output, address in outputs.items()
        if output in _PAGES | _KAFDROP
    }
    brokers = {address.partition(":")[0] for address in _BROKERS[site.name]}
    assert outputs["dnsRecords"] == {
        host: [*(["ingress"] if host in pages else []), *(["nodes"] if host in brokers else [])]
        for host in pages | brokers
    }
    assert outputs["certificateNames"] == sorted(pages | brokers)
