"""Rules of the ways in to Kafka's brokers."""

from typing import Any

from tests.support.full_site import changed, full_site
from tests.support.refusal import mistakes

_EXTERNAL = "streaming.kafka.external"


def _external(**said: object) -> dict[str, Any]:
    section = {"bootstrap": "kafka.example.org", "advertised": "kafka-{broker}.example.org"}
    return changed(full_site(), _EXTERNAL, {**section, **said})


def test_load_balancers_with_names_of_their_own_are_accepted() -> None:
    assert mistakes(_external(type="LoadBalancer")) == []


def test_load_balancers_that_share_a_name_are_refused() -> None:
    """They share the port too, so that every broker would be every other."""
    assert mistakes(_external(type="LoadBalancer", advertised="kafka.example.org")) == [
        (
            f"{_EXTERNAL}.advertised: given kafka.example.org; allowed: a name with {{broker}}, "
            "because load balancers all have the same port"
        )
    ]


def test_load_balancers_without_a_name_of_their_own_are_refused() -> None:
    section = {"bootstrap": "kafka.example.org", "type": "LoadBalancer"}
    (mistake,) = mistakes(changed(full_site(), _EXTERNAL, section))
    assert mistake.startswith(f"{_EXTERNAL}.advertised: given nothing; allowed: a name with")


def test_a_page_at_a_load_balancer_s_name_is_refused() -> None:
    site = changed(_external(type="LoadBalancer"), "streaming.kafdrop.host", "kafka-1.example.org")
    assert mistakes(site) == [
        (
            "streaming.kafdrop.host: given kafka-1.example.org; "
            "allowed: a name that leads to no load balancer of a broker"
        )
    ]


def test_a_page_at_a_node_s_name_is_accepted() -> None:
    assert mistakes(_external(bootstrap="kafdrop.example.org")) == [], "as at NCSA"


def test_a_node_port_of_a_load_balancer_is_refused() -> None:
    assert mistakes(_external(type="LoadBalancer", firstNodePort=31190)) == [
        f"{_EXTERNAL}.firstNodePort: given 31190; allowed: absent with type LoadBalancer"
    ]


def test_addresses_of_node_ports_are_refused() -> None:
    assert mistakes(_external(addresses=["192.0.2.1"])) == [
        f"{_EXTERNAL}.addresses: given 192.0.2.1; allowed: absent with type NodePort"
    ]


def test_every_load_balancer_has_an_address_or_none() -> None:
    for addresses in (["192.0.2.1"], ["192.0.2.1"] * 4):
        (mistake,) = mistakes(_external(type="LoadBalancer", addresses=addresses))
        assert mistake.endswith("allowed: 4 addresses, one for each broker")
