"""Every name that one object calls another by: the other must be there."""

from collections.abc import Iterator
from typing import Any

from rendering.recording import Run
from rendering.registration import Registration
from rendering.resource import texts
from tests.support.site_case import SiteCase

_POD_NAME = "statefulset.kubernetes.io/pod-name"


def _selected(run: Run, namespace: str, selector: dict[str, str]) -> list[Registration]:
    """Return the workloads whose pods a selector finds."""
    labels = {key: value for key, value in selector.items() if key != _POD_NAME}
    assert labels or _POD_NAME in selector, "an empty selector finds everything"
    return [
        workload
        for workload in run.workloads
        if workload.namespace == namespace
        and labels.items() <= workload.pod_labels.items()
        and (_POD_NAME not in selector or selector[_POD_NAME] in _pods(workload))
    ]


def _pods(workload: Registration) -> list[str]:
    """Return the names of the pods of a StatefulSet."""
    if workload.kind != "StatefulSet":
        return []
    return [f"{workload.object_name}-{ordinal}" for ordinal in range(workload.spec["replicas"])]


def _selector(resource: Registration) -> dict[str, str]:
    selector: dict[str, Any] = resource.spec["selector"]
    assert set(selector) == {"matchLabels"}, resource
    return dict(selector["matchLabels"])


def _ports(workload: Registration) -> set[str | int]:
    """Return what a Service may lead to: names in main containers, numbers in sidecars too."""
    named = {p["name"] for c in workload.pod["containers"] for p in c.get("ports") or []}
    return named | {p["containerPort"] for c in workload.containers for p in c.get("ports") or []}


def _outside_secrets(case: SiteCase) -> set[str]:
    """Return the names of Secrets that the site says others make."""
    said = case.site.model_dump(mode="json")
    return {text for path, text in texts(said) if path[-1] == "secret" and text != "secret"}


def test_every_selector_finds_its_own_workload_and_no_other(run: Run) -> None:
    """The original's connector managers shared a selector and adopted each other's pods."""
    for workload in run.of_kind("Deployment", "StatefulSet"):
        assert _selected(run, workload.namespace, _selector(workload)) == [workload]


def test_every_service_finds_the_pods_of_one_workload(run: Run) -> None:
    for service in run.of_kind("Service"):
        found = _selected(run, service.namespace, service.spec["selector"])
        assert len(found) == 1, f"{service} finds {[str(w) for w in found]}"


def test_every_service_leads_to_ports_that_its_pods_have(run: Run) -> None:
    for service in run.of_kind("Service"):
        (workload,) = _selected(run, service.namespace, service.spec["selector"])
        targets = {port["targetPort"] for port in service.spec["ports"]}
        assert targets <= _ports(workload), service


def test_every_port_of_a_service_has_a_name(run: Run) -> None:
    """Server-side apply merges ports by number; a name tells a changed one from a new one."""
    for service in run.of_kind("Service"):
        names = [port["name"] for port in service.spec["ports"]]
        assert all(names), service
        assert len(set(names)) == len(names), service


def test_a_scraped_service_names_every_pod(run: Run) -> None:
    """Behind one address, each scrape would reach another replica."""
    scraped = [
        service
        for service in run.of_kind("Service")
        if any(port["targetPort"] == "metrics" for port in service.spec["ports"])
    ]
    assert scraped
    assert [str(s) for s in scraped if s.spec.get("clusterIP") != "None"] == []


def test_every_java_workload_is_scraped(case: SiteCase, run: Run) -> None:
    if case.site.monitoring is None:
        return
    settings = run.one("ConfigMap", "telegraf-settings", "telegraf")
    text = "\n".join(settings.inputs["data"].values())
    for workload in run.workloads:
        if "metrics" in _ports(workload):
            services = [
                service
                for service in run.of_kind("Service")
                if service.spec.get("clusterIP") == "None"
                and service.namespace == workload.namespace
                and workload in _selected(run, service.namespace, service.spec["selector"])
            ]
            assert any(f"{s.object_name}.{s.namespace}" in text for s in services), workload


def test_a_stateful_set_has_the_service_that_names_its_pods(run: Run) -> None:
    for workload in run.of_kind("StatefulSet"):
        service = run.one("Service", workload.spec["serviceName"], workload.namespace)
        assert workload in _selected(run, service.namespace, service.spec["selector"])
        if workload.spec["replicas"] > 1:
            assert service.spec.get("clusterIP") == "None", workload
            assert service.spec["publishNotReadyAddresses"], "peers must meet before they serve"


