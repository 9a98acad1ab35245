"""The names that clients hold in their own settings, letter by letter, and what leads to them.

They are written out here, never computed, so that a change of the code cannot change both sides
of the comparison. Those that the technote prints are in ``test_technote_addresses.py``.
"""

from pathlib import Path
from typing import Any

from rendering.recording import Run
from rendering.registration import Registration
from rendering.resource import texts
from tests.support.kafka_node import node_settings
from tests.support.site_case import SITES, SiteCase

_INSIDE = "cp-helm-charts-cp-kafka-headless.cp-helm-charts:9092"

_SERVICES = {
    ("cp-helm-charts", "cp-helm-charts-cp-kafka-headless"): 9092,
    ("cp-helm-charts", "cp-helm-charts-cp-kafka"): 9092,
    ("cp-helm-charts", "cp-helm-charts-cp-schema-registry"): 8081,
    ("cp-helm-charts", "cp-helm-charts-cp-kafka-connect"): 8083,
    ("cp-helm-charts", "cp-helm-charts-cp-kafka-jmx"): 5556,
    ("cp-helm-charts", "cp-helm-charts-cp-schema-registry-jmx"): 5556,
    ("cp-helm-charts", "cp-helm-charts-cp-kafka-connect-jmx"): 5556,
    ("influxdb", "influxdb"): 8086,
    ("chronograf", "chronograf-chronograf"): 80,
    ("kapacitor", "kapacitor-kapacitor"): 9092,
    ("kafdrop", "kafdrop"): 9000,
}
"""Services and ports as the original's charts named them."""

_RUNS = {site.name: site for site in SITES}


def _hosts(run: Run) -> set[str]:
    return {rule["host"] for i in run.of_kind("Ingress") for rule in i.spec["rules"]}


def _variables(workload: Registration) -> dict[str, Any]:
    return {v["name"]: v.get("value") for c in workload.containers for v in c.get("env") or []}


def _everything(workload: Registration, run: Run) -> str:
    """Return all that a workload's containers and files say."""
    mounted = {v["configMap"]["name"] for v in workload.pod["volumes"] if "configMap" in v}
    files = [o for o in run.of_kind("ConfigMap") if o.object_name in mounted]
    said = [workload.pod, *(o.inputs["data"] for o in files)]
    return "\n".join(text for _, text in texts(said))


def test_no_host_is_served_that_is_not_an_output(run: Run) -> None:
    told = {
        address.removeprefix("https://").partition(":")[0]
        for name, address in run.outputs.items()
        if name.endswith("Url")
    }
    assert _hosts(run) == told


def test_producers_inside_the_cluster_find_kafka_where_it_was(run: Run) -> None:
    assert run.outputs["kafkaBootstrap"] == _INSIDE


def test_every_service_keeps_its_name_and_port(run: Run) -> None:
    have = {
        (s.namespace, s.object_name): [port["port"] for port in s.spec["ports"]]
        for s in run.of_kind("Service")
    }
    namespaces = {o.object_name for o in run.of_kind("Namespace")}
    for (namespace, name), port in _SERVICES.items():
        if namespace in namespaces:
            assert port in have[namespace, name], f"{name}.{namespace}:{port} is gone"


def _advertised(run: Run, broker: int, folder: Path) -> dict[str, str]:
    """Return what a broker tells its clients, by listener."""
    told = node_settings(run, broker, folder)["advertised.listeners"].split(",")
    return dict(address.split("://") for address in told)


def test_a_broker_advertises_inside_the_name_that_its_service_gives_it(
    run: Run, tmp_path: Path
) -> None:
    kafka = run.one("StatefulSet", "cp-helm-charts-cp-kafka")
    assert kafka.spec["serviceName"] == "cp-helm-charts-cp-kafka-headless"
    assert _advertised(run, 2, tmp_path)["INTERNAL"] == (
        "cp-helm-charts-cp-kafka-2.cp-helm-charts-cp-kafka-headless.cp-helm-charts:9092"
    )


def test_every_user_is_told_how_to_log_in(case: SiteCase, run: Run) -> None:
    """By user, so that one user's password can be asked for alone."""
    users = [user.name for user in case.site.streaming.kafka.users]
    external = case.site.streaming.kafka.external is not None
    told = run.outputs.get("kafkaUsers")
    assert (told is not None) is (external or bool(users))
    for name in users:
        assert told is not None
        assert set(told[name]) == {"security_protocol", "mechanism", "username", "password"}
        assert told[name]["security_protocol"] == ("SASL_SSL" if external else "SASL_PLAINTEXT")
        assert told[name]["username"] == name
        assert ("kafkaUsers", name, "password") in run.secret_outputs
    assert set(told or {}) == set(users)


def test_what_brokers_advertise_is_what_node_ports_and_outputs_say(
    case: SiteCase, run: Run, tmp_path: Path
) -> None:
    node_ports = {
        s.spec["selector"]["statefulset.kubernetes.io/pod-name"]: s.spec["ports"][0]["nodePort"]
        for s in run.of_kind("Service")
        if s.spec["type"] == "NodePort"
    }
    brokers = run.outputs.get("kafkaExternalBrokers", [])
    external = case.site.streaming.kafka.external is not None
    assert len(brokers) == len(node_ports) == external * case.site.streaming.kafka.brokers
    for broker, address in enumerate(brokers):
        assert _advertised(run, broker, tmp_path)["EXTERNAL"] == address
        assert address.endswith(f":{node_ports[f'cp-helm-charts-cp-kafka-{broker}']}")


def test_the_summit_s_brokers_advertise_the_published_address(tmp_path: Path) -> None:
    advertised = _advertised(_RUNS["summit"].run, 0, tmp_path)
    assert advertised["EXTERNAL"] == "kafka-0-summit-efd.lsst.codes:31090"


def test_a_broker_listens_on_every_port_that_leads_to_it(run: Run, tmp_path: Path) -> None:
    settings = node_settings(run, 0, tmp_path)
    listening = {int(listener.rpartition(":")[2]) for listener in settings["listeners"].split(",")}
    kafka = run.one("StatefulSet", "cp-helm-charts-cp-kafka")
    ports = {p["name"]: p["containerPort"] for p in kafka.pod["containers"][0]["ports"]}
    assert listening == {port for name, port in ports.items() if name != "metrics"}
    for service in run.of_kind("Service"):
        if service.spec["type"] == "NodePort":
            assert [port["targetPort"] for port in service.spec["ports"]] == ["external"], service


def test_the_public_port_reaches_every_consumer_of_a_page_s_address() -> None:
    """The Summit's port stood in four places that had to change together."""
    run = _RUNS["summit"].run
    chronograf = _variables(run.one("Deployment", "chronograf-chronograf"))
    assert chronograf["PUBLIC_URL"] == "https://chronograf-summit-efd.lsst.codes:30828"
    login = _everything(run.one("Deployment", "kafdrop-login"), run)
    assert "https://kafdrop-summit-efd.lsst.codes:30828/oauth2/callback" in login


def test_no_pod_depends_on_a_public_address_of_its_own_site(run: Run) -> None:
    """Calls inside the cluster failed whenever Ingress or DNS did."""
    own = _hosts(run)
    told_to_browsers = {"chronograf-chronograf", "kafdrop-login"}
    watches_certificates = {"telegraf"}
    for workload in run.workloads:
        if workload.object_name not in told_to_browsers | watches_certificates:
            said = _everything(workload, run)
            assert [host for host in own if f"//{host}" in said] == [], workload
