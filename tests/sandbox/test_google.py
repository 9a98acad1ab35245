"""Google Cloud's interfaces, played by a server on loopback."""

import copy
from typing import Any

import pytest

from sandbox.errors import UnaskedError
from tests.support.google_stand_in import google

_ONE = {"efd-site": "sandbox-one", "efd-owner": "a", "efd-end": "2030-01-01t00-00-00z"}
_TWO = {**_ONE, "efd-site": "sandbox-two"}


def _project() -> dict[str, Any]:
    return {
        "disks": {
            **{f"pvc-{n}": {"labels": _ONE} for n in range(5)},
            "pvc-other": {"labels": _TWO},
            "production": {"labels": {"efd-site": "summit"}},
            "foreign": {},
        },
        "addresses": {"kafka-0": {"labels": _ONE, "address": "192.0.2.1"}, "other": {}},
        "forwardingRules": {
            "rule-0": {"IPAddress": "192.0.2.1"},
            "rule-9": {"IPAddress": "192.0.2.9"},
        },
    }


def test_clusters_are_listed_with_and_without_labels() -> None:
    with google(clusters={"efd-sandbox-one": _ONE, "foreign": {}}) as project:
        found = project.cloud().clusters()
        assert {c.name: dict(c.labels) for c in found} == {"efd-sandbox-one": _ONE, "foreign": {}}


def test_all_pages_of_what_a_site_left_are_read_and_nothing_of_others() -> None:
    with google(things=_project()) as project:
        found = project.cloud().leftovers("sandbox-one")
        names = [(each.kind, each.name) for each in found]
    disks = [("disk", f"pvc-{number}") for number in range(5)]
    assert names == [("forwarding rule", "rule-0"), *disks, ("address", "kafka-0")]


def test_a_rule_has_the_labels_of_the_address_it_leads_to() -> None:
    with google(things=_project()) as project:
        (rule,) = [f for f in project.cloud().leftovers() if f.kind == "forwarding rule"]
        assert rule.labels == _ONE


_ZONES = {
    "one": {"example.org.": ["192.0.2.9"]},
    "two": {
        "kafka-one.example.org.": ["192.0.2.1"],
        "_kafka-one.example.org.": ["192.0.2.1"],
        "both.example.org.": ["192.0.2.1", "192.0.2.9"],
    },
    "three": {},
}


def test_names_that_lead_to_a_site_s_addresses_alone_are_found_and_removed() -> None:
    with google(things=_project(), zones=copy.deepcopy(_ZONES)) as project:
        cloud = project.cloud()
        first, *rest = cloud.leftovers("sandbox-one")
        assert (first.kind, first.name, first.labels) == (
            "DNS record",
            "kafka-one.example.org",
            _ONE,
        )
        assert "DNS record" not in {found.kind for found in rest}
        cloud.delete(first)
        cloud.delete(first)
        left = copy.deepcopy(_ZONES)
        del left["two"]["kafka-one.example.org."]
        assert project.zones == left


def test_without_addresses_no_zone_is_asked() -> None:
    with google(zones=copy.deepcopy(_ZONES)) as project:
        assert project.cloud().leftovers() == []
        assert [asked for asked in project.asked if "/dns/" in asked] == []


def test_zones_that_do_not_answer_hide_nothing() -> None:
    """An address that went first would leave a name that nobody finds any more."""
    with (
        google(things=_project(), zones=copy.deepcopy(_ZONES), ill={"rrsets": 99}) as project,
        pytest.raises(UnaskedError, match="rrsets: 503, not now"),
    ):
        project.cloud().leftovers("sandbox-one")


def test_what_any_site_left_is_found_by_its_label() -> None:
    with google(things=_project()) as project:
        names = {found.name for found in project.cloud().leftovers()}
    assert {"pvc-4", "pvc-other", "production", "kafka-0", "rule-0"} <= names
    assert names.isdisjoint({"foreign", "other", "rule-9"})


def test_removing_waits_until_it_is_done() -> None:
    with google(things=_project(), clusters={"efd-sandbox-one": _ONE}, looks=3) as project:
        cloud = project.cloud()
        for found in [*cloud.clusters(), *cloud.leftovers("sandbox-one")]:
            cloud.delete(found)
            assert project.asked[-1].startswith("GET ")
            assert "/operations/op-" in project.asked[-1]
        assert project.clusters == {}
        assert set(project.things["disks"]) == {"pvc-other", "production", "foreign"}
        assert cloud.leftovers("sandbox-one") == []


def test_what_is_gone_already_is_no_error() -> None:
    with google(things=_project()) as project:
        cloud = project.cloud()
        found = cloud.leftovers("sandbox-one")[0]
        cloud.delete(found)
        cloud.delete(found)