def test_every_ingress_leads_to_a_port_that_its_service_has(run: Run) -> None:
    assert run.of_kind("Ingress")
    for ingress in run.of_kind("Ingress"):
        for rule in ingress.spec["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                service = run.one("Service", backend["name"], ingress.namespace)
                ports = {port["port"] for port in service.spec["ports"]}
                assert backend["port"]["number"] in ports, ingress


def test_every_public_host_has_its_certificate(case: SiteCase, run: Run) -> None:
    outside = _outside_secrets(case)
    for ingress in run.of_kind("Ingress"):
        hosts = [rule["host"] for rule in ingress.spec["rules"]]
        covered = [host for tls in ingress.spec["tls"] for host in tls["hosts"]]
        assert hosts == covered, ingress
        for tls in ingress.spec["tls"]:
            issued = "cert-manager.io/cluster-issuer" in ingress.annotations
            assert issued or tls["secretName"] in outside, ingress


def test_only_declared_listeners_answer_outside_the_cluster(case: SiteCase, run: Run) -> None:
    external = case.site.streaming.kafka.external
    expected = set()
    if external:
        brokers = range(case.site.streaming.kafka.brokers)
        expected = {external.listener.broker_port(broker) for broker in brokers}
    open_ports = {
        port.get("nodePort")
        for service in run.of_kind("Service")
        if service.spec["type"] != "ClusterIP"
        for port in service.spec["ports"]
    }
    assert open_ports == expected, "Kafdrop was once reachable by node port without a login"
    assert {s.spec["type"] for s in run.of_kind("Service")} <= {"ClusterIP", "NodePort"}
    assert not any(s.spec.get("externalIPs") for s in run.of_kind("Service"))


def _sources(volume: dict[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield kind, name and keys of what a volume is filled from."""
    parts = [volume, *(volume.get("projected", {}).get("sources") or [])]
    for part in parts:
        if source := part.get("configMap"):
            yield "ConfigMap", source["name"], [i["key"] for i in source.get("items") or []]
        if source := part.get("secret"):
            name = source.get("secretName") or source["name"]
            yield "Secret", name, [i["key"] for i in source.get("items") or []]
        if source := part.get("persistentVolumeClaim"):
            yield "PersistentVolumeClaim", source["claimName"], []


def _variables(workload: Registration) -> Iterator[tuple[str, str, list[str]]]:
    for container in workload.containers:
        for variable in container.get("env") or []:
            source = variable.get("valueFrom") or {}
            if key := source.get("secretKeyRef"):
                yield "Secret", key["name"], [key["key"]]
            if key := source.get("configMapKeyRef"):
                yield "ConfigMap", key["name"], [key["key"]]
        assert not container.get("envFrom"), f"{workload} takes whatever an object holds"


def test_everything_a_pod_takes_is_there(case: SiteCase, run: Run) -> None:
    for workload in run.workloads:
        volumes = workload.pod.get("volumes") or []
        needed = [v for v in volumes if not v.get("configMap", {}).get("optional")]
        taken = [*(s for v in needed for s in _sources(v)), *_variables(workload)]
        for kind, name, keys in taken:
            if kind == "Secret" and name in _outside_secrets(case):
                continue
            resource = run.one(kind, name, workload.namespace)
            data = resource.inputs.get("data") or resource.inputs.get("stringData") or {}
            assert set(keys) <= set(data), f"{workload} takes {keys} of {resource}"


def test_mounts_and_volumes_match(run: Run) -> None:
    for workload in run.workloads:
        templates = workload.spec.get("volumeClaimTemplates") or []
        volumes = [v["name"] for v in workload.pod.get("volumes") or []]
        volumes += [template["metadata"]["name"] for template in templates]
        mounted = {m["name"] for c in workload.containers for m in c.get("volumeMounts") or []}
        assert mounted == set(volumes), f"{workload}: mounts and volumes differ"
        assert len(set(volumes)) == len(volumes), workload


def test_no_two_volumes_are_mounted_at_one_path(run: Run) -> None:
    for workload in run.workloads:
        for container in workload.containers:
            paths = [mount["mountPath"] for mount in container.get("volumeMounts") or []]
            assert len(set(paths)) == len(paths), f"{workload}: {container['name']}"


def test_every_file_and_secret_is_taken_by_a_pod(run: Run) -> None:
    taken = {
        (workload.namespace, kind, name)
        for workload in run.workloads
        for source in (
            [s for v in workload.pod.get("volumes") or [] for s in _sources(v)],
            list(_variables(workload)),
        )
        for kind, name, _ in source
    }
    idle = [
        str(o)
        for o in run.of_kind("ConfigMap", "Secret")
        if (o.namespace, o.kind, o.object_name) not in taken
    ]
    assert idle == [], "nothing is made that nothing reads"
