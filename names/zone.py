"""A zone of Route 53, as one pair of keys sees it."""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from efd_infra.config.dns import DnsSection
from efd_infra.config.dns_record import DnsRecord
from verify.finding import UnaskedError

_REGION = "us-east-1"
"""Route 53 is in no region, but its requests are signed for this one."""
_CONNECT, _ANSWER, _ATTEMPTS = 10, 60, 3
"""Seconds until a connection, seconds until an answer, and how often both are tried."""
_KINDS = ("A", "CNAME")
"""Of records that decide where a name leads, and that this program makes."""


@dataclass(frozen=True)
class Held:
    """A record set of the zone; an alias of Amazon's has no values of its own."""

    type: str
    values: tuple[str, ...]
    ttl: int | None

    def __str__(self) -> str:
        """Return what a person reads."""
        ttl = "" if self.ttl is None else f", TTL {self.ttl}"
        return f"{self.type} {', '.join(self.values) or 'of an alias'}{ttl}"


def wanted(record: DnsRecord) -> Held:
    """Return a record of the site as the zone would hold it."""
    return Held(record.type, record.values, record.ttl)


@dataclass(frozen=True)
class Zone:
    """The zone that a site names."""

    section: DnsSection
    client: Any

    @classmethod
    def of(cls, section: DnsSection) -> "Zone":
        """Reach the zone and see that it is the one that the site means.

        Raises
        ------
        UnaskedError
            When it is another, or cannot be asked.
        """
        config = Config(
            connect_timeout=_CONNECT,
            read_timeout=_ANSWER,
            retries={"total_max_attempts": _ATTEMPTS},
        )
        zone = cls(section, boto3.client("route53", region_name=_REGION, config=config))
        answer = zone._ask(zone.client.get_hosted_zone, Id=section.zone_id)
        name = _plain(answer["HostedZone"]["Name"])
        if name != section.zone:
            raise UnaskedError(
                f"dns.zoneId {section.zone_id} is the zone {name}, not {section.zone}"
            )
        return zone

    def held(self, host: str) -> tuple[Held, ...]:
        """Return the record sets of one name that decide where it leads."""
        answer = self._ask(
            self.client.list_resource_record_sets,
            HostedZoneId=self.section.zone_id,
            StartRecordName=host,
        )
        return tuple(
            Held(
                each["Type"],
                tuple(sorted(_plain(value["Value"]) for value in each.get("ResourceRecords", ()))),
                each.get("TTL"),
            )
            for each in answer["ResourceRecordSets"]
            if _plain(each["Name"]) == host and each["Type"] in (*_KINDS, "AAAA")
        )

    def write(self, record: DnsRecord) -> None:
        """Make a record set, or give it its values: no other is touched.

        Raises
        ------
        UnaskedError
            When Route 53 refuses.
        """
        change = {
            "Action": "UPSERT",
            "ResourceRecordSet": {
                "Name": record.host,
                "Type": record.type,
                "TTL": record.ttl,
                "ResourceRecords": [{"Value": value} for value in record.values],
            },
        }
        self._ask(
            self.client.change_resource_record_sets,
            HostedZoneId=self.section.zone_id,
            ChangeBatch={"Changes": [change]},
        )

    def _ask(self, question: Any, **said: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = question(**said)
        except ClientError as error:
            told = error.response["Error"]
            raise UnaskedError(f"{told['Code']}: {told['Message']}") from None
        except BotoCoreError as error:
            raise UnaskedError(f"Route 53 does not answer: {error}") from None
        return answer


def _plain(name: str) -> str:
    """Return a name as site files write it: without the root's dot."""
    return name.removesuffix(".").lower()
