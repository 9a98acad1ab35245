"""What a site on Google Cloud costs in an hour: an estimate, from list prices.

The prices are those of the region us-central1 (Iowa), in US dollars before tax and discounts, as
Google published them in 2025 (https://cloud.google.com/compute/vm-instance-pricing,
https://cloud.google.com/compute/disks-image-pricing, https://cloud.google.com/vpc/network-pricing,
https://cloud.google.com/kubernetes-engine/pricing). They are not asked for at run time. Nodes
count at their upper bound, spot nodes at the smallest discount that Google promises, and other
regions at the surcharge of the dearest; traffic and logs do not count. So an ordinary sandbox costs
less, and one that moves much data can cost more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from efd_infra.config.cloud import CloudSection
from efd_infra.config.site import Site

PRICED_IN: Final = "2025"
"""When the prices were published."""

MACHINES: Final = {
    "e2-standard-2": 0.067,
    "e2-standard-4": 0.134,
    "e2-standard-8": 0.268,
    "e2-standard-16": 0.536,
    "n2-standard-4": 0.194,
    "n2-standard-8": 0.388,
    "n2-standard-16": 0.777,
    "n2d-standard-4": 0.169,
    "n2d-standard-8": 0.338,
}
"""Of one machine, an hour."""

SPOT_SHARE: Final = 0.4
"""Spot machines are 60 to 91 % cheaper, whatever the day."""

DISKS: Final = {"pd-standard": 0.04, "pd-balanced": 0.10, "pd-ssd": 0.17}
"""Of one GiB, a month."""

HOURS_A_MONTH: Final = 730
CONTROL_PLANE: Final = 0.10
FORWARDING: Final = 0.025
"""Of a load balancer, an hour; beyond five of them they are cheaper."""
GATEWAY_BESIDES: Final = 0.005
"""The address of the gateway (NAT), an hour."""
GATEWAY_NODE: Final = 0.0014
"""Of each node behind the gateway, an hour."""

CHEAP_REGIONS: Final = ("us-central1", "us-east1", "us-west1")
SURCHARGE: Final = 1.6
"""What every other region is taken to cost more: São Paulo, the dearest, is about there."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """One part of what a site costs."""

    what: str
    dollars: float
    """An hour."""


def hourly_costs(site: Site) -> tuple[Cost, ...]:
    """Return the parts of what a site costs in an hour; none where it has no cluster of its own."""
    return tuple(_costs(site, site.cloud)) if site.cloud else ()


def hourly_cost(site: Site) -> float:
    """Return US dollars an hour."""
    return sum(cost.dollars for cost in hourly_costs(site))


def _costs(site: Site, cloud: CloudSection) -> Iterator[Cost]:
    region = 1.0 if cloud.zone.region in CHEAP_REGIONS else SURCHARGE
    nodes, kind = cloud.nodes.most, "spot" if cloud.spot else "standard"
    machine = MACHINES.get(cloud.machine_type, 0.0) * (SPOT_SHARE if cloud.spot else 1.0)
    gibibyte = DISKS[cloud.disk_type] / HOURS_A_MONTH * region
    yield Cost(what=f"{nodes} nodes {cloud.machine_type}, {kind}", dollars=nodes * machine * region)
    boot = nodes * cloud.boot_disk.bytes / 2**30
    yield Cost(what=f"{boot:.0f} GiB of the nodes' disks", dollars=boot * gibibyte)
    stores = _stores(site) / 2**30
    yield Cost(what=f"{stores:.0f} GiB of stores, {cloud.disk_type}", dollars=stores * gibibyte)
    if balancers := site.balancers:
        yield Cost(what=f"{balancers} load balancers", dollars=balancers * FORWARDING * region)
    yield Cost(
        what="gateway to the Internet", dollars=(GATEWAY_BESIDES + nodes * GATEWAY_NODE) * region
    )
    yield Cost(what="control plane", dollars=CONTROL_PLANE)


def _stores(site: Site) -> int:
    """Return the bytes of all claims that the site makes."""
    kafka, timeseries = site.streaming.kafka, site.timeseries
    claims = [kafka.storage] * kafka.brokers + [timeseries.influxdb.storage]
    claims += [page.storage for page in (timeseries.chronograf, timeseries.kapacitor) if page]
    if site.backup:
        claims += [site.backup.rehearsal.storage]
        claims += [site.backup.claim] if site.backup.claim else []
    return sum(claim.size.bytes for claim in claims)
