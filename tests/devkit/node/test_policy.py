"""What is told to the enforcer of network policies, and what the stand lets in for itself."""

from pathlib import Path

import yaml

from devkit.node import policy
from devkit.node.lan import OUTSIDE, Address
from efd_infra.config import contract
from efd_infra.config.parsing import parse_site
from efd_infra.manifests.workloads import site_workloads
from rendering.engine import ROOT


def test_the_enforcer_is_told_its_node_and_its_services() -> None:
    argv = policy.argv(Path("/t/kube-router"), Path("/c/kubeconfig"), Address("here", 2))
    assert argv[0] == "/t/kube-router"
    assert {"--hostname-override=here", "--service-cluster-ip-range=10.98.0.0/16"} <= set(argv)


def test_it_enforces_policies_and_routes_nothing() -> None:
    argv = policy.argv(Path("/t/kube-router"), Path("/c/kubeconfig"), Address("here", 2))
    assert {flag for flag in argv if flag.startswith("--run-")} == {
        "--run-firewall=true",
        "--run-router=false",
        "--run-service-proxy=false",
    }


def test_doors_open_to_the_outside_world_alone() -> None:
    doors = policy.doors({"influxdb", "kube-system"})
    assert [door["metadata"]["namespace"] for door in doors] == ["influxdb"]
    (rule,) = doors[0]["spec"]["ingress"]
    assert rule == {"from": [{"ipBlock": {"cidr": f"{OUTSIDE}/32"}}], "ports": [{"port": 8086}]}
    assert doors[0]["spec"]["policyTypes"] == ["Ingress"], "no pod may dial more than before"


def test_doors_lead_where_the_stand_goes() -> None:
    data = yaml.safe_load((ROOT / "tests/e2e/sites/Pulumi.e2e-ldf.yaml").read_text())
    site = parse_site(data["config"]["efd:site"])
    namespaces = {workload.namespace for workload in site_workloads(site)}
    assert policy.ADMITTED.keys() <= namespaces
    assert contract.INFLUXDB.port in policy.ADMITTED[contract.INFLUXDB.namespace]
    assert contract.SCHEMA_REGISTRY.port in policy.ADMITTED[contract.SCHEMA_REGISTRY.namespace]
    for service in (contract.KAFKA_BROKERS, contract.MIRROR_MAKER):
        assert contract.JMX_PORT in policy.ADMITTED[service.namespace]
