"""Rules of public hosts."""

from tests.support.full_site import changed, full_site, without
from tests.support.refusal import mistakes


def test_one_host_for_two_services_is_refused() -> None:
    site = changed(full_site(), "timeseries.chronograf.host", "kafdrop.example.org")
    assert mistakes(site) == [
        "timeseries.chronograf.host: given kafdrop.example.org; allowed: a host used once",
        "streaming.kafdrop.host: given kafdrop.example.org; allowed: a host used once",
    ]


def test_a_page_may_have_a_broker_s_name() -> None:
    """Kafdrop at the NCSA test stand: ports tell the two apart."""
    site = changed(full_site(), "streaming.kafdrop.host", "kafka.example.org")
    assert mistakes(site) == []


def test_source_ranges_without_a_host_are_refused() -> None:
    assert mistakes(without(full_site(), "streaming.schemaRegistry.host")) == [
        (
            "streaming.schemaRegistry.sourceRanges: given 192.0.2.0/24; "
            "allowed: absent, because streaming.schemaRegistry.host is absent"
        )
    ]


def test_a_certificate_comes_by_one_way() -> None:
    both = changed(full_site(), "cluster.certificate", {"secret": "a", "issuer": "b"})
    assert mistakes(both) == [
        (
            'cluster.certificate: given {"secret": "a", "issuer": "b"}; '
            "allowed: exactly one of secret and issuer"
        )
    ]
    neither = changed(full_site(), "cluster.certificate", {})
    assert mistakes(neither) == [
        "cluster.certificate: given {}; allowed: exactly one of secret and issuer"
    ]
