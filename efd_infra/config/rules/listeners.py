"""Rules of the ways in to Kafka's brokers."""

from collections.abc import Iterator

from efd_infra.config.mistake import Mistake
from efd_infra.config.published_name import web_hosts
from efd_infra.config.site import Site

_EXTERNAL = "streaming.kafka.external"


def load_balancers_are_told_apart(site: Site) -> Iterator[Mistake]:
    """Load balancers share one port, so that a client knows a broker by its name alone."""
    external, brokers = site.streaming.kafka.external, site.streaming.kafka.brokers
    if not external or external.type != "LoadBalancer":
        return
    hosts = {external.listener.advertised.host(broker) for broker in range(brokers)}
    if len(hosts) < brokers:
        yield Mistake(
            f"{_EXTERNAL}.advertised",
            external.advertised or "nothing",
            "a name with {broker}, because load balancers all have the same port",
        )
    for path, host in web_hosts(site).items():
        if host in {*hosts, external.bootstrap}:
            yield Mistake(path, host, "a name that leads to no load balancer of a broker")


def external_settings_belong_to_their_type(site: Site) -> Iterator[Mistake]:
    """A setting of the other type of Service would do nothing."""
    external, brokers = site.streaming.kafka.external, site.streaming.kafka.brokers
    if not external:
        return
    addresses = external.addresses
    if external.type == "LoadBalancer" and "first_node_port" in external.model_fields_set:
        given = str(external.first_node_port)
        yield Mistake(f"{_EXTERNAL}.firstNodePort", given, "absent with type LoadBalancer")
    if not addresses:
        return
    if external.type == "NodePort":
        yield Mistake(f"{_EXTERNAL}.addresses", ", ".join(addresses), "absent with type NodePort")
    elif len(addresses) != brokers or len(set(addresses)) != brokers:
        given = ", ".join(addresses)
        yield Mistake(f"{_EXTERNAL}.addresses", given, f"{brokers} addresses, one for each broker")


RULES = (load_balancers_are_told_apart, external_settings_belong_to_their_type)
