"""Rules of clusters in the cloud, and what a site there is estimated to cost."""

import pytest

from efd_infra.config.cloud import EndTime
from efd_infra.config.parsing import parse_site
from efd_infra.config.prices import CHEAP_REGIONS, hourly_cost, hourly_costs
from tests.support.cloud_site import cloud_site
from tests.support.full_site import changed, full_site, without
from tests.support.refusal import mistakes


def _cost(path: str, value: object) -> float:
    site = changed(cloud_site(), "cloud.hourlyLimit", 99.0)
    return hourly_cost(parse_site(changed(site, path, value)))


def test_the_small_site_is_accepted() -> None:
    assert mistakes(cloud_site()) == []


def test_bounds_that_leave_no_number_are_refused() -> None:
    (line,) = mistakes(changed(cloud_site(), "cloud.nodes", {"least": 6, "most": 5}))
    assert line.startswith("cloud.nodes: given ")
    assert line.endswith("allowed: a least number of nodes that is not above the most")


def test_a_machine_without_a_known_price_is_refused() -> None:
    (line,) = mistakes(changed(cloud_site(), "cloud.machineType", "a3-megagpu-8g"))
    assert line.startswith("cloud.machineType: given a3-megagpu-8g; allowed: one of e2-standard-2,")


def test_what_costs_more_than_its_limit_is_refused() -> None:
    (line,) = mistakes(changed(cloud_site(), "cloud.hourlyLimit", 0.5))
    assert line.startswith("cloud.hourlyLimit: given 0.50; allowed: at least 0.8")
    assert "US dollars" in line


def test_a_limit_of_just_the_cost_is_accepted() -> None:
    cost = hourly_cost(parse_site(cloud_site()))
    assert mistakes(changed(cloud_site(), "cloud.hourlyLimit", cost)) == []
    assert mistakes(changed(cloud_site(), "cloud.hourlyLimit", cost - 0.001)) != []


def test_names_are_below_their_zones_own() -> None:
    found = mistakes(changed(cloud_site(), "cloud.names.domain", "rial.example.org"))
    assert len(found) == 4
    assert found[0] == (
        "cloud.names.domain: given rial.example.org; "
        "allowed: a domain that kafka-0.trial.example.org is below"
    )


def test_names_of_brokers_that_nobody_dials_are_refused() -> None:
    (line,) = mistakes(without(cloud_site(), "streaming.kafka.external"))
    assert line.startswith("cloud.names: given trial.example.org; allowed: none: no streaming")


def test_a_durable_site_has_no_cluster_that_ends() -> None:
    assert mistakes(changed(cloud_site(), "cluster.durable", value=True)) == [
        "cluster.durable: given true; allowed: false in a site with a cluster that ends"
    ]


def test_the_nodes_that_a_site_counts_on_may_come() -> None:
    assert mistakes(changed(cloud_site(), "cluster.nodes", 6)) == [
        "cluster.nodes: given 6; allowed: at most cloud.nodes.most, 5"
    ]


def test_a_name_that_google_would_refuse_is_refused() -> None:
    assert mistakes(changed(cloud_site(), "name", "a" * 26)) == []
    (line,) = mistakes(changed(cloud_site(), "name", "a" * 27))
    assert line.endswith("allowed: at most 26 characters with a section cloud")


def test_brokers_in_the_cloud_have_balancers_at_reserved_addresses() -> None:
    external = "streaming.kafka.external"
    (line,) = mistakes(changed(cloud_site(), f"{external}.type", "NodePort"))
    assert line.startswith(f"{external}.type: given NodePort; allowed: LoadBalancer")
    addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    (line,) = mistakes(changed(cloud_site(), f"{external}.addresses", addresses))
    assert line.endswith("allowed: none: they are reserved with the cluster")


@pytest.mark.parametrize(
    "end", ["2030-02-30T00:00:00Z", "2030-01-01", "2030-01-01T00:00:00+02:00", "soon"]
)
def test_an_end_that_is_no_time_in_utc_is_refused(end: str) -> None:
    (line,) = mistakes(changed(cloud_site(), "cloud.end", end))
    assert "allowed: a date and time in UTC as text" in line


def test_an_end_of_long_ago_is_for_commands_to_refuse() -> None:
    """A site whose end has come must still be read, to be ended."""
    assert mistakes(changed(cloud_site(), "cloud.end", "2001-01-01T00:00:00Z")) == []


def test_a_time_survives_being_text() -> None:
    end = EndTime("2030-01-02T03:04:05Z")
    assert EndTime.of(end.moment) == end


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("cloud.nodes.most", 6),
        ("cloud.spot", False),
        ("cloud.machineType", "e2-standard-16"),
        ("cloud.bootDisk", "61Gi"),
        ("cloud.zone", "europe-west1-b"),
        ("streaming.kafka.storage.size", "11Gi"),
        ("timeseries.influxdb.storage.size", "21Gi"),
    ],
)
def test_more_costs_more(path: str, value: object) -> None:
    assert _cost(path, value) > hourly_cost(parse_site(cloud_site()))


def test_a_cheaper_disk_and_no_balancers_cost_less() -> None:
    before = hourly_cost(parse_site(cloud_site()))
    assert _cost("cloud.diskType", "pd-standard") < before
    inside = without(cloud_site(), "cloud.names", "streaming.kafka.external")
    assert hourly_cost(parse_site(inside)) == pytest.approx(before - 3 * 0.025)


def test_the_sum_is_as_calculated_by_hand() -> None:
    """Five spot machines of 0.268 dollars, 300 and 50 GiB at 0.17 a month, and the rest."""
    by_hand = 5 * 0.268 * 0.4 + 350 * 0.17 / 730 + 3 * 0.025 + 0.005 + 5 * 0.0014 + 0.10
    assert "us-central1" in CHEAP_REGIONS
    assert hourly_cost(parse_site(cloud_site())) == pytest.approx(by_hand)


def test_a_site_in_a_cluster_that_is_there_costs_nothing_more() -> None:
    assert hourly_costs(parse_site(full_site())) == ()
