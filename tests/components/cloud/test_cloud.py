"""A site's own cluster on Google Cloud: what is registered, and what must hold for it."""

import json
import sys
from typing import Any

import pulumi
import pytest

from rendering.engine import ROOT, run_program
from rendering.recording import Run
from rendering.registration import Registration
from sandbox.description import read
from tests.support.canonical import canonical
from tests.support.cloud_site import cloud_site
from tests.support.cloud_types import misfits
from tests.support.full_site import changed, full_site

_LABELS = {
    "efd-site": "trial",
    "efd-owner": "someone",
    "efd-end": "2030-01-02t03-04-05z",
}
_LABELLED = {
    "gcp:container/cluster:Cluster": ("resourceLabels",),
    "gcp:container/nodePool:NodePool": ("nodeConfig", "resourceLabels"),
    "gcp:compute/address:Address": ("labels",),
}
_WITHOUT_LABELS = {
    "gcp:compute/network:Network",
    "gcp:compute/subnetwork:Subnetwork",
    "gcp:compute/router:Router",
    "gcp:compute/routerNat:RouterNat",
    "gcp:serviceaccount/account:Account",
    "gcp:projects/iAMMember:IAMMember",
    "gcp:dns/recordSet:RecordSet",
}
"""Types that Google gives no labels; each is called after the site, or leads to its addresses."""


def _of_cloud(run: Run) -> list[Registration]:
    return [resource for resource in run.resources if resource.token.startswith("gcp:")]


def _one(run: Run, token: str) -> dict[str, Any]:
    (found,) = [resource for resource in run.resources if resource.token == token]
    return found.inputs


def test_every_property_is_one_that_the_provider_takes(trial: Run) -> None:
    mine = [r for r in trial.resources if r.token.startswith(("gcp:", "pulumi:providers:gcp"))]
    assert len(mine) > 10
    assert [line for r in mine for line in misfits(r.token, r.inputs)] == []


def test_the_example_too_has_properties_that_the_provider_takes() -> None:
    run = run_program(read(ROOT / "docs/examples/cloud/Pulumi.cloud.yaml"))
    assert [line for r in _of_cloud(run) for line in misfits(r.token, r.inputs)] == []


@pytest.mark.parametrize(
    ("inputs", "wrong"),
    [
        ({"network": "n", "nam": "x"}, "Router.nam is not known"),
        ({"network": 3}, "Router.network is 3, no str"),
        ({"network": "n", "bgp": {"asn": "1"}}, "Router.bgp.asn is '1', no int"),
        ({"network": "n", "bgp": {}}, "Router.bgp.asn is missing"),
    ],
)
def test_a_property_that_the_provider_does_not_take_is_found(
    inputs: dict[str, Any], wrong: str
) -> None:
    assert misfits("gcp:compute/router:Router", inputs) == [wrong]


def test_a_property_that_the_provider_demands_is_missed() -> None:
    assert "RouterNat.router is missing" in misfits("gcp:compute/routerNat:RouterNat", {})


def test_everything_that_takes_labels_says_whose_it_is_and_when_it_ends(trial: Run) -> None:
    assert {r.token for r in _of_cloud(trial)} == {*_LABELLED, *_WITHOUT_LABELS}
    for resource in _of_cloud(trial):
        value: Any = resource.inputs
        for key in _LABELLED.get(resource.token, ()):
            value = value[key]
        if resource.token in _LABELLED:
            assert value == _LABELS, resource
    disks = trial.one("StorageClass", "efd-disks").inputs["parameters"]
    assert disks["labels"] == ",".join(f"{key}={value}" for key, value in _LABELS.items())


def test_names_lead_to_the_brokers_addresses_of_the_site_alone(trial: Run) -> None:
    records = [r.inputs for r in _of_cloud(trial) if "gcp:dns/recordSet" in r.token]
    addresses = [r for r in _of_cloud(trial) if "gcp:compute/address" in r.token]
    assert {record["managedZone"] for record in records} == {"efd-sandboxes"}
    assert {record["type"] for record in records} == {"A"}
    found = {record["name"]: record["rrdatas"] for record in records}
    assert set(found) == {
        "kafka.trial.example.org.",
        *(f"kafka-{broker}.trial.example.org." for broker in range(3)),
    }
    assert len(addresses) == len(found["kafka.trial.example.org."]) == 3
    assert {len(found[f"kafka-{broker}.trial.example.org."]) for broker in range(3)} == {1}
    assert set(found["kafka.trial.example.org."]) == {"192.0.2.80"}, "as the monitor gives each"


