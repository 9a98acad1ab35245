"""The addresses of SQR-034's tables, letter by letter, against what a run of each site tells.

Taken by hand from the technote's text of November 2021, in its order and with its words, and never
computed: a change of the code cannot change both sides of the comparison.
"""

import pytest

from tests.support.site_case import SITES

_INSIDE = "cp-helm-charts-cp-kafka-headless.cp-helm-charts:9092"

_TABLE = (
    # Summit EFD
    ("summit", "Chronograf", "https://chronograf-summit-efd.lsst.codes:30828"),
    ("summit", "InfluxDB HTTP API", "https://influxdb-summit-efd.lsst.codes:30828"),
    ("summit", "Schema Registry", "https://schema-registry-summit-efd.lsst.codes:30828"),
    ("summit", "Kafka Broker", "kafka-0-summit-efd.lsst.codes:31090"),
    ("summit", "Kafka Broker (internal)", _INSIDE),  # the note below the list
    ("summit", "Kafdrop UI", "https://kafdrop-summit-efd.lsst.codes:30828"),
    # NTS EFD
    ("nts", "Chronograf", "https://lsst-chronograf-nts-efd.ncsa.illinois.edu"),
    ("nts", "InfluxDB HTTP API", "https://lsst-influxdb-nts-efd.ncsa.illinois.edu"),
    ("nts", "Schema Registry", "https://lsst-schema-registry-nts-efd.ncsa.illinois.edu"),
    ("nts", "Kafka Broker (internal)", _INSIDE),
    ("nts", "Kafdrop UI", "https://lsst-kafka-0-nts-efd.ncsa.illinois.edu"),
    # Tucson Test Stand EFD
    ("tucson", "Chronograf", "https://chronograf-tucson-teststand-efd.lsst.codes"),
    ("tucson", "InfluxDB HTTP API", "https://influxdb-tucson-teststand-efd.lsst.codes"),
    ("tucson", "Schema Registry", "https://schema-registry-tucson-teststand-efd.lsst.codes"),
    ("tucson", "Kafka Broker (internal)", _INSIDE),
    ("tucson", "Kafdrop UI", "https://kafdrop-tucson-teststand-efd.lsst.codes"),
    # LDF EFD
    ("ldf", "Chronograf", "https://lsst-chronograf-efd.ncsa.illinois.edu"),
    ("ldf", "InfluxDB HTTP API", "https://lsst-influxdb-efd.ncsa.illinois.edu"),
    ("ldf", "Schema Registry", "https://lsst-schema-registry-efd.ncsa.illinois.edu"),
    ("ldf", "Kafka Broker (internal)", _INSIDE),
    # LDF EFD on int
    ("ldf-int", "Chronograf", "https://lsst-chronograf-int-efd.ncsa.illinois.edu"),
    ("ldf-int", "InfluxDB HTTP API", "https://lsst-influxdb-int-efd.ncsa.illinois.edu"),
    ("ldf-int", "Schema Registry", "https://lsst-schema-registry-int-efd.ncsa.illinois.edu"),
    ("ldf-int", "Kafka Broker (internal)", _INSIDE),
    # Base EFD
    ("base", "Chronograf", "https://chronograf-base-efd.lsst.codes"),
    ("base", "InfluxDB HTTP API", "https://influxdb-base-efd.lsst.codes"),
    ("base", "Schema Registry", "https://schema-registry-base-efd.lsst.codes"),
    ("base", "Kafka Broker (internal)", _INSIDE),
    ("base", "Kafdrop UI", "https://kafdrop-base-efd.lsst.codes"),
    # Sandbox EFD, whose list is there as a comment
    ("sandbox", "Chronograf", "https://chronograf-sandbox-efd.lsst.codes"),
    ("sandbox", "InfluxDB HTTP API", "https://influxdb-sandbox-efd.lsst.codes"),
    ("sandbox", "Schema Registry", "https://schema-registry-sandbox-efd.lsst.codes"),
    ("sandbox", "Kafka Broker (internal)", _INSIDE),
    ("sandbox", "Kafdrop UI", "https://kafdrop-sandbox-efd.lsst.codes"),
)
"""Site, service as the technote calls it, and address."""

_QUICK_ACCESS = (
    ("summit", "https://chronograf-summit-efd.lsst.codes:30828", "summit_efd"),
    ("nts", "https://lsst-chronograf-nts-efd.ncsa.illinois.edu", "ncsa_teststand_efd"),
    ("tucson", "https://chronograf-tucson-teststand-efd.lsst.codes", "tucson_teststand_efd"),
    ("ldf", "https://lsst-chronograf-efd.ncsa.illinois.edu", "ldf_stable_efd"),
    ("base", "https://chronograf-base-efd.lsst.codes", "base_efd"),
)
"""The table at the technote's beginning: instance, Chronograf, EFD client."""

_OUTPUTS = {
    "Chronograf": "chronografUrl",
    "InfluxDB HTTP API": "influxdbUrl",
    "Schema Registry": "schemaRegistryUrl",
    "Kafka Broker": "kafkaExternalBootstrap",
    "Kafka Broker (internal)": "kafkaBootstrap",
    "Kafdrop UI": "kafdropUrl",
}
"""What a stack calls each."""

_CASES = {case.name: case for case in SITES}


def test_every_site_of_the_technote_is_here_and_no_other() -> None:
    assert {site for site, _, _ in _TABLE} == set(_CASES) - {"local"}


@pytest.mark.parametrize(("site", "service", "address"), _TABLE)
def test_a_printed_address_is_an_output(site: str, service: str, address: str) -> None:
    assert _CASES[site].run.outputs.get(_OUTPUTS[service]) == address


@pytest.mark.parametrize(
    ("site", "address"), [(s, a) for s, _, a in _TABLE if a.startswith("https")]
)
def test_a_printed_host_is_served(site: str, address: str) -> None:
    run = _CASES[site].run
    served = {rule["host"] for i in run.of_kind("Ingress") for rule in i.spec["rules"]}
    assert address.removeprefix("https://").partition(":")[0] in served


@pytest.mark.parametrize(("site", "chronograf", "alias"), _QUICK_ACCESS)
def test_the_table_at_the_beginning_is_true(site: str, chronograf: str, alias: str) -> None:
    outputs = _CASES[site].run.outputs
    assert outputs["chronografUrl"] == chronograf
    assert set(outputs["efdClient"]) == {alias}


def test_the_client_knows_no_other_site() -> None:
    known = {site for site, _, _ in _QUICK_ACCESS}
    assert {name for name, case in _CASES.items() if "efdClient" in case.run.outputs} == known


def test_what_is_served_beyond_the_technote_is_known() -> None:
    """A Kafdrop stood at the data facility too, under the name of a broker."""
    printed = {(site, _OUTPUTS[service]) for site, service, _ in _TABLE}
    more = {
        (name, output): address
        for name, case in _CASES.items()
        for output, address in case.run.outputs.items()
        if output.endswith("Url") and (name, output) not in printed and name != "local"
    }
    assert more == {("ldf", "kafdropUrl"): "https://lsst-kafka-0-efd.ncsa.illinois.edu"}
