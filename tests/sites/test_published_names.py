"""What a site asks of DNS and of its certificate, and that it watches over every name."""

import tomllib

import pytest

from rendering.engine import run_program
from rendering.recording import Run
from tests.support.full_site import changed, full_site
from tests.support.site_case import SITES

_BALANCED = {
    "type": "LoadBalancer",
    "bootstrap": "kafka.example.org",
    "advertised": "kafka-{broker}.example.org",
}


def _hosts(run: Run) -> set[str]:
    """Return every host that users of the site are told of."""
    brokers = run.outputs.get("kafkaExternalBrokers", [])
    addresses = [*brokers, run.outputs.get("kafkaExternalBootstrap")]
    pages = {rule["host"] for i in run.of_kind("Ingress") for rule in i.spec["rules"]}
    return pages | {address.partition(":")[0] for address in addresses if address}


def test_every_address_has_a_dns_record_and_a_name_in_the_certificate(run: Run) -> None:
    hosts = _hosts(run)
    assert set(run.outputs["dnsRecords"]) == hosts
    assert run.outputs["certificateNames"] == sorted(hosts)


def test_one_host_may_be_a_broker_and_a_page() -> None:
    """As at NCSA, whose Ingress controller answers on the nodes."""
    (ldf,) = [site for site in SITES if site.name == "ldf"]
    records = ldf.run.outputs["dnsRecords"]
    assert records["lsst-kafka-0-efd.ncsa.illinois.edu"] == ["ingress", "nodes"]
    assert records["lsst-influxdb-efd.ncsa.illinois.edu"] == ["ingress"]


def test_each_load_balancer_has_a_name_and_an_address_of_its_own() -> None:
    pinned = {**_BALANCED, "addresses": [f"192.0.2.{broker}" for broker in range(4)]}
    run = run_program(changed(full_site(), "streaming.kafka.external", pinned))
    records = run.outputs["dnsRecords"]
    every = [f"cp-helm-charts-cp-kafka-{broker}-loadbalancer" for broker in range(4)]
    for broker, name in enumerate(every):
        assert records[f"kafka-{broker}.example.org"] == [f"service cp-helm-charts/{name}"]
        service = run.one("Service", name)
        assert service.spec["type"] == "LoadBalancer"
        assert service.spec["loadBalancerIP"] == f"192.0.2.{broker}"
        assert service.spec["publishNotReadyAddresses"], "a broker that catches up leads too"
        (port,) = service.spec["ports"]
        assert run.outputs["kafkaExternalBrokers"][broker] == (
            f"kafka-{broker}.example.org:{port['port']}"
        )
        pod = service.spec["selector"]["statefulset.kubernetes.io/pod-name"]
        assert pod == f"cp-helm-charts-cp-kafka-{broker}"
    assert records["kafka.example.org"] == [f"service cp-helm-charts/{name}" for name in every]
    assert run.outputs["kafkaExternalBootstrap"] == "kafka.example.org:9094"


def test_with_load_balancers_no_node_port_is_asked_for() -> None:
    run = run_program(changed(full_site(), "streaming.kafka.external", _BALANCED))
    assert {s.spec["type"] for s in run.of_kind("Service")} == {"ClusterIP", "LoadBalancer"}
    addresses = [s.spec.get("loadBalancerIP") for s in run.of_kind("Service")]
    assert set(addresses) == {None}, "the cluster chooses"


def test_the_certificate_of_every_name_is_watched(run: Run) -> None:
    if "telegraf" not in {workload.object_name for workload in run.workloads}:
        pytest.skip("the site has no Telegraf")
    settings = tomllib.loads(run.texts("ConfigMap", "telegraf-settings")["telegraf.conf"])
    watched = {each["server_name"] for each in settings["inputs"]["x509_cert"]}
    assert watched == set(run.outputs["certificateNames"])


def test_a_broker_is_watched_at_its_pod(run: Run) -> None:
    """Where it shows what it has, and no load balancer or other broker comes between."""
    if "telegraf" not in {workload.object_name for workload in run.workloads}:
        pytest.skip("the site has no Telegraf")
    settings = tomllib.loads(run.texts("ConfigMap", "telegraf-settings")["telegraf.conf"])
    looked_at = {source for each in settings["inputs"]["x509_cert"] for source in each["sources"]}
    brokers = len(run.outputs.get("kafkaExternalBrokers", []))
    headless = "cp-helm-charts-cp-kafka-headless.cp-helm-charts"
    assert {source for source in looked_at if source.startswith("tcp")} == {
        f"tcp://cp-helm-charts-cp-kafka-{broker}.{headless}:19092" for broker in range(brokers)
    }