def test_nothing_is_protected_or_kept(trial: Run) -> None:
    assert [str(r) for r in trial.resources if r.protect or r.retain_on_delete] == []
    assert _one(trial, "gcp:container/cluster:Cluster")["deletionProtection"] is False
    kept = [r for r in _of_cloud(trial) if r.inputs.get("deletionPolicy", "DELETE") != "DELETE"]
    assert kept == []
    assert trial.one("StorageClass", "efd-disks").inputs["reclaimPolicy"] == "Delete"


def test_nodes_and_control_plane_have_no_public_address(trial: Run) -> None:
    cluster = _one(trial, "gcp:container/cluster:Cluster")
    assert cluster["privateClusterConfig"]["enablePrivateNodes"] is True
    assert cluster["controlPlaneEndpointsConfig"]["ipEndpointsConfig"] == {"enabled": False}
    pool = _one(trial, "gcp:container/nodePool:NodePool")
    assert pool["networkConfig"] == {"enablePrivateNodes": True}


def test_pods_have_identities_of_their_own(trial: Run) -> None:
    cluster = _one(trial, "gcp:container/cluster:Cluster")
    assert cluster["workloadIdentityConfig"] == {"workloadPool": "example-project.svc.id.goog"}
    node = _one(trial, "gcp:container/nodePool:NodePool")["nodeConfig"]
    assert node["workloadMetadataConfig"] == {"mode": "GKE_METADATA"}, "the node's is kept from it"
    assert node["serviceAccount"].startswith("efd-trial@"), "never the project's default account"


def test_network_policies_are_enforced(trial: Run) -> None:
    assert _one(trial, "gcp:container/cluster:Cluster")["datapathProvider"] == "ADVANCED_DATAPATH"


def test_nodes_are_spot_machines_between_two_bounds(trial: Run) -> None:
    pool = _one(trial, "gcp:container/nodePool:NodePool")
    assert pool["nodeConfig"]["spot"] is True
    bounds = pool["autoscaling"]
    assert (bounds["totalMinNodeCount"], bounds["totalMaxNodeCount"]) == (2, 5)


def test_the_cluster_is_reached_without_a_key_that_lasts(trial: Run) -> None:
    (provider,) = [r for r in trial.resources if r.token == "pulumi:providers:kubernetes"]  # noqa: S105 -- a type
    kubeconfig = json.loads(provider.inputs["kubeconfig"])
    assert kubeconfig["current-context"] == provider.inputs["context"] == "efd-trial"
    (cluster,) = kubeconfig["clusters"]
    assert cluster["cluster"]["server"] == "https://efd-trial.gke.example.org"
    (user,) = kubeconfig["users"]
    assert set(user["user"]) == {"exec"}
    assert user["user"]["exec"]["command"] == "gke-gcloud-auth-plugin"


def test_brokers_answer_at_addresses_that_are_reserved(trial: Run) -> None:
    balancers = [s for s in trial.of_kind("Service") if s.spec["type"] == "LoadBalancer"]
    assert [s.spec["loadBalancerIP"] for s in balancers] == ["192.0.2.80"] * 3
    assert trial.outputs["kafkaExternalAddresses"] == ["192.0.2.80"] * 3


_OTHER = {
    "project": "other-project",
    "zone": "europe-west1-b",
    "releaseChannel": "RAPID",
    "machineType": "n2-standard-8",
    "spot": False,
    "nodes.least": 3,
    "nodes.most": 6,
    "bootDisk": "70Gi",
    "diskType": "pd-standard",
    "names.zone": "another-zone",
    "owner": "another",
    "end": "2031-01-02T03:04:05Z",
}


@pytest.mark.parametrize("path", _OTHER)
def test_every_value_is_used(path: str, trial: Run) -> None:
    site = changed(cloud_site(), "cloud.hourlyLimit", 99.0)
    other = run_program(changed(site, f"cloud.{path}", _OTHER[path]))
    assert canonical(other) != canonical(trial)


def test_every_value_is_tried() -> None:
    cloud = cloud_site()["cloud"]
    within = {f"{part}.{key}" for part in ("nodes", "names") for key in cloud.pop(part)}
    assert (within | set(cloud)) - set(_OTHER) == {"hourlyLimit", "names.domain"}, "of rules alone"


def test_only_such_a_site_loads_the_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("efd_infra.components.cloud.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pulumi_gcp", None)
    assert run_program(full_site()).objects
    with pytest.raises(pulumi.RunError, match=r"requirements-cloud\.txt"):
        run_program(cloud_site())


def test_in_a_preview_the_address_of_the_cluster_is_not_known_yet() -> None:
    run = run_program(cloud_site(), preview=True)
    (provider,) = [r for r in run.resources if r.token == "pulumi:providers:kubernetes"]  # noqa: S105 -- a type
    assert "gke.example.org" not in str(provider.inputs)
