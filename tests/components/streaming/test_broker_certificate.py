"""What keeps the brokers' certificate, in the pod of each."""

from typing import Any

from rendering.recording import Run
from tests.support.full_site import changed, full_site, without
from tests.support.kafka_component import SERVER, run_kafka

_ISSUER = {"issuer": "letsencrypt"}


def _companion(result: Run) -> dict[str, Any]:
    pod = result.one("StatefulSet", SERVER).pod
    (companion,) = [c for c in pod["initContainers"] if c["name"] == "certificate"]
    return dict(companion)


def _env(container: dict[str, Any]) -> dict[str, str]:
    return {variable["name"]: variable.get("value") for variable in container["env"]}


def _volume(result: Run, container: dict[str, Any], path: str) -> dict[str, Any]:
    (mount,) = [m for m in container["volumeMounts"] if m["mountPath"] == path]
    pod = result.one("StatefulSet", SERVER).pod
    (volume,) = [v for v in pod["volumes"] if v["name"] == mount["name"]]
    return dict(volume) | {"readOnly": mount.get("readOnly", False)}


def test_the_site_s_own_certificate_is_where_the_script_looks(kafka: Run) -> None:
    companion = _companion(kafka)
    volume = _volume(kafka, companion, _env(companion)["CERTIFICATE_DIR"])
    assert volume["secret"] == {"secretName": "full-tls", "defaultMode": 0o440}
    assert kafka.of_kind("Certificate") == []


def test_the_certificate_is_there_before_the_broker_and_renewed_while_it_runs(kafka: Run) -> None:
    companion = _companion(kafka)
    assert companion["restartPolicy"] == "Always"
    assert companion["startupProbe"]["exec"]["command"] == [
        "test",
        "-s",
        _env(companion)["KEYSTORE"],
    ]


def test_the_broker_reads_what_the_companion_writes(kafka: Run) -> None:
    folder = _env(_companion(kafka))["KEYSTORE"].rpartition("/")[0]
    broker, _ = kafka.one("StatefulSet", SERVER).pod["containers"]
    theirs, ours = (_volume(kafka, c, folder) for c in (broker, _companion(kafka)))
    assert theirs["name"] == ours["name"]
    assert "emptyDir" in ours, "a key is on no other disk than the node's"
    assert (theirs["readOnly"], ours["readOnly"]) == (True, False)
    settings = [f["server.properties"] for f in _texts(kafka) if "server.properties" in f]
    (line,) = [x for x in settings[0].splitlines() if "ssl.keystore.location" in x]
    assert line.endswith(_env(_companion(kafka))["KEYSTORE"])


def _texts(result: Run) -> list[dict[str, str]]:
    return [config_map.inputs["data"] for config_map in result.of_kind("ConfigMap")]


def test_only_the_companion_sees_the_secret(kafka: Run) -> None:
    broker, _ = kafka.one("StatefulSet", SERVER).pod["containers"]
    folder = _env(_companion(kafka))["CERTIFICATE_DIR"]
    assert folder not in {mount["mountPath"] for mount in broker["volumeMounts"]}


def test_its_files_are_among_the_broker_s_settings(kafka: Run) -> None:
    companion = _companion(kafka)
    script = companion["command"][-1]
    volume = _volume(kafka, companion, script.rpartition("/")[0])
    files = kafka.texts("ConfigMap", volume["configMap"]["name"])
    assert {"certificate.sh", "certificate.awk", "listeners"} <= set(files)


def test_the_companion_logs_in_as_the_broker_itself(kafka: Run) -> None:
    companion = _companion(kafka)
    folder, _, file = _env(companion)["CLIENT_PROPERTIES"].rpartition("/")
    assert _volume(kafka, companion, folder)["secret"]["secretName"] == "kafka-login"
    assert file == "client.properties"
    assert _env(companion)["BOOTSTRAP"] == "localhost:9091"


def test_an_issuer_is_asked_for_every_name_that_brokers_have() -> None:
    result = run_kafka(changed(full_site(), "cluster.certificate", _ISSUER))
    (request,) = result.of_kind("Certificate")
    assert request.inputs["apiVersion"] == "cert-manager.io/v1"
    assert request.spec["dnsNames"] == [
        "kafka-0.example.org",
        "kafka-1.example.org",
        "kafka-2.example.org",
        "kafka-3.example.org",
        "kafka.example.org",
    ]
    assert request.spec["privateKey"] == {"encoding": "PKCS8"}, "Java reads no other"
    assert request.spec["issuerRef"]["name"] == "letsencrypt"
    companion = _companion(result)
    volume = _volume(result, companion, _env(companion)["CERTIFICATE_DIR"])
    assert volume["secret"]["secretName"] == request.spec["secretName"]
    assert request.urn in result.one("StatefulSet", SERVER).dependencies


def test_one_name_for_all_brokers_is_asked_for_once() -> None:
    site = without(full_site(), "streaming.kafka.external.advertised")
    (request,) = run_kafka(changed(site, "cluster.certificate", _ISSUER)).of_kind("Certificate")
    assert request.spec["dnsNames"] == ["kafka.example.org"]


def test_without_an_external_listener_no_certificate_is_needed() -> None:
    site = without(full_site(), "streaming.kafka.external", "streaming.kafka.users")
    result = run_kafka(changed(site, "cluster.certificate", _ISSUER))
    assert result.of_kind("Certificate") == []
    pod = result.one("StatefulSet", SERVER).pod
    assert "certificate" not in {container["name"] for container in pod["initContainers"]}
    assert not [files for files in _texts(result) if "certificate.sh" in files]
