"""How Kafka's brokers change as a component: one after the other, and after a question."""

from typing import Any

import pytest

from rendering.recording import Run
from rendering.registration import Registration
from tests.support.full_site import changed, full_site, without
from tests.support.kafka_component import SERVER, files, kafka_with, run_kafka, server


def _broker(result: Run) -> dict[str, Any]:
    container, _ = server(result).pod["containers"]
    return dict(container)


def test_a_broker_is_ready_when_it_has_caught_up(kafka: Run) -> None:
    """Not when its port opens: the next one restarts then, and two that lag stop producers."""
    readiness = _broker(kafka)["readinessProbe"]
    assert readiness["exec"]["command"] == ["sh", "/etc/efd/kafka/ready.sh"]
    assert any({"ready.sh", "in_sync.sh"} <= set(files) for files in files(kafka))


def test_a_broker_that_catches_up_for_hours_is_not_killed(kafka: Run) -> None:
    container = _broker(kafka)
    for probe in ("startupProbe", "livenessProbe"):
        assert container[probe]["tcpSocket"]["port"] == "replication"


def test_a_broker_is_stopped_only_when_it_can_be_spared(kafka: Run) -> None:
    container = _broker(kafka)
    env = {variable["name"]: variable.get("value") for variable in container["env"]}
    hook = container["lifecycle"]["preStop"]["exec"]["command"]
    assert hook[:2] == ["sh", "-c"]
    assert hook[2].startswith("sh /etc/efd/kafka/stop_gate.sh ")
    left = server(kafka).pod["terminationGracePeriodSeconds"] - int(env["PATIENCE"])
    assert left >= 300, "after the gate a broker hands over what it leads"


def test_probe_and_gate_ask_this_very_broker(kafka: Run) -> None:
    env = {variable["name"]: variable.get("value") for variable in _broker(kafka)["env"]}
    assert env["BOOTSTRAP"] == "localhost:9091"


def test_clients_reach_a_broker_that_catches_up(kafka: Run) -> None:
    """It leads partitions all the same."""
    metrics = ({"metrics"}, {"store"})
    services = [
        service
        for service in kafka.of_kind("Service")
        if {port["name"] for port in service.spec["ports"]} not in metrics
    ]
    assert len(services) == 4 + 2
    assert all(service.spec["publishNotReadyAddresses"] for service in services)


def _checks(result: Run) -> dict[str, Registration]:
    return {job.name.rpartition("-")[2]: job for job in result.of_kind("Job")}


def test_brokers_are_asked_before_anything_about_them_changes(kafka: Run) -> None:
    jobs = _checks(kafka)
    assert set(jobs) == {"size", "roll"}
    assert {job.urn for job in jobs.values()} <= server(kafka).dependencies


@pytest.mark.parametrize(("path", "value"), [("heap", "2Gi"), ("nodeLabels", {"kafka": "no"})])
def test_a_change_that_restarts_brokers_asks_again(kafka: Run, path: str, value: object) -> None:
    changed_ = kafka_with(**{path: value})
    assert server(changed_).template != server(kafka).template
    assert _checks(changed_)["roll"].template != _checks(kafka)["roll"].template
    assert _checks(changed_)["size"].template == _checks(kafka)["size"].template


def test_what_restarts_no_broker_asks_nothing(kafka: Run) -> None:
    grown = kafka_with(storage={"size": "600Gi", "storageClass": "brokers"})
    raised = kafka_with(metadataVersion="4.3")
    for other in (grown, raised):
        assert server(other).template == server(kafka).template
        for name, job in _checks(other).items():
            assert job.template == _checks(kafka)[name].template


def test_a_broker_more_asks_only_whether_there_may_be_more(kafka: Run) -> None:
    """Else a cluster that is short of a broker could not be given one."""
    five = _checks(kafka_with(brokers=5))
    assert five["roll"].template == _checks(kafka)["roll"].template
    assert five["size"].template != _checks(kafka)["size"].template


def test_a_check_that_refuses_is_not_tried_again_but_made_anew_by_the_next_run(
    kafka: Run,
) -> None:
    for job in kafka.of_kind("Job"):
        (rule,) = job.spec["podFailurePolicy"]["rules"]
        assert (rule["action"], rule["onExitCodes"]["values"]) == ("FailJob", [3])
        assert job.annotations["pulumi.com/replaceUnready"] == "true"
        (container,) = job.pod["containers"]
        assert container["terminationMessagePolicy"] == "FallbackToLogsOnError"


def test_in_a_repair_nobody_is_asked() -> None:
    repaired = kafka_with(checkedChanges=False)
    assert repaired.of_kind("Job") == []


def test_topics_of_a_site_without_a_replica_to_spare_may_pause() -> None:
    site = changed(full_site(), "streaming.kafka.replicationFactor", 1)
    site = changed(site, "streaming.kafka.minInSyncReplicas", 1)
    for data, prefixes in ((full_site(), "scratch."), (site, "*")):
        (container,) = _checks(run_kafka(data))["roll"].pod["containers"]
        env = {variable["name"]: variable.get("value") for variable in container["env"]}
        assert env["MAY_PAUSE"] == prefixes


def test_one_broker_alone_is_only_asked_whether_it_may_become_more() -> None:
    site = full_site()
    for key, value in {"brokers": 1, "replicationFactor": 1, "minInSyncReplicas": 1}.items():
        site = changed(site, f"streaming.kafka.{key}", value)
    site = without(site, "replication")
    assert set(_checks(run_kafka(site))) == {"size"}


def test_the_release_of_a_new_store_restarts_no_broker(kafka: Run) -> None:
    written = kafka.one("ConfigMap", f"{SERVER}-format")
    assert written.inputs["data"] == {"release": "4.2"}
    silent = run_kafka(without(full_site(), "streaming.kafka.metadataVersion"))
    assert server(silent).template == server(kafka).template
