"""Every pod of every site, beyond the rules of the policy: ports, variables, patience."""

import re
from typing import Any

from policy.rules.probes import PROBES
from rendering.recording import Run

_PORT_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")


def _containers(run: Run) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{w}: {c['name']}", c) for w in run.workloads for c in w.containers]


def _patience(probe: dict[str, Any]) -> int:
    """Return the seconds of failure that a probe tolerates."""
    return int(probe.get("failureThreshold", 3) * probe.get("periodSeconds", 10))


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
        for probe in PROBES:
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


def test_every_environment_variable_has_one_source(run: Run) -> None:
    for name, container in _containers(run):
        variables = container.get("env") or []
        assert len({v["name"] for v in variables}) == len(variables), name
        for variable in variables:
            given = [k for k in ("value", "valueFrom") if variable.get(k) is not None]
            assert len(given) == 1, f"{name}: {variable['name']}"
            # The API server drops an empty text, and a refresh then sees drift.
            assert variable.get("value") != "", f"{name}: {variable['name']}"


def test_a_job_is_not_repeated_in_place(run: Run) -> None:
    for job in run.of_kind("Job", "CronJob"):
        assert job.pod["restartPolicy"] in {"Never", "OnFailure"}, job
