"""Kafka as a component."""

from typing import Any

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.streaming.kafka import Kafka, KafkaArgs
from efd_infra.config.parsing import parse_site
from efd_infra.config.values import Quantity
from tests.support.engine import run
from tests.support.full_site import changed, full_site, without
from tests.support.kafka_login import LOGIN
from tests.support.recording import Run
from tests.support.registration import Registration

SERVER = "cp-helm-charts-cp-kafka"


def _run(data: dict[str, Any]) -> Run:
    site = parse_site(data)

    def program() -> None:
        Kafka(
            "kafka",
            KafkaArgs(
                section=site.streaming.kafka,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="cp-helm-charts",
                login=LOGIN,
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


def _with(**changes: object) -> Run:
    data = full_site()
    for key, value in changes.items():
        data = changed(data, f"streaming.kafka.{key}", value)
    return _run(data)


@pytest.fixture(scope="module")
def kafka() -> Run:
    """Kafka of a site that says everything: four brokers."""
    return _run(full_site())


def _server(result: Run) -> Registration:
    return result.one("StatefulSet", SERVER)


def _files(result: Run) -> list[dict[str, str]]:
    return [config_map.inputs["data"] for config_map in result.of_kind("ConfigMap")]


def _claims(result: Run) -> dict[str, Registration]:
    return {claim.object_name: claim for claim in result.of_kind("PersistentVolumeClaim")}


def test_a_broker_more_restarts_none() -> None:
    """Whatever changes in the template, or in a file that it mounts, restarts every broker."""
    three, four = _with(brokers=3), _with(brokers=4)
    assert _server(three).template == _server(four).template
    assert _files(three) == _files(four)
    assert (_server(three).spec["replicas"], _server(four).spec["replicas"]) == (3, 4)


def test_a_broker_more_brings_its_own_store_and_way_in(kafka: Run) -> None:
    five = _with(brokers=5)
    new = {str(o) for o in five.objects} - {str(o) for o in kafka.objects}
    assert new == {
        f"PersistentVolumeClaim cp-helm-charts/data-{SERVER}-4 (kafka-store-4)",
        f"Service cp-helm-charts/{SERVER}-4-nodeport (kafka-nodeport-4)",
    }


def test_every_store_is_there_before_its_broker(kafka: Run) -> None:
    """A pod without its claim would be given one of the template's size, for ever."""
    claims = {claim.urn for claim in _claims(kafka).values()}
    assert claims <= _server(kafka).dependencies


def test_a_store_has_the_site_s_size_not_the_template_s(kafka: Run) -> None:
    (template,) = _server(kafka).spec["volumeClaimTemplates"]
    name = template["metadata"]["name"]
    assert set(_claims(kafka)) == {f"{name}-{SERVER}-{broker}" for broker in range(4)}
    sizes = {c.spec["resources"]["requests"]["storage"] for c in _claims(kafka).values()}
    assert sizes == {"500Gi"}


def test_a_store_can_grow_without_replacing_the_set(kafka: Run) -> None:
    grown = _with(storage={"size": "600Gi", "storageClass": "brokers"})
    assert _server(grown).inputs == _server(kafka).inputs


def test_all_brokers_start_at_once(kafka: Run) -> None:
    """One by one, the first would wait for a majority that never comes."""
    assert _server(kafka).spec["podManagementPolicy"] == "Parallel"


def test_a_broker_has_time_to_hand_over_what_it_leads(kafka: Run) -> None:
    assert _server(kafka).pod["terminationGracePeriodSeconds"] >= 300


def test_a_broker_may_read_its_whole_log_before_it_answers(kafka: Run) -> None:
    (container,) = _server(kafka).pod["containers"]
    probe = container["startupProbe"]
    assert probe["failureThreshold"] * probe["periodSeconds"] >= 1800


def test_brokers_are_spread_evenly(kafka: Run) -> None:
    (rule,) = _server(kafka).pod["topologySpreadConstraints"]
    assert (rule["maxSkew"], rule["whenUnsatisfiable"]) == (1, "DoNotSchedule")


def test_each_node_port_leads_to_one_broker(kafka: Run) -> None:
    for broker in range(4):
        service = kafka.one("Service", f"{SERVER}-{broker}-nodeport")
        (port,) = service.spec["ports"]
        assert service.spec["type"] == "NodePort"
        assert (port["port"], port["nodePort"]) == (19092, 31190 + broker)
        pod = service.spec["selector"]["statefulset.kubernetes.io/pod-name"]
        assert pod == f"{SERVER}-{broker}"


def test_without_an_external_listener_nothing_answers_outside_the_cluster() -> None:
    """The original announced the external address although its node ports were off."""
    result = _run(without(full_site(), "streaming.kafka.external", "streaming.kafka.users"))
    assert {s.spec["type"] for s in result.of_kind("Service")} == {"ClusterIP"}
    (container,) = _server(result).pod["containers"]
    assert "external" not in {port["name"] for port in container["ports"]}
    settings = [text for files in _files(result) for text in files.values()]
    assert not [text for text in settings if "EXTERNAL" in text]


def test_the_cluster_has_an_identity_that_lasts(kafka: Run) -> None:
    (identity,) = [r for r in kafka.resources if r.token.endswith(":RandomId")]
    assert identity.inputs["byteLength"] == 16, "KRaft names a cluster by a UUID"


def test_the_heap_leaves_room_for_the_page_cache(kafka: Run) -> None:
    (container,) = _server(kafka).pod["containers"]
    (heap,) = [a for a in container["args"] if a.startswith("-Xmx")]
    limit = Quantity(container["resources"]["limits"]["memory"])
    assert (heap, limit.mebibytes) == ("-Xmx2500m", 9 * 1024)
    assert "-Xms2500m" in container["args"], "a heap that grows takes pages from the cache later"
