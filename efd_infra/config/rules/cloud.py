"""Rules of clusters in the cloud."""

from collections.abc import Iterator

from efd_infra.config.mistake import Mistake
from efd_infra.config.prices import MACHINES, hourly_cost
from efd_infra.config.published_name import broker_hosts
from efd_infra.config.site import Site

_LONGEST_NAME = 26
"""An account, which the nodes have too, has a name of 30 characters at most, with ``efd-``."""


def machines_have_a_price(site: Site) -> Iterator[Mistake]:
    """A machine whose price is unknown would make every limit of costs worthless."""
    if site.cloud and site.cloud.machine_type not in MACHINES:
        yield Mistake("cloud.machineType", site.cloud.machine_type, f"one of {', '.join(MACHINES)}")


def costs_stay_below_their_limit(site: Site) -> Iterator[Mistake]:
    """What the site is estimated to cost, with as many nodes as there may be, is not too much."""
    if site.cloud is None or site.cloud.machine_type not in MACHINES:
        return
    cost = hourly_cost(site)
    if cost > site.cloud.hourly_limit:
        yield Mistake(
            "cloud.hourlyLimit",
            f"{site.cloud.hourly_limit:.2f}",
            f"at least {cost:.2f} US dollars, what the site is estimated to cost in an hour; or "
            "fewer nodes, smaller machines, smaller stores",
        )


def nothing_outlasts_its_cluster(site: Site) -> Iterator[Mistake]:
    """A protected store would keep the cluster, and its costs, from ending."""
    if site.cloud and site.cluster.durable:
        yield Mistake("cluster.durable", "true", "false in a site with a cluster that ends")


def nodes_can_be_there(site: Site) -> Iterator[Mistake]:
    """The nodes that the site counts on are among those that may come."""
    if site.cloud and site.cluster.nodes > site.cloud.nodes.most:
        yield Mistake(
            "cluster.nodes",
            str(site.cluster.nodes),
            f"at most cloud.nodes.most, {site.cloud.nodes.most}",
        )


def names_fit(site: Site) -> Iterator[Mistake]:
    """The cluster's parts are called ``efd-`` and the site's name, of 30 characters at most."""
    if site.cloud and len(site.name) > _LONGEST_NAME:
        yield Mistake("name", site.name, f"at most {_LONGEST_NAME} characters with a section cloud")


def addresses_are_reserved(site: Site) -> Iterator[Mistake]:
    """Addresses of brokers in the cloud come with the site; others would not lead there."""
    external = site.streaming.kafka.external
    if site.cloud and external and external.type == "NodePort":
        yield Mistake(
            "streaming.kafka.external.type",
            "NodePort",
            "LoadBalancer: nodes have no public address",
        )
    if site.cloud and external and external.addresses:
        yield Mistake(
            "streaming.kafka.external.addresses",
            ", ".join(external.addresses),
            "none: they are reserved with the cluster",
        )


def names_are_in_their_zone(site: Site) -> Iterator[Mistake]:
    """A zone has names below its own, and only brokers with addresses outside have any here."""
    if site.cloud is None or site.cloud.names is None:
        return
    domain, hosts = site.cloud.names.domain, broker_hosts(site.streaming.kafka)
    if not hosts:
        yield Mistake("cloud.names", domain, "none: no streaming.kafka.external, so no names")
    for host in hosts:
        if not host.endswith(f".{domain}"):
            yield Mistake("cloud.names.domain", domain, f"a domain that {host} is below")


RULES = (
    names_are_in_their_zone,
    names_fit,
    addresses_are_reserved,
    machines_have_a_price,
    costs_stay_below_their_limit,
    nothing_outlasts_its_cluster,
    nodes_can_be_there,
)
