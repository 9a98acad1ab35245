"""The brokers' names, in a zone of Cloud DNS.

Owns the records. Stops before the zone, which is there before any site and has names of others too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from efd_infra.config.cloud import CloudNamesSection

_TTL = 60
"""Seconds for which others remember an answer: a sandbox of the same name may follow soon."""


@dataclass(frozen=True, kw_only=True)
class NamesArgs:
    """Which names, and where they lead."""

    section: CloudNamesSection
    hosts: Mapping[str, Sequence[pulumi.Input[str]]]
    """Addresses by host."""


class Names(pulumi.ComponentResource):
    """One record of addresses for each host."""

    def __init__(
        self, name: str, args: NamesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:cloud:Names", name, {}, opts)
        for host, addresses in args.hosts.items():
            gcp.dns.RecordSet(
                f"{name}-{host}",
                name=f"{host}.",
                type="A",
                ttl=_TTL,
                managed_zone=args.section.zone,
                rrdatas=list(addresses),
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
