"""Kafka as a component."""

from efd_infra.config.values import Quantity
from rendering.recording import Run
from rendering.registration import Registration
from tests.support.full_site import full_site, without
from tests.support.kafka_component import SERVER, files, kafka_with, run_kafka, server


def _claims(result: Run) -> dict[str, Registration]:
    return {claim.object_name: claim for claim in result.of_kind("PersistentVolumeClaim")}


def test_a_broker_more_restarts_none() -> None:
    """Whatever changes in the template, or in a file that it mounts, restarts every broker."""
    three, four = kafka_with(brokers=3), kafka_with(brokers=4)
    assert server(three).template == server(four).template
    assert files(three) == files(four)
    assert (server(three).spec["replicas"], server(four).spec["replicas"]) == (3, 4)


def test_a_broker_more_brings_its_own_store_and_way_in(kafka: Run) -> None:
    five = kafka_with(brokers=5)
    new = {str(o) for o in five.objects} - {str(o) for o in kafka.objects}
    assert new == {
        f"PersistentVolumeClaim cp-helm-charts/data-{SERVER}-4 (kafka-store-4)",
        f"Service cp-helm-charts/{SERVER}-4-nodeport (kafka-nodeport-4)",
    }


def test_every_store_is_there_before_its_broker(kafka: Run) -> None:
    """A pod without its claim would be given one of the template's size, for ever."""
    claims = {claim.urn for claim in _claims(kafka).values()}
    assert claims <= server(kafka).dependencies


def test_a_store_has_the_site_s_size_not_the_template_s(kafka: Run) -> None:
    (template,) = server(kafka).spec["volumeClaimTemplates"]
    name = template["metadata"]["name"]
    assert set(_claims(kafka)) == {f"{name}-{SERVER}-{broker}" for broker in range(4)}
    sizes = {c.spec["resources"]["requests"]["storage"] for c in _claims(kafka).values()}
    assert sizes == {"500Gi"}


def test_a_store_can_grow_without_replacing_the_set(kafka: Run) -> None:
    grown = kafka_with(storage={"size": "600Gi", "storageClass": "brokers"})
    assert server(grown).inputs == server(kafka).inputs


def test_all_brokers_start_at_once(kafka: Run) -> None:
    """One by one, the first would wait for a majority that never comes."""
    assert server(kafka).spec["podManagementPolicy"] == "Parallel"


def test_a_broker_has_time_to_hand_over_what_it_leads(kafka: Run) -> None:
    assert server(kafka).pod["terminationGracePeriodSeconds"] >= 300


def test_a_broker_may_read_its_whole_log_before_it_answers(kafka: Run) -> None:
    container, _ = server(kafka).pod["containers"]
    probe = container["startupProbe"]
    assert probe["failureThreshold"] * probe["periodSeconds"] >= 1800


def test_brokers_are_spread_evenly(kafka: Run) -> None:
    (rule,) = server(kafka).pod["topologySpreadConstraints"]
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
    result = run_kafka(without(full_site(), "streaming.kafka.external", "streaming.kafka.users"))
    assert {s.spec["type"] for s in result.of_kind("Service")} == {"ClusterIP"}
    container, _ = server(result).pod["containers"]
    assert "external" not in {port["name"] for port in container["ports"]}
    settings = [text for files in files(result) for text in files.values()]
    assert not [text for text in settings if "EXTERNAL" in text]


def test_the_cluster_has_an_identity_that_lasts(kafka: Run) -> None:
    (identity,) = [r for r in kafka.resources if r.token.endswith(":RandomId")]
    assert identity.inputs["byteLength"] == 16, "KRaft names a cluster by a UUID"


def test_the_heap_leaves_room_for_the_page_cache(kafka: Run) -> None:
    container, _ = server(kafka).pod["containers"]
    (heap,) = [a for a in container["args"] if a.startswith("-Xmx")]
    limit = Quantity(container["resources"]["limits"]["memory"])
    assert (heap, limit.mebibytes) == ("-Xmx2500m", 9 * 1024)
    assert "-Xms2500m" in container["args"], "a heap that grows takes pages from the cache later"
