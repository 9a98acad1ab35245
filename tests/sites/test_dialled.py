"""Ports and addresses on both sides of a flow: what pods have, and what they are told to dial."""

import re
from collections.abc import Iterator

import pytest

from efd_infra.config.contract import JMX_PORT
from efd_infra.manifests.flow import Flow
from efd_infra.manifests.flows import site_flows
from efd_infra.manifests.workloads import Workload
from rendering.recording import Run
from rendering.registration import Registration
from rendering.resource import texts
from tests.support.network import Network, pod_of, ports_of
from tests.support.site_case import EVERY_SITE, SiteCase

_CONDITION = re.compile(r"""\\?"url\\?" = '[^']*'""")
"""In a query, whose points are meant: an address that is a tag, which nobody dials for it."""


@pytest.fixture(params=EVERY_SITE, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> SiteCase:
    """Each site in turn, those of the real nodes too."""
    site: SiteCase = request.param
    return site


@pytest.fixture
def flows(case: SiteCase) -> tuple[Flow, ...]:
    return site_flows(case.site)


def _leads_to(flow: Flow, registered: Registration) -> bool:
    return any(
        isinstance(target, Workload)
        and target.namespace == registered.namespace
        and target.identity.selector.items() <= registered.pod_labels.items()
        for target in flow.targets
    )


def _numbers(workload: Registration) -> dict[str, int]:
    """Return a workload's ports by name."""
    return {
        port["name"]: port["containerPort"]
        for container in workload.containers
        for port in container.get("ports") or []
    }


def test_every_flow_leads_to_ports_that_its_pods_have(run: Run, flows: tuple[Flow, ...]) -> None:
    for flow in flows:
        for workload in run.workloads:
            if _leads_to(flow, workload):
                numbers = {ports.first for ports in flow.ports}
                assert numbers <= set(ports_of(workload)), f"{flow.name} and {workload}"


def test_a_port_that_nobody_may_dial_is_there_for_probes(run: Run, flows: tuple[Flow, ...]) -> None:
    scraped = any(ports.first == JMX_PORT for flow in flows for ports in flow.ports)
    for workload in run.workloads:
        dialled = {
            ports.first for flow in flows if _leads_to(flow, workload) for ports in flow.ports
        }
        idle = set(ports_of(workload)) - dialled - set(_probed(workload))
        assert idle <= (set() if scraped else {JMX_PORT}), workload


def _probed(workload: Registration) -> Iterator[int]:
    """Yield the ports that kubelet asks."""
    for container in workload.containers:
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            for action in ("httpGet", "tcpSocket"):
                if asked := ((container.get(probe) or {}).get(action) or {}).get("port"):
                    yield _numbers(workload)[asked]


def _settings(run: Run, workload: Registration) -> Iterator[str]:
    """Yield all that a pod is told: its own texts, and the files it mounts."""
    yield from (text for _, text in texts(workload.pod))
    for volume in workload.pod.get("volumes") or []:
        for kind, key in (("ConfigMap", "configMap"), ("Secret", "secret")):
            source = volume.get(key) or {}
            name = source.get("name") or source.get("secretName")
            for made in run.of_kind(kind):
                if name == made.object_name and made.namespace == workload.namespace:
                    yield from (text for _, text in texts(made.inputs))


def _behind(run: Run, service: Registration) -> Registration:
    """Return the workload behind a Service."""
    (workload,) = [
        workload
        for workload in run.workloads
        if workload.namespace == service.namespace
        if service.spec["selector"].items() <= workload.pod_labels.items()
    ]
    return workload


def test_every_address_in_a_pod_s_settings_may_be_dialled(run: Run) -> None:
    """Flows are written by hand, addresses are not: they show a flow that was forgotten."""
    network = Network.of(run)
    dialled = 0
    services = [s for s in run.of_kind("Service") if not s.object_name.endswith("-nodeport")]
    for workload in run.workloads:
        said = _CONDITION.sub("", "\n".join(_settings(run, workload)))
        for service in services:
            for port in service.spec["ports"]:
                address = f"{service.object_name}.{service.namespace}:{port['port']}"
                if address in said and not _only_passed_on(workload, service):
                    target = _behind(run, service)
                    leads_to = port["targetPort"]
                    number = leads_to if isinstance(leads_to, int) else _numbers(target)[leads_to]
                    assert network.passes(pod_of(workload), pod_of(target), number), (
                        f"{workload} is told {address}"
                    )
                    dialled += 1
    assert dialled > len(run.workloads) / 2


def _only_passed_on(workload: Registration, service: Registration) -> bool:
    """The Connect manager tells connectors where InfluxDB is, and does not dial it itself."""
    software = workload.pod_labels["app.kubernetes.io/name"]
    return (software, service.object_name) == ("connect-manager", "influxdb")


def test_the_number_that_two_servers_share_is_dialled_for_one_of_them(run: Run) -> None:
    """Kafka and Kapacitor both answer at 9092: whoever takes the wrong host is not refused."""
    told = "\n".join(text for workload in run.workloads for text in _settings(run, workload))
    dialled = set(re.findall(r"[a-z0-9.-]+:9092\b", told))
    assert dialled <= {"kapacitor-kapacitor.kapacitor:9092", "kapacitor:9092"}
