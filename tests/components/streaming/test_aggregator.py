"""The aggregator as a component."""

from typing import Any

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.streaming.aggregator import Aggregator, AggregatorArgs
from efd_infra.config.parsing import parse_site
from rendering.engine import run
from rendering.recording import Run
from tests.support.full_site import changed, full_site
from tests.support.kafka_login import LOGIN
from tests.support.site_case import FULL, SITES


def _run(data: dict[str, Any]) -> Run:
    site = parse_site(data)
    section = site.streaming.aggregation
    assert section is not None

    def program() -> None:
        Aggregator(
            "kafka-aggregator",
            AggregatorArgs(
                section=section,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="kafka-aggregator",
                kafka=LOGIN,
                replication_factor=3,
                max_message=site.streaming.kafka.max_message,
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


@pytest.fixture(scope="module")
def aggregator() -> Run:
    """The aggregator of a site that says everything: three workers."""
    return _run(full_site())


def _worker(result: Run) -> dict[str, Any]:
    (container,) = result.one("Deployment", "kafka-aggregator").pod["containers"]
    return dict(container)


def test_a_worker_is_started_as_the_program_says(aggregator: Run) -> None:
    worker = _worker(aggregator)
    assert worker["command"] == ["java"]
    assert "-Xmx1200m" in worker["args"]
    assert worker["args"][-4:] == [
        "-cp",
        "/opt/kafka-aggregator/libs/*",
        "org.lsst.efd.aggregator.Main",
        "/etc/kafka-aggregator/aggregator.properties",
    ]


def test_its_settings_are_where_it_looks_for_them(aggregator: Run) -> None:
    mounts = {mount["mountPath"] for mount in _worker(aggregator)["volumeMounts"]}
    assert {"/etc/kafka-aggregator", "/var/lib/kafka-aggregator", "/tmp"} <= mounts  # noqa: S108
    files = {name for each in aggregator.of_kind("ConfigMap") for name in each.inputs["data"]}
    assert {"aggregator.properties", "alive.sh"} <= files


def test_its_state_is_the_pod_s_own_and_bounded(aggregator: Run) -> None:
    """Kafka has a copy: a volume that outlives the pod would keep old windows."""
    volumes = aggregator.one("Deployment", "kafka-aggregator").pod["volumes"]
    (state,) = [volume for volume in volumes if volume["name"] == "state"]
    assert state["emptyDir"] == {"sizeLimit": "1700Mi"}


def test_it_is_asked_whether_it_lives_and_whether_it_works(aggregator: Run) -> None:
    worker = _worker(aggregator)
    commands = {
        probe: worker[f"{probe}Probe"]["exec"]["command"][2:]
        for probe in ("startup", "readiness", "liveness")
    }
    assert commands == {"startup": ["alive"], "readiness": ["running"], "liveness": ["alive"]}


def test_workers_stand_apart_and_leave_one_at_a_time(aggregator: Run) -> None:
    deployment = aggregator.one("Deployment", "kafka-aggregator")
    assert deployment.spec["replicas"] == 3
    (spread,) = deployment.pod["topologySpreadConstraints"]
    assert spread["whenUnsatisfiable"] == "DoNotSchedule"
    (budget,) = aggregator.of_kind("PodDisruptionBudget")
    assert budget.spec["selector"] == deployment.spec["selector"]


def test_one_worker_has_no_budget() -> None:
    """It would only block a drain."""
    alone = _run(changed(full_site(), "streaming.aggregation.workers", 1))
    assert not alone.of_kind("PodDisruptionBudget")


def test_a_site_without_aggregation_has_nothing_of_it() -> None:
    plain = [case for case in SITES if case.site.streaming.aggregation is None]
    assert plain
    for case in plain:
        names = {resource.object_name for resource in case.run.resources}
        assert not [name for name in names if name and "aggregat" in name]


def test_the_registry_of_aggregates_is_another_one() -> None:
    """Two that chose one leader between them would both take it for their own."""
    texts = [
        text
        for config_map in FULL.run.of_kind("ConfigMap")
        for file, text in (config_map.inputs.get("data") or {}).items()
        if file == "schema-registry.properties"
    ]
    one, other = (dict(line.split("=", 1) for line in text.splitlines()) for text in texts)
    topics = {one["kafkastore.topic"], other["kafkastore.topic"]}
    assert topics == {"_schemas", "_aggregated-schemas"}
    groups = {
        settings["kafkastore.topic"]: settings.get("schema.registry.group.id")
        for settings in (one, other)
    }
    assert groups == {"_schemas": None, "_aggregated-schemas": "aggregated-schema-registry"}


def test_the_registry_of_aggregates_takes_every_schema() -> None:
    (setup,) = [
        job
        for job in FULL.run.of_kind("Job")
        if job.name.startswith("aggregated-schema-registry-setup")
    ]
    (container,) = setup.pod["containers"]
    told = {variable["name"]: variable["value"] for variable in container["env"]}
    assert told["COMPATIBILITY"] == "NONE"
    assert told["REGISTRY_URL"] == "http://aggregated-schema-registry.cp-helm-charts:8081"


def test_sinks_ask_the_registry_that_has_their_schemas() -> None:
    told = {}
    for name in ("influxdb-two", "influxdb-three"):
        (companion,) = FULL.run.one("Deployment", name).pod["initContainers"]
        env = {variable["name"]: variable["value"] for variable in companion["env"]}
        told[name] = env["REGISTRY_URL"]
    assert told == {
        "influxdb-two": "http://cp-helm-charts-cp-schema-registry.cp-helm-charts:8081",
        "influxdb-three": "http://aggregated-schema-registry.cp-helm-charts:8081",
    }
