"""The Connect manager and its connectors as components."""

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.streaming.connect_manager import ConnectManager, ConnectManagerArgs
from efd_infra.config.parsing import parse_site
from tests.support.engine import run
from tests.support.full_site import changed, full_site
from tests.support.kafka_login import LOGIN
from tests.support.recording import Run


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


def test_the_manager_keeps_its_topics_current(manager: Run) -> None:
    container = manager.one("Deployment", "influxdb-main").pod["containers"][0]
    assert container["command"] == ["kafkaconnect", "create", "influxdb-sink", "--auto-update"]
    env = {variable["name"]: variable.get("value") for variable in container["env"]}
    assert env["KAFKA_CONNECT_NAME"] == "influxdb-main"


def test_a_manager_is_restarted_when_its_connector_is_not_what_it_should_be(manager: Run) -> None:
    container = manager.one("Deployment", "influxdb-main").pod["containers"][0]
    command = container["livenessProbe"]["exec"]["command"]
    (mount,) = container["volumeMounts"]
    assert command == ["python3", f"{mount['mountPath']}/check.py"]
    probe = container["livenessProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] >= 300, "topics come in storms"


def test_what_has_failed_is_restarted(manager: Run) -> None:
    for workload in manager.workloads:
        restarter = workload.pod["containers"][1]
        env = {variable["name"]: variable["value"] for variable in restarter["env"]}
        assert env["CONNECTOR"] == workload.object_name
        assert "onlyFailed=true" in restarter["command"][-1]
