"""The records that a site has in its zone, derived from the names that it publishes."""

from collections.abc import Iterator
from dataclasses import dataclass

from efd_infra.config.dns import DnsSection, DnsTarget, RecordType
from efd_infra.config.published_name import INGRESS, NODES, dns_records, published_names
from efd_infra.config.site import Site


@dataclass(frozen=True, kw_only=True)
class DnsRecord:
    """One record set: a name and what it leads to."""

    host: str
    type: RecordType
    values: tuple[str, ...]
    """Addresses, or one name."""
    ttl: int
    """Seconds."""


def targets(site: Site, section: DnsSection) -> dict[str, tuple[DnsTarget, ...]]:
    """Return what each way in leads to, by its word in ``dnsRecords``; empty where nobody knows.

    A load balancer's address is known where the site pins it.
    """
    known = {INGRESS: section.ingress, NODES: section.nodes}
    if (external := site.streaming.kafka.external) and external.type == "LoadBalancer":
        pinned = external.addresses
        for broker in range(site.streaming.kafka.brokers):
            own = (DnsTarget(pinned[broker]),) if pinned else ()
            balancer = external.balancer(broker)
            known[f"service {balancer.namespace}/{balancer.name}"] = own
    return known


def made_names(site: Site, section: DnsSection) -> dict[str, list[str]]:
    """Return the names that have a record, each with the ways that it leads to."""
    every = dns_records(published_names(site))
    return {host: ways for host, ways in every.items() if host not in section.left_out}


def led_to(ways: list[str], known: dict[str, tuple[DnsTarget, ...]]) -> tuple[DnsTarget, ...]:
    """Return what one name leads to.

    Of the controller and the nodes what they have in common, because both must answer; of load
    balancers all, because each of them does.
    """
    if all(way in (INGRESS, NODES) for way in ways):
        first, *others = (known[way] for way in ways)
        return tuple(target for target in first if all(target in other for other in others))
    return tuple(dict.fromkeys(target for way in ways for target in known[way]))


def zone_records(site: Site) -> tuple[DnsRecord, ...]:
    """Return the site's records by name; none where it has no zone."""
    return tuple(_records(site, site.dns)) if site.dns else ()


def _records(site: Site, section: DnsSection) -> Iterator[DnsRecord]:
    known = targets(site, section)
    for host, ways in made_names(site, section).items():
        values = led_to(ways, known)
        yield DnsRecord(
            host=host,
            type="A" if values[0].is_address else "CNAME",
            values=tuple(sorted(values)),
            ttl=section.ttl.seconds,
        )
