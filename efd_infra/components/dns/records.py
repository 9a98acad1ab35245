"""The site's names in a zone of Route 53.

Owns the records. Stops before the zone, which is there, and before what the names lead to.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from efd_infra.config.dns import ZoneId
from efd_infra.config.dns_record import DnsRecord


@dataclass(frozen=True, kw_only=True)
class RecordsArgs:
    """What the records need: the zone and what they say."""

    zone_id: ZoneId
    records: tuple[DnsRecord, ...]


class Records(pulumi.ComponentResource):
    """A record set for each name that the site publishes in the zone."""

    hosts: list[str]

    def __init__(
        self, name: str, args: RecordsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:dns:Records", name, {}, opts)
        for record in args.records:
            aws.route53.Record(
                f"{name}-{record.host}",
                zone_id=args.zone_id,
                name=record.host,
                type=record.type,
                ttl=record.ttl,
                records=list(record.values),
                # Names that were made by hand, or by `python -m names`, are taken over.
                allow_overwrite=True,
                opts=pulumi.ResourceOptions(
                    parent=self,
                    # A CNAME bears no other record of its name beside it, not even for a moment.
                    delete_before_replace=True,
                ),
            )
        self.hosts = [record.host for record in args.records]
        self.register_outputs({"hosts": self.hosts})
