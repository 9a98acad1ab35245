"""The network of a cluster: nodes without public addresses, and a gateway to the Internet.

Owns the network with its ranges, and the gateway (NAT) through which nodes fetch images. Stops
before the cluster, and before the load balancers that Kubernetes makes.
"""

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

_NODES = "10.0.0.0/20"
"""4094 nodes; the network is the site's own, so that nobody else's ranges matter."""
_PODS = "10.4.0.0/14"
_SERVICES = "10.8.0.0/20"

PODS_RANGE = "pods"
SERVICES_RANGE = "services"


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """What the network needs."""

    name: str
    """How its parts are called in the project."""
    region: str


class Network(pulumi.ComponentResource):
    """A network of one region, which nobody from outside gets into but by load balancers."""

    network: pulumi.Output[str]
    subnetwork: pulumi.Output[str]
    gateway: pulumi.Resource
    """Without it a node fetches nothing."""

    def __init__(
        self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:cloud:Network", name, {}, opts)
        own = pulumi.ResourceOptions(parent=self)
        network = gcp.compute.Network(
            f"{name}-network",
            name=args.name,
            # None in each region of the world, with ranges that nobody has chosen.
            auto_create_subnetworks=False,
            opts=own,
        )
        subnetwork = gcp.compute.Subnetwork(
            f"{name}-subnetwork",
            name=args.name,
            network=network.id,
            region=args.region,
            ip_cidr_range=_NODES,
            # Nodes reach Google's registries and services without the gateway.
            private_ip_google_access=True,
            secondary_ip_ranges=[
                gcp.compute.SubnetworkSecondaryIpRangeArgs(
                    range_name=PODS_RANGE, ip_cidr_range=_PODS
                ),
                gcp.compute.SubnetworkSecondaryIpRangeArgs(
                    range_name=SERVICES_RANGE, ip_cidr_range=_SERVICES
                ),
            ],
            opts=own,
        )
        router = gcp.compute.Router(
            f"{name}-router", name=args.name, network=network.id, region=args.region, opts=own
        )
        self.gateway = gcp.compute.RouterNat(
            f"{name}-gateway",
            name=args.name,
            router=router.name,
            region=args.region,
            nat_ip_allocate_option="AUTO_ONLY",
            source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
            opts=own,
        )
        self.network = network.id
        self.subnetwork = subnetwork.id
        self.register_outputs({"network": self.network, "subnetwork": self.subnetwork})
