"""What a site decides about its flows."""

from typing import Any

import pytest

from efd_infra.config.parsing import parse_site
from efd_infra.manifests.flow import Flow
from efd_infra.manifests.flows import site_flows
from efd_infra.manifests.peers import ANYWHERE, Namespaces, Networks, Ports, titles
from tests.support.full_site import changed, full_site, unmeasured, without


def _flows(data: dict[str, Any]) -> dict[str, Flow]:
    return {flow.name: flow for flow in site_flows(parse_site(data))}


def test_a_mirror_reads_from_as_many_ports_as_there_may_be_brokers() -> None:
    flow = _flows(full_site())["mirror-maker-to-source"]
    assert (flow.targets, flow.ports) == ((ANYWHERE,), (Ports(31090, 31188),))


def test_files_go_to_the_port_of_the_archive_s_store() -> None:
    flow = _flows(full_site())["connect-to-bucket"]
    assert (flow.targets, flow.ports) == ((ANYWHERE,), (Ports(9444, 9444),))
    assert titles(flow.sources) == ("kafka-connect",)
    usual = changed(full_site(), "archive.parquet.endpoint", "https://s3.example.org")
    assert _flows(usual)["connect-to-bucket"].ports == (Ports(443, 443),)


def test_the_last_port_is_the_last_there_is() -> None:
    site = changed(full_site(), "replication.bootstrap", "kafka.origin.example.org:65500")
    assert _flows(site)["mirror-maker-to-source"].ports == (Ports(65500, 65535),)


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("https://mirror.example.org/jmx.jar", 443),
        ("http://mirror.example.org/jmx.jar", 80),
        ("http://192.0.2.1:8000/jmx.jar", 8000),
    ],
)
def test_the_agent_is_fetched_where_the_site_says(url: str, port: int) -> None:
    flow = _flows(changed(full_site(), "images.jmxExporter.url", url))["fetch-jmx-exporter"]
    assert flow.ports == (Ports(port, port),)


def test_clients_are_the_namespaces_that_the_site_names() -> None:
    flow = _flows(full_site())["clients-to-influxdb"]
    assert flow.sources == (Namespaces("clients in the cluster", ("notebooks", "producers")),)


def test_without_names_all_but_the_efd_s_own_are_clients() -> None:
    (peer,) = _flows(without(full_site(), "cluster.clients"))["clients-to-influxdb"].sources
    assert isinstance(peer, Namespaces)
    assert peer.excluded
    assert set(peer.names) >= {"cp-helm-charts", "influxdb", "kafka-connect-manager", "kapacitor"}


def test_dns_is_where_the_site_says() -> None:
    (named,) = _flows(full_site())["dns"].targets
    (usual,) = _flows(without(full_site(), "cluster.dnsRanges"))["dns"].targets
    assert named == Networks("the cluster's DNS", ("169.254.20.10/32",))
    assert usual == Namespaces("the cluster's DNS", ("kube-system",))


def test_what_is_not_there_has_no_flow() -> None:
    site = without(full_site(), "timeseries.kapacitor", "streaming.schemaRegistry.host")
    site = without(site, "streaming.schemaRegistry.sourceRanges", "streaming.kafka.external")
    site = without(unmeasured(site), "streaming.kafka.users", "replication")
    flows = _flows(site)
    ended = {name for flow in flows.values() for name in titles((*flow.sources, *flow.targets))}
    assert not ended & {"kapacitor", "mirror-maker", "telegraf"}
    assert not flows.keys() & {"outside-to-kafka", "ingress-to-schema-registry", "telegraf-to-jmx"}


def test_nothing_reaches_connect_but_workers_and_managers() -> None:
    """Its REST port asks for no login."""
    dialling = {
        f"{source} {port}"
        for flow in _flows(full_site()).values()
        if "kafka-connect" in titles(flow.targets)
        for source in titles(flow.sources)
        for port in flow.ports
    }
    reading = {"telegraf 5556", "telegraf 8084", "backup 8083"}
    assert dialling - reading == {"kafka-connect 8083", "connect-manager 8083"}


def test_kafdrop_is_reached_through_its_login_only() -> None:
    flows = _flows(full_site()).values()
    assert [titles(f.sources) for f in flows if "kafdrop" in titles(f.targets)] == [
        ("oauth2-proxy",)
    ]


def test_who_dials_kapacitor_may_not_dial_kafka_there() -> None:
    """The two have one port number, and a wrong host would be no refused connection."""
    flows = _flows(full_site()).values()
    dialling = {
        software: {
            source
            for flow in flows
            if software in titles(flow.targets) and Ports(9092, 9092) in flow.ports
            for source in titles(flow.sources)
        }
        for software in ("kafka", "kapacitor")
    }
    assert dialling == {"kafka": {"clients in the cluster"}, "kapacitor": {"chronograf", "backup"}}
