"""Public addresses and listeners, from which every consumer is derived."""

from efd_infra.config.endpoint import Endpoint
from efd_infra.config.listener import internal_listener
from efd_infra.config.parsing import parse_site
from tests.support.full_site import changed, full_site, without


def test_the_scheme_s_own_port_is_left_out_of_an_address() -> None:
    assert Endpoint(host="a.example.org").url == "https://a.example.org"


def test_any_other_port_is_part_of_an_address() -> None:
    assert Endpoint(host="a.example.org", port=30828).url == "https://a.example.org:30828"


def test_each_broker_advertises_its_own_name_and_node_port() -> None:
    (*_, external) = parse_site(full_site()).streaming.kafka.listeners
    assert [external.address(broker) for broker in range(4)] == [
        "kafka-0.example.org:31190",
        "kafka-1.example.org:31191",
        "kafka-2.example.org:31192",
        "kafka-3.example.org:31193",
    ]


def test_brokers_advertise_the_bootstrap_name_where_they_have_none_of_their_own() -> None:
    site = without(full_site(), "streaming.kafka.external.advertised")
    (*_, external) = parse_site(site).streaming.kafka.listeners
    assert external.address(3) == "kafka.example.org:31193"


def test_without_an_external_section_brokers_listen_inside_only() -> None:
    site = parse_site(without(full_site(), "streaming.kafka.external", "streaming.kafka.users"))
    names = [listener.name for listener in site.streaming.kafka.listeners]
    assert names == ["REPLICATION", "INTERNAL", "SERVICES"]


def test_inside_the_cluster_each_broker_has_a_name_and_all_share_a_port() -> None:
    internal = internal_listener(anonymous=False)
    assert [internal.address(broker) for broker in (0, 2)] == [
        "cp-helm-charts-cp-kafka-0.cp-helm-charts-cp-kafka-headless.cp-helm-charts:9092",
        "cp-helm-charts-cp-kafka-2.cp-helm-charts-cp-kafka-headless.cp-helm-charts:9092",
    ]


def test_the_quorum_has_three_voters_or_one() -> None:
    kafka = "streaming.kafka"
    site = changed(
        changed(full_site(), f"{kafka}.replicationFactor", 1), f"{kafka}.minInSyncReplicas", 1
    )
    site = without(changed(site, f"{kafka}.storage.size", "9Ti"), "replication")
    voters = {
        brokers: parse_site(changed(site, f"{kafka}.brokers", brokers)).streaming.kafka.controllers
        for brokers in (1, 2, 3, 5)
    }
    assert voters == {1: 1, 2: 1, 3: 3, 5: 3}, "two voters would be worse than one"
