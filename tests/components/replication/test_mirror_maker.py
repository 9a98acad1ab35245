"""MirrorMaker 2 as a component."""

from typing import Any

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.replication.mirror_maker import MirrorMaker, MirrorMakerArgs
from efd_infra.config import contract
from efd_infra.config.parsing import parse_site
from efd_infra.manifests import workloads
from rendering.engine import run
from rendering.recording import Run
from tests.support.full_site import changed, mirroring_schemas
from tests.support.kafka_login import LOGIN


def _run(data: dict[str, Any], *, schemas: bool = False) -> Run:
    site = parse_site(data)
    section = site.replication
    assert section is not None
    link = section.schemas_link if schemas else section.data_link
    address = contract.MIRROR_MAKER_SCHEMAS if schemas else contract.MIRROR_MAKER
    workload = workloads.MIRROR_MAKER_SCHEMAS if schemas else workloads.MIRROR_MAKER

    def program() -> None:
        MirrorMaker(
            address.name,
            MirrorMakerArgs(
                section=section,
                link=link,
                workload=workload,
                address=address,
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
    """The link of the data of a site that says everything: three workers."""
    return _run(mirroring_schemas())


@pytest.fixture(scope="module")
def schemas() -> Run:
    """The link of the schemas of the same site."""
    return _run(mirroring_schemas(), schemas=True)


def test_the_schemas_have_a_worker_that_nothing_else_uses(mirror: Run, schemas: Run) -> None:
    (one,), (other,) = mirror.workloads, schemas.workloads
    assert one.object_name != other.object_name
    assert other.spec["replicas"] == 1
    (selector,) = {tuple(sorted(w.spec["selector"]["matchLabels"].items())) for w in [other]}
    assert not set(selector) <= set(one.spec["template"]["metadata"]["labels"].items())
    assert not schemas.of_kind("PodDisruptionBudget"), "it would only block a drain"


def test_each_link_is_scraped_by_a_name_of_its_own(mirror: Run, schemas: Run) -> None:
    names = [s.object_name for run in (mirror, schemas) for s in run.of_kind("Service")]
    assert names == ["mirror-maker-jmx", "mirror-maker-schemas-jmx"]


def test_records_wait_for_the_schemas_and_schemas_for_nothing(mirror: Run, schemas: Run) -> None:
    """On a first start, and whenever the workers start again."""
    first, second = (
        [container["name"] for container in run.workloads[0].pod["initContainers"]]
        for run in (mirror, schemas)
    )
    assert first == ["schemas-first", "jmx-agent"]
    assert second == ["jmx-agent"]


def test_without_schemas_nothing_waits_for_them() -> None:
    alone = _run(changed(mirroring_schemas(), "replication.schemas", value=False))
    names = [container["name"] for container in alone.workloads[0].pod["initContainers"]]
    assert names == ["jmx-agent"]


def test_what_compares_the_schemas_finds_both_logins(mirror: Run) -> None:
    (server,) = mirror.workloads
    (gate,) = [c for c in server.pod["initContainers"] if c["name"] == "schemas-first"]
    env = {variable["name"]: variable["value"] for variable in gate["env"]}
    mounted = {mount["mountPath"] for mount in gate["volumeMounts"]}
    assert {env["SOURCE_LOGIN"], env["TARGET_LOGIN"]} <= mounted
    assert env["SOURCE_CA"] == f"{env['SOURCE_LOGIN']}/ca.crt"
    assert gate["command"][-1].rpartition("/")[0] in mounted
    public = _run(changed(mirroring_schemas(), "replication.login.privateCa", value=False))
    (gate,) = [c for c in public.workloads[0].pod["initContainers"] if c["name"] == "schemas-first"]
    assert "SOURCE_CA" not in {variable["name"] for variable in gate["env"]}


def test_a_source_that_is_away_does_not_stop_a_deployment(mirror: Run, schemas: Run) -> None:
    """The workers of the data wait for it; a run that waited for them would fail with it."""
    waits = [
        "pulumi.com/skipAwait" not in (run.workloads[0].metadata.get("annotations") or {})
        for run in (mirror, schemas)
    ]
    assert waits == [False, True]


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
    alone = _run(changed(mirroring_schemas(), "replication.workers", 1))
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
