"""Rules of the site's names in a zone."""

from collections.abc import Iterator

from efd_infra.config.dns_record import led_to, made_names, targets
from efd_infra.config.mistake import Mistake
from efd_infra.config.published_name import INGRESS, NODES, dns_records, published_names
from efd_infra.config.site import Site

_LEFT_OUT = "dns.leftOut"


def names_are_of_the_zone(site: Site) -> Iterator[Mistake]:
    """A record outside of the zone would be an answer that nobody asks for."""
    if site.dns is None:
        return
    for host in made_names(site, site.dns):
        if not site.dns.contains(host):
            yield Mistake(
                _LEFT_OUT,
                ", ".join(site.dns.left_out) or "nothing",
                f"a list with {host}, which is not in the zone {site.dns.zone}",
            )


def names_left_out_are_the_sites(site: Site) -> Iterator[Mistake]:
    """A name that the site does not publish has no record anyway: it may be misspelt."""
    if site.dns is None:
        return
    every = dns_records(published_names(site))
    for index, host in enumerate(site.dns.left_out):
        if host not in every:
            yield Mistake(f"{_LEFT_OUT}.{index}", host, f"one of {', '.join(every)}")


def ways_are_known_that_names_lead_to(site: Site) -> Iterator[Mistake]:
    """A way in without an address has no record; one that no name takes would do nothing."""
    if site.dns is None:
        return
    known, names = targets(site, site.dns), made_names(site, site.dns)
    wanted = {way: host for host, ways in names.items() for way in ways}
    for way in (INGRESS, NODES):
        if way in wanted and not known[way]:
            yield Mistake(
                f"dns.{way}", "nothing", f"addresses, or a name, that {wanted[way]} leads to"
            )
        if known[way] and way not in wanted:
            yield Mistake(f"dns.{way}", ", ".join(known[way]), f"absent: no name leads to {way}")
    unpinned = [way for way in wanted if way not in (INGRESS, NODES) and not known[way]]
    if unpinned:
        yield Mistake(
            "streaming.kafka.external.addresses",
            "nothing",
            f"an address for each broker, or {wanted[unpinned[0]]} in {_LEFT_OUT}: an address that "
            "the cluster chooses is known to nobody before it has",
        )


def two_ways_have_something_in_common(site: Site) -> Iterator[Mistake]:
    """A name that is a page's and a broker's must lead where both answer."""
    if site.dns is None:
        return
    known = targets(site, site.dns)
    for host, ways in made_names(site, site.dns).items():
        if all(known[way] for way in ways) and not led_to(ways, known):
            yield Mistake(
                "dns.nodes",
                ", ".join(site.dns.nodes),
                f"something of dns.ingress, {', '.join(site.dns.ingress)}, because {host} leads "
                "to both",
            )


def the_zone_itself_has_addresses(site: Site) -> Iterator[Mistake]:
    """A CNAME record bears no other beside it, and a zone's own name always has some."""
    if site.dns is None or site.dns.zone not in (names := made_names(site, site.dns)):
        return
    known = targets(site, site.dns)
    for target in led_to(names[site.dns.zone], known):
        if not target.is_address:
            yield Mistake(
                "dns.zone",
                site.dns.zone,
                f"a zone above the name {site.dns.zone}, which cannot lead to the name {target}",
            )


RULES = (
    names_are_of_the_zone,
    names_left_out_are_the_sites,
    ways_are_known_that_names_lead_to,
    two_ways_have_something_in_common,
    the_zone_itself_has_addresses,
)
