"""MirrorMaker 2 as a component."""

from typing import Any

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.replication.mirror_maker import MirrorMaker, MirrorMakerArgs
from efd_infra.config.parsing import parse_site
from tests.support.engine import run
from tests.support.full_site import changed, full_site
from tests.support.kafka_login import LOGIN
from tests.support.recording import Run


def _run(data: dict[str, Any]) -> Run:
    site = parse_site(data)
    section = site.replication
    assert section is not None

    def program() -> None:
        MirrorMaker(
            "mirror-maker",
            MirrorMakerArgs(
                section=section,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="mirror-maker",
                target=site.name,
                kafka=LOGIN,
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


@pytest.fixture(scope="module")
def mirror() -> Run:
    """The link of a site that says everything: three workers."""
    return _run(full_site())


def test_the_link_has_workers_of_its_own(mirror: Run) -> None:
    """With the sinks in one cluster, heaps grew from 8 to 32 GB in a month."""
    (server,) = mirror.workloads
    (worker,) = server.pod["containers"]
    main, settings = worker["args"][-2:]
    assert main == "org.apache.kafka.connect.mirror.MirrorMaker"
    assert (server.namespace, server.spec["replicas"]) == ("mirror-maker", 3)
    (mount,) = [m for m in worker["volumeMounts"] if settings.startswith(f"{m['mountPath']}/")]
    assert mount["readOnly"]


def test_one_worker_needs_no_budget(mirror: Run) -> None:
    assert mirror.of_kind("PodDisruptionBudget")
    alone = _run(changed(full_site(), "replication.workers", 1))
    assert not alone.of_kind("PodDisruptionBudget"), "it would only block a drain"


def test_a_worker_with_failed_tasks_is_replaced(mirror: Run) -> None:
    """This mode of MirrorMaker has no way to restart a task."""
    (worker,) = mirror.workloads[0].pod["containers"]
    command = worker["livenessProbe"]["exec"]["command"]
    env = {variable["name"]: variable.get("value") for variable in worker["env"]}
    ports = {port["name"]: port["containerPort"] for port in worker["ports"]}
    assert command[-1].endswith("/alive.sh")
    assert env["METRICS_PORT"] == str(ports["metrics"])


def test_nothing_accepts_connectors_from_the_network(mirror: Run) -> None:
    assert {service.spec.get("clusterIP") for service in mirror.of_kind("Service")} == {"None"}
    ports = [p["port"] for service in mirror.of_kind("Service") for p in service.spec["ports"]]
    assert ports == [5556], "the metrics alone have a Service"


def test_workers_find_the_login_where_their_settings_say(mirror: Run) -> None:
    (server,) = mirror.workloads
    (worker,) = server.pod["containers"]
    (mount,) = [m for m in worker["volumeMounts"] if m["mountPath"] == "/etc/efd/source-login"]
    (volume,) = [v for v in server.pod["volumes"] if v["name"] == mount["name"]]
    assert volume["secret"]["secretName"] == "origin-login"
