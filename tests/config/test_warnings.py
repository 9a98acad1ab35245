"""What a site may do but its operators should know."""

from typing import Any

from efd_infra.config.parsing import parse_site
from efd_infra.config.warnings import site_warnings
from tests.support.full_site import changed, full_site, unmeasured, without


def _warnings(site: dict[str, Any]) -> list[str]:
    return list(site_warnings(parse_site(site)))


def test_a_site_without_doubtful_choices_is_silent() -> None:
    assert _warnings(full_site()) == []


def test_more_copies_than_nodes_are_warned_of() -> None:
    assert _warnings(changed(full_site(), "cluster.nodes", 1)) == [
        (
            "streaming.kafka.replicationFactor is 3 on 1 node(s): "
            "the loss of one node can lose more than one copy"
        )
    ]


def test_a_nominal_size_that_is_too_small_is_warned_of() -> None:
    site = changed(full_site(), "cluster.enforcesStorageSize", value=False)
    assert _warnings(changed(site, "streaming.kafka.storage.size", "15Gi")) == [
        (
            "streaming.kafka.storage.size is 15Gi, but the brokers will hold 384000Mi each; "
            "the storage class will not stop them"
        )
    ]


def test_a_registry_open_to_every_network_is_warned_of() -> None:
    assert _warnings(changed(full_site(), "streaming.schemaRegistry.sourceRanges", [])) == [
        "streaming.schemaRegistry.host answers every network: name its sourceRanges"
    ]


def test_a_listener_that_lets_nobody_in_is_warned_of() -> None:
    assert _warnings(without(full_site(), "streaming.kafka.users")) == [
        "streaming.kafka.external demands a login, but there are no users: nobody gets in"
    ]
    silent = without(full_site(), "streaming.kafka.users", "streaming.kafka.external")
    assert _warnings(silent) == []


def test_alerts_that_nobody_is_told_of_are_warned_of() -> None:
    assert _warnings(without(full_site(), "timeseries.kapacitor.handlers")) == [
        "timeseries.kapacitor.handlers names nobody: alerts are raised, and nobody is told"
    ]
    assert _warnings(without(full_site(), "timeseries.kapacitor")) == []


def test_copies_that_nobody_watches_are_warned_of() -> None:
    site = changed(unmeasured(full_site()), "streaming.kafka.replicationFactor", 3)
    assert _warnings(site) == [
        "backup has no monitoring beside it: nobody notices when copies become old"
    ]


def test_copies_beside_what_they_are_of_are_warned_of() -> None:
    site = changed(without(full_site(), "backup.bucket"), "backup.claim", {"size": "1Ti"})
    assert _warnings(site) == [
        "backup.claim is a volume of the same cluster: what destroys one destroys both"
    ]
