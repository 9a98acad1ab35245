"""The Connect manager and its connectors as components."""

import json
from typing import Any

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.streaming.connect_manager import ConnectManager, ConnectManagerArgs
from efd_infra.config.parsing import parse_site
from efd_infra.config.values import Quantity
from rendering.engine import run
from rendering.recording import Run
from tests.support.full_site import changed, full_site
from tests.support.kafka_login import LOGIN


@pytest.fixture(scope="module")
def manager() -> Run:
    """A manager with two connectors that part the topics between them."""
    connectors = [
        {"name": "influxdb-main", "excluded": r"lsst\.sal\.MTM2\..*"},
        {"name": "influxdb-mtm2", "topics": r"lsst\.sal\.MTM2\..*"},
    ]
    site = parse_site(changed(full_site(), "streaming.connectors", connectors))

    def program() -> None:
        ConnectManager(
            "connect-manager",
            ConnectManagerArgs(
                sections=site.streaming.connectors,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="kafka-connect-manager",
                kafka=LOGIN,
                connect_url="http://connect:8083",
                influxdb_url="http://influxdb:8086",
                replication_factor=3,
                max_message=Quantity("10Mi"),
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


def test_each_connector_has_a_manager_of_its_own(manager: Run) -> None:
    names = {workload.object_name for workload in manager.workloads}
    assert names == {"influxdb-main", "influxdb-mtm2"}


def test_managers_do_not_adopt_each_other_s_pods(manager: Run) -> None:
    """The original's shared one selector."""
    first, second = manager.workloads
    assert first.spec["selector"] != second.spec["selector"]


def test_two_versions_of_a_manager_never_write_at_once(manager: Run) -> None:
    for workload in manager.workloads:
        assert workload.spec["strategy"]["type"] == "Recreate", workload
        assert workload.spec["replicas"] == 1, workload


def _manager(run: Run, connector: str) -> dict[str, Any]:
    (container,) = run.one("Deployment", connector).pod["containers"]
    return dict(container)


def _said(container: dict[str, Any]) -> dict[str, Any]:
    return {variable["name"]: variable.get("value") for variable in container["env"]}


def _files(run: Run, connector: str) -> dict[str, str]:
    volumes = run.one("Deployment", connector).pod["volumes"]
    (files,) = [volume["configMap"]["name"] for volume in volumes if "configMap" in volume]
    return run.texts("ConfigMap", files)


def test_a_manager_runs_programs_that_are_mounted(manager: Run) -> None:
    container = _manager(manager, "influxdb-main")
    mount = container["volumeMounts"][0]
    programs = [*container["command"][1:], *_said(container)["GENERATOR"].split()[1:]]
    programs.append(_said(container)["ADDITIONS"])
    assert {f"{mount['mountPath']}/{file}" for file in _files(manager, "influxdb-main")} == set(
        programs
    )
    assert _said(container)["KAFKA_CONNECT_NAME"] == "influxdb-main"


def test_each_connector_has_dead_letters_of_its_own(manager: Run) -> None:
    for workload in manager.workloads:
        added = json.loads(_files(manager, workload.object_name)["additions.json"])
        topic = added["errors.deadletterqueue.topic.name"]
        assert topic == f"dead-letter.{workload.object_name}"


def test_a_manager_that_waits_for_others_is_not_restarted(manager: Run) -> None:
    """It is not ready without brokers, workers and InfluxDB; to restart it mends none of them."""
    container = _manager(manager, "influxdb-main")
    paths = [
        container[f"{kind}Probe"]["httpGet"]["path"]
        for kind in ("startup", "readiness", "liveness")
    ]
    assert paths == ["/alive", "/ready", "/alive"]


def test_what_a_manager_sees_can_be_scraped(manager: Run) -> None:
    for workload in manager.workloads:
        service = manager.one("Service", workload.object_name)
        assert service.spec["clusterIP"] == "None"
        assert service.spec["selector"] == workload.spec["selector"]["matchLabels"]
        (port,) = service.spec["ports"]
        (open_port,) = workload.pod["containers"][0]["ports"]
        assert port["port"] == open_port["containerPort"]


def test_no_password_is_in_a_manager_s_environment(manager: Run) -> None:
    """``kafkaconnect`` takes one from there; here it is a file (domain.md 10, 18)."""
    for workload in manager.workloads:
        container = _manager(manager, workload.object_name)
        assert not [v for v in container["env"] if "valueFrom" in v]
        mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
        assert _said(container)["LOGIN_DIR"] in mounted
