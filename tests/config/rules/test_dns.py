"""Names are in the zone or left out, and every way in that one takes leads somewhere."""

from typing import Any

import pytest

from efd_infra.config.dns_record import DnsRecord, zone_records
from efd_infra.config.mistake import SiteError
from efd_infra.config.parsing import parse_site
from tests.support.full_site import changed, full_site, named, without

_BALANCED = {
    "type": "LoadBalancer",
    "bootstrap": "kafka.example.org",
    "advertised": "kafka-{broker}.example.org",
}


def _site(**dns: Any) -> dict[str, Any]:
    site = named(full_site())
    return {**site, "dns": {**site["dns"], **dns}}


def _refused(site: dict[str, Any]) -> list[str]:
    with pytest.raises(SiteError) as error:
        parse_site(site)
    return [str(mistake) for mistake in error.value.mistakes]


def _records(site: dict[str, Any]) -> dict[str, DnsRecord]:
    return {record.host: record for record in zone_records(parse_site(site))}


def test_pages_lead_to_the_controller_and_brokers_to_the_nodes() -> None:
    records = _records(_site())
    pages = ("chronograf", "influxdb", "registry")
    brokers = ("kafka", "kafka-0", "kafka-1", "kafka-2", "kafka-3")
    assert records == {
        **{
            f"{page}.example.org": DnsRecord(
                host=f"{page}.example.org", type="A", values=("192.0.2.51",), ttl=310
            )
            for page in pages
        },
        **{
            f"{broker}.example.org": DnsRecord(
                host=f"{broker}.example.org",
                type="A",
                values=("192.0.2.52", "192.0.2.53"),
                ttl=310,
            )
            for broker in brokers
        },
    }


def test_answers_are_remembered_for_as_long_as_the_observatory_s_were() -> None:
    records = _records(without(_site(), "dns.ttl"))
    assert {record.ttl for record in records.values()} == {300}


def test_a_way_in_with_a_name_gives_records_of_that_name() -> None:
    records = _records(_site(ingress=["front.example.net"]))
    page, broker = records["influxdb.example.org"], records["kafka.example.org"]
    assert (page.type, page.values) == ("CNAME", ("front.example.net",))
    assert (broker.type, broker.values) == ("A", ("192.0.2.52", "192.0.2.53"))


def test_a_site_without_a_zone_has_no_records() -> None:
    assert zone_records(parse_site(full_site())) == ()


def test_a_name_outside_of_the_zone_is_refused_unless_it_is_left_out() -> None:
    site = changed(_site(), "timeseries.chronograf.host", "chronograf.example.net")
    assert _refused(site) == [
        (
            "dns.leftOut: given kafdrop.example.org; allowed: a list with chronograf.example.net, "
            "which is not in the zone example.org"
        )
    ]
    left_out = ["kafdrop.example.org", "chronograf.example.net"]
    assert "chronograf.example.net" not in _records(changed(site, "dns.leftOut", left_out))


def test_a_name_that_merely_ends_like_the_zone_is_outside_of_it() -> None:
    site = changed(_site(), "timeseries.chronograf.host", "chronograf-example.org")
    assert "a list with chronograf-example.org" in _refused(site)[0]


def test_a_name_left_out_is_one_of_the_site_s() -> None:
    (told,) = _refused(_site(leftOut=["kafdrp.example.org"]))
    assert told.startswith("dns.leftOut.0: given kafdrp.example.org; allowed: one of chronograf")


@pytest.mark.parametrize(
    ("way", "host"), [("ingress", "registry.example.org"), ("nodes", "kafka.example.org")]
)
def test_a_way_in_that_nobody_knows_is_refused(way: str, host: str) -> None:
    assert _refused(without(_site(), f"dns.{way}")) == [
        f"dns.{way}: given nothing; allowed: addresses, or a name, that {host} leads to"
    ]


def test_a_way_in_that_no_name_takes_is_refused() -> None:
    assert _refused(without(_site(), "streaming.kafka.external")) == [
        "dns.nodes: given 192.0.2.52, 192.0.2.53; allowed: absent: no name leads to nodes"
    ]


@pytest.mark.parametrize(
    "targets", [["a.example.net", "b.example.net"], ["192.0.2.1", "a.example.net"]]
)
def test_a_name_beside_anything_else_is_refused(targets: list[str]) -> None:
    (told,) = _refused(_site(ingress=targets))
    assert told.endswith("allowed: addresses, or one host name alone")


@pytest.mark.parametrize("target", ["192.0.2.300", "https://example.org", "2001:db8::1", "front"])
def test_what_is_neither_an_address_nor_a_name_is_refused(target: str) -> None:
    told, *_ = _refused(_site(ingress=[target]))
    assert "an IPv4 address such as 192.0.2.10, or a host name" in told


def test_a_page_under_a_broker_s_name_leads_where_both_answer() -> None:
    """As Kafdrop's at NCSA."""
    site = changed(_site(leftOut=[]), "streaming.kafdrop.host", "kafka.example.org")
    both = changed(site, "dns.ingress", ["192.0.2.53", "192.0.2.54"])
    assert _records(both)["kafka.example.org"].values == ("192.0.2.53",)
    assert _refused(site) == [
        (
            "dns.nodes: given 192.0.2.52, 192.0.2.53; allowed: something of dns.ingress, "
            "192.0.2.51, because kafka.example.org leads to both"
        )
    ]


def test_load_balancers_have_the_addresses_that_the_site_pins() -> None:
    pinned = {**_BALANCED, "addresses": [f"192.0.2.{broker}" for broker in range(4)]}
    site = without(changed(_site(), "streaming.kafka.external", pinned), "dns.nodes")
    records = _records(site)
    assert records["kafka-2.example.org"].values == ("192.0.2.2",)
    assert records["kafka.example.org"].values == tuple(pinned["addresses"])


def test_load_balancers_whose_addresses_the_cluster_chooses_are_refused() -> None:
    site = without(changed(_site(), "streaming.kafka.external", _BALANCED), "dns.nodes")
    (told,) = _refused(site)
    assert told.startswith("streaming.kafka.external.addresses: given nothing; allowed: an address")
    assert "in dns.leftOut: an address that the cluster chooses is known to nobody" in told


def test_the_zone_s_own_name_leads_to_addresses_alone() -> None:
    site = changed(_site(), "timeseries.influxdb.host", "example.org")
    assert _records(site)["example.org"].type == "A"
    (told,) = _refused(changed(site, "dns.ingress", ["front.example.net"]))
    assert told == (
        "dns.zone: given example.org; allowed: a zone above the name example.org, which cannot "
        "lead to the name front.example.net"
    )
