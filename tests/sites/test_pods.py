"""Every pod of every site: restricted, measured, probed."""

import re
from typing import Any

from efd_infra.config.values import Cpu, Quantity
from rendering.recording import Run
from tests.support.pod_security import violations

_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_PORT_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")


def _containers(run: Run) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{w}: {c['name']}", c) for w in run.workloads for c in w.containers]


def _patience(probe: dict[str, Any]) -> int:
    """Return the seconds of failure that a probe tolerates."""
    return int(probe.get("failureThreshold", 3) * probe.get("periodSeconds", 10))


def test_every_pod_is_restricted(run: Run) -> None:
    found = {str(w): wrong for w in run.workloads if (wrong := violations(w.pod))}
    assert found == {}


def test_every_pod_names_its_unprivileged_user(run: Run) -> None:
    """``runAsNonRoot`` alone fails at start where the image names its user in words."""
    for workload in run.workloads:
        assert workload.pod["securityContext"].get("runAsUser", 0) > 0, workload


def test_every_root_file_system_is_read_only(run: Run) -> None:
    writable = [
        name
        for name, container in _containers(run)
        if container["securityContext"].get("readOnlyRootFilesystem") is not True
    ]
    assert writable == []


def test_no_pod_can_speak_to_the_kubernetes_api(run: Run) -> None:
    for workload in run.workloads:
        assert workload.pod.get("automountServiceAccountToken") is False, workload


def test_no_pod_gets_the_addresses_of_others_in_its_environment(run: Run) -> None:
    """Kafka's and Kapacitor's images take some of those variables for settings."""
    for workload in run.workloads:
        assert workload.pod.get("enableServiceLinks") is False, workload


def test_every_container_has_requests_and_limits(run: Run) -> None:
    for name, container in _containers(run):
        requests, limits = (container["resources"].get(k, {}) for k in ("requests", "limits"))
        assert {"cpu", "memory"} <= set(requests), name
        assert {"cpu", "memory"} <= set(limits), name
        assert Cpu(requests["cpu"]).millicores <= Cpu(limits["cpu"]).millicores, name
        assert Quantity(requests["memory"]).bytes <= Quantity(limits["memory"]).bytes, name


def test_every_scratch_volume_is_bounded(run: Run) -> None:
    for workload in run.workloads:
        for volume in workload.pod.get("volumes") or []:
            if "emptyDir" in volume:
                assert Quantity(volume["emptyDir"]["sizeLimit"]).bytes > 0, workload


def test_every_server_answers_three_different_questions(run: Run) -> None:
    for workload in run.workloads:
        main = [] if workload.kind in {"Job", "CronJob"} else workload.pod["containers"]
        lasting = [c for c in workload.containers if c.get("restartPolicy") == "Always"]
        for container in [*main, *lasting]:
            probes = [container.get(probe) for probe in _PROBES]
            where = f"{workload}: {container['name']}"
            assert all(probes), f"{where} lacks a probe"
            assert probes[0] != probes[2] != probes[1] != probes[0], f"{where} asks one thing twice"


def test_no_server_is_restarted_sooner_than_it_is_taken_out_of_service(run: Run) -> None:
    for name, container in _containers(run):
        ready, alive = container.get("readinessProbe"), container.get("livenessProbe")
        if not ready or not alive:
            continue
        patience = [
            p.get("failureThreshold", 3) * p.get("periodSeconds", 10) for p in (ready, alive)
        ]
        assert patience[0] < patience[1], name


def test_probes_ask_ports_that_the_container_has(run: Run) -> None:
    for name, container in _containers(run):
        ports = {port["name"] for port in container.get("ports") or []}
        for probe in _PROBES:
            for action in ("httpGet", "tcpSocket"):
                asked = ((container.get(probe) or {}).get(action) or {}).get("port")
                assert asked is None or asked in ports, f"{name} has no port {asked}"


def test_port_names_are_ones_that_kubernetes_takes(run: Run) -> None:
    for name, container in _containers(run):
        names = [port["name"] for port in container.get("ports") or []]
        assert all(_PORT_NAME.fullmatch(port) for port in names), name
        assert len(set(names)) == len(names), name


def test_no_two_containers_of_a_pod_share_a_port(run: Run) -> None:
    for workload in run.workloads:
        ports = [p["containerPort"] for c in workload.containers for p in c.get("ports") or []]
        assert len(set(ports)) == len(ports), workload


def test_every_image_has_a_fixed_tag(run: Run) -> None:
    for name, container in _containers(run):
        image, digest, _ = container["image"].partition("@sha256:")
        tag = image.rpartition("/")[2].partition(":")[2]
        assert tag or digest, name
        assert not re.match(r"(latest|master|main|edge|nightly|dev|stable)\b", tag), name


def test_every_environment_variable_has_one_source(run: Run) -> None:
    for name, container in _containers(run):
        variables = container.get("env") or []
        assert len({v["name"] for v in variables}) == len(variables), name
        for variable in variables:
            given = [k for k in ("value", "valueFrom") if variable.get(k) is not None]
            assert len(given) == 1, f"{name}: {variable['name']}"
            # The API server drops an empty text, and a refresh then sees drift.
            assert variable.get("value") != "", f"{name}: {variable['name']}"


def test_a_job_gives_up_and_is_not_repeated_in_place(run: Run) -> None:
    for job in run.of_kind("Job", "CronJob"):
        spec = job.spec["jobTemplate"]["spec"] if job.kind == "CronJob" else job.spec
        assert spec["activeDeadlineSeconds"] > 0, job
        assert job.pod["restartPolicy"] in {"Never", "OnFailure"}, job