def test_a_cloud_that_is_ill_for_a_moment_is_asked_again() -> None:
    with google(things=_project(), ill={"disks": 2}) as project:
        assert len(project.cloud().leftovers("sandbox-one")) == 7


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_cloud_that_stays_ill_was_not_asked(status: int) -> None:
    with google(ill={"clusters": 99}, status=status) as project:
        with pytest.raises(UnaskedError, match=f"{status}, not now"):
            project.cloud().clusters()
        assert len(project.asked) == 4


def test_a_refusal_is_not_repeated() -> None:
    with google(ill={"clusters": 99}, status=403) as project:
        with pytest.raises(UnaskedError, match="403, not now"):
            project.cloud().clusters()
        assert len(project.asked) == 1


def test_a_cloud_that_says_nothing_was_not_asked() -> None:
    with google(slow=0.4) as project, pytest.raises(UnaskedError, match="no answer"):
        project.cloud(timeout=0.05, attempts=2).clusters()


def test_a_list_that_is_not_whole_is_no_list() -> None:
    """What is missing in it would look as if it were gone."""
    with (
        google(missing_zones=("us-east1-b",)) as project,
        pytest.raises(UnaskedError, match="us-east1-b"),
    ):
        project.cloud().clusters()
    with (
        google(things=_project(), unreachable=("zones/us-east1-c",)) as project,
        pytest.raises(UnaskedError, match="us-east1-c"),
    ):
        project.cloud().leftovers()


def test_what_google_does_not_remove_is_told_in_its_words() -> None:
    with google(things=_project(), refuse="disk is in use") as project:
        disk = next(f for f in project.cloud().leftovers("sandbox-one") if f.kind == "disk")
        with pytest.raises(UnaskedError, match="disk pvc-0 does not go: disk is in use"):
            project.cloud().delete(disk)


def test_what_takes_too_long_is_left_to_the_next_run() -> None:
    with google(things=_project(), looks=10**6) as project:
        disk = next(f for f in project.cloud().leftovers("sandbox-one") if f.kind == "disk")
        with pytest.raises(UnaskedError, match="does not go"):
            project.cloud(patience=0.1).delete(disk)


def _unlabelled() -> dict[str, Any]:
    network = "https://www.googleapis.com/compute/v1/projects/example-project/global/networks"
    parts: dict[str, Any] = {}
    for name in ("efd-sandbox-one", "efd-sandbox-one1", "default"):
        inside = {"network": f"{network}/{name}"}
        for kind in ("routers", "subnetworks"):
            parts.setdefault(kind, {})[name] = inside
        parts.setdefault("networks", {})[name] = {}
        rules = parts.setdefault("firewalls", {})
        rules[f"gke-{name}-all"] = rules[f"k8s-fw-{name}"] = inside
    return parts


_ACCOUNTS = [
    f"{name}@example-project.iam.gserviceaccount.com"
    for name in ("efd-sandbox-one", "efd-sandbox-one1")
]


def test_what_takes_no_labels_goes_by_the_cluster_s_whole_name() -> None:
    with google(things=_unlabelled(), accounts=set(_ACCOUNTS)) as project:
        cloud = project.cloud()
        found = cloud.unlabelled("efd-sandbox-one")
        assert [(each.kind, each.name) for each in found] == [
            ("firewall rule", "gke-efd-sandbox-one-all"),
            ("firewall rule", "k8s-fw-efd-sandbox-one"),
            ("router", "efd-sandbox-one"),
            ("subnetwork", "efd-sandbox-one"),
            ("network", "efd-sandbox-one"),
            ("account", _ACCOUNTS[0]),
        ]
        for each in found:
            cloud.delete(each)
        assert cloud.unlabelled("efd-sandbox-one") == []
        for kind in ("routers", "subnetworks", "networks"):
            assert set(project.things[kind]) == {"efd-sandbox-one1", "default"}
        assert len(project.things["firewalls"]) == 4
        assert project.accounts == {_ACCOUNTS[1]}


def test_a_network_that_is_in_use_stays_until_it_is_not() -> None:
    with google(things=_unlabelled()) as project:
        cloud = project.cloud()
        *parts, network = cloud.unlabelled("efd-sandbox-one")
        with pytest.raises(UnaskedError, match="network efd-sandbox-one does not go: it is in use"):
            cloud.delete(network)
        for each in (*parts, network):
            cloud.delete(each)
        assert "efd-sandbox-one" not in project.things["networks"]


def test_of_a_cluster_that_never_was_there_is_nothing() -> None:
    with google(things=_unlabelled(), accounts=set(_ACCOUNTS)) as project:
        assert project.cloud().unlabelled("efd-sandbox") == []
