"""Public addresses of brokers, reserved so that they are known, and found again by their labels.

Owns the addresses. Stops before the load balancers that answer at them, which Kubernetes makes of
the brokers' Services.
"""

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from efd_infra.config.cloud import CloudSection


@dataclass(frozen=True, kw_only=True)
class AddressesArgs:
    """What the addresses need besides the section of the site."""

    section: CloudSection
    name: str
    """What their names in the project begin with."""
    site: str
    count: int


class Addresses(pulumi.ComponentResource):
    """One public address for each broker that answers at a load balancer of its own."""

    addresses: list[pulumi.Output[str]]
    """Broker 0's first."""

    def __init__(
        self, name: str, args: AddressesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:cloud:Addresses", name, {}, opts)
        self.addresses = [
            gcp.compute.Address(
                f"{name}-{number}",
                name=f"{args.name}-kafka-{number}",
                region=args.section.zone.region,
                address_type="EXTERNAL",
                labels=args.section.labels(args.site),
                opts=pulumi.ResourceOptions(parent=self),
            ).address
            for number in range(args.count)
        ]
        self.register_outputs({"addresses": self.addresses})
