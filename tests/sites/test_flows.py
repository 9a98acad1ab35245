"""Who may dial whom: exactly the flows of the site, by the policies as they are rendered."""

from dataclasses import replace
from itertools import product

import pytest

from efd_infra.manifests.flow import Flow
from efd_infra.manifests.flows import site_flows
from efd_infra.manifests.workloads import site_workloads
from rendering.recording import Run
from rendering.registration import Registration
from tests.support.intended import between, has_port, means
from tests.support.network import End, Network, pod_of, ports_of
from tests.support.site_case import EVERY_SITE, FULL, SiteCase

OUTSIDE = End(None, address="203.0.113.9")
"""Some machine that is no pod."""
STRANGERS = ("default", "kube-system", "ingress-nginx", "front-door", "notebooks", "sal")
"""Namespaces that are not the EFD's; what pods of some of them may is among the flows."""
FLOWS = "efd.lsst.io/flows"
"""The annotation that names a policy's flows."""
NOBODY_LISTENS = (22, 53, 443, 8088, 10250)
"""Ports that no pod here declares, and that something could hope to slip through; InfluxDB listens
on 8088 for whoever restores a backup."""


@pytest.fixture(params=EVERY_SITE, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> SiteCase:
    """Each site in turn, those of the real nodes too."""
    site: SiteCase = request.param
    return site


@pytest.fixture
def network(run: Run) -> Network:
    return Network.of(run)


@pytest.fixture
def flows(case: SiteCase) -> tuple[Flow, ...]:
    return site_flows(case.site)


def _pods(run: Run) -> list[End]:
    return [pod_of(workload) for workload in run.workloads]


def _own(run: Run) -> set[str | None]:
    return {namespace.object_name for namespace in run.of_kind("Namespace")}


def _ports(run: Run) -> list[int]:
    return sorted({*NOBODY_LISTENS, *(p for w in run.workloads for p in ports_of(w))})


def _differences(run: Run, network: Network, flows: tuple[Flow, ...]) -> list[str]:
    """Try every port between every two ends; return where policies and flows disagree."""
    own, ports = _own(run), _ports(run)
    pods = _pods(run)
    unlabelled = [End(namespace) for namespace in sorted(filter(None, own))]
    inside = [*pods, *unlabelled]
    around = [*map(End, STRANGERS), OUTSIDE]
    pairs = [*product(inside, inside), *product(around, inside), *product(inside, around)]
    return [
        f"{source} -> {target}:{port} {'passes' if passes else 'is refused'}"
        for source, target in pairs
        for named in [between(flows, source, target, own)]
        for port in ports
        if (passes := network.passes(source, target, port)) != has_port(named, port)
    ]


def test_exactly_the_named_flows_pass(run: Run, network: Network, flows: tuple[Flow, ...]) -> None:
    assert _differences(run, network, flows) == []


def test_names_are_asked_at_the_cluster_s_dns_only(
    case: SiteCase, run: Run, network: Network
) -> None:
    elsewhere = [*_pods(run), End("default"), OUTSIDE]
    if ranges := case.site.cluster.dns_ranges:
        server = End(None, address=ranges[0].partition("/")[0])
    else:
        server = End("kube-system")
    for pod, protocol in product(_pods(run), ("UDP", "TCP")):
        assert network.passes(pod, server, 53, protocol), pod
        assert not any(network.passes(pod, other, 53, protocol) for other in elsewhere), pod


def test_a_policy_too_wide_or_missing_is_noticed() -> None:
    """Otherwise the comparison above could not fail."""
    run, flows = FULL.run, site_flows(FULL.site)
    policies = Network.of(run).policies

    def noticed(*changed: Registration) -> list[str]:
        return _differences(run, Network(changed), flows)

    denial, server = (run.one("NetworkPolicy", n, "influxdb") for n in ("default-deny", "influxdb"))
    wide = replace(denial, inputs={**denial.inputs, "spec": {**denial.spec, "ingress": [{}]}})
    assert "default/unlabelled -> influxdb/unlabelled:443 passes" in noticed(
        *(policy for policy in policies if policy is not denial)
    )
    assert "telegraf/telegraf -> influxdb/influxdb:8086 is refused" in noticed(
        *(policy for policy in policies if policy is not server)
    )
    assert "notebooks/unlabelled -> influxdb/unlabelled:22 passes" in noticed(*policies, wide)


def test_every_policy_selects_a_pod(run: Run, network: Network) -> None:
    selecting = {policy.urn for pod in _pods(run) for policy in network.selecting(pod)}
    assert [str(policy) for policy in network.policies if policy.urn not in selecting] == []


def test_every_workload_is_known_and_has_one_policy_of_its_own(
    case: SiteCase, run: Run, network: Network
) -> None:
    known = site_workloads(case.site)
    for pod in _pods(run):
        assert sum(means(workload, pod) for workload in known) == 1, pod
        own = [p for p in network.selecting(pod) if p.spec["podSelector"] != {}]
        assert len(own) == 1, pod
        assert set(own[0].spec["policyTypes"]) == {"Ingress", "Egress"}
    idle = [w for w in known if not any(means(w, pod) for pod in _pods(run))]
    assert idle == [], "a policy would select nothing"


def test_a_policy_lists_its_flows(network: Network, flows: tuple[Flow, ...]) -> None:
    names = [flow.name for flow in flows]
    assert len(set(names)) == len(names)
    listed = {n for p in network.policies for n in p.annotations.get(FLOWS, "").split(", ") if n}
    assert listed == set(names)


def test_nothing_runs_before_its_namespace_is_guarded(run: Run, network: Network) -> None:
    for workload in run.workloads:
        guards = {p.urn for p in network.policies if p.namespace == workload.namespace}
        assert guards <= workload.dependencies, workload
