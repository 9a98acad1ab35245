"""Kafka Connect as a component."""

from typing import Any

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.streaming.connect import Connect, ConnectArgs
from efd_infra.config.parsing import parse_site
from efd_infra.config.values import Quantity
from efd_infra.manifests.connect import secret_reference
from rendering.engine import run
from rendering.recording import Run
from rendering.registration import Registration
from tests.support.full_site import full_site
from tests.support.kafka_login import LOGIN


@pytest.fixture(scope="module")
def connect() -> Run:
    """Connect of a site that says everything."""
    site = parse_site(full_site())
    section = site.streaming.connect
    assert section is not None

    def program() -> None:
        Connect(
            "connect",
            ConnectArgs(
                section=section,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="cp-helm-charts",
                kafka=LOGIN,
                registry_url="http://registry:8081",
                aggregated_registry_url=None,
                schemas_come_late=True,
                replication_factor=3,
                max_message=Quantity("10Mi"),
                influxdb_secret="writer",  # noqa: S106 -- the name of a Secret
                further_secrets={"bucket": "keys"},
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


def _server(result: Run) -> Registration:
    return result.one("Deployment", "cp-helm-charts-cp-kafka-connect")


def test_references_in_connectors_lead_to_the_mounted_secret(connect: Run) -> None:
    pod = _server(connect).pod
    (volume,) = [v for v in pod["volumes"] if v.get("secret", {}).get("secretName") == "writer"]
    (worker,) = pod["containers"]
    (mount,) = [m for m in worker["volumeMounts"] if m["name"] == volume["name"]]
    reference = secret_reference("influxdb", "password")
    assert reference == f"${{directory:{mount['mountPath']}:password}}"


def test_other_connectors_find_their_secrets_too(connect: Run) -> None:
    pod = _server(connect).pod
    (volume,) = [v for v in pod["volumes"] if v.get("secret", {}).get("secretName") == "keys"]
    (worker,) = pod["containers"]
    (mount,) = [m for m in worker["volumeMounts"] if m["name"] == volume["name"]]
    reference = secret_reference("bucket", "access-key-id")
    assert reference == f"${{directory:{mount['mountPath']}:access-key-id}}"
    assert mount["readOnly"]


def test_no_part_of_the_secret_is_in_the_environment(connect: Run) -> None:
    """It would be in every heap dump and child process."""
    (worker,) = _server(connect).pod["containers"]
    assert not [v for v in worker["env"] if "secretKeyRef" in str(v)]


def test_a_worker_is_ready_when_it_knows_what_runs(connect: Run) -> None:
    """The root path answers before the worker has joined the group."""
    (worker,) = _server(connect).pod["containers"]
    assert worker["readinessProbe"]["httpGet"]["path"] == "/connectors"
    assert "httpGet" not in worker["livenessProbe"], "a rebalance is no reason to restart"


def test_settings_come_from_our_file_not_from_the_image_s_scripts(connect: Run) -> None:
    (worker,) = _server(connect).pod["containers"]
    assert worker["command"] == ["java"]
    main, settings = worker["args"][-2:]
    assert main == "org.apache.kafka.connect.cli.ConnectDistributed"
    (mount,) = [m for m in worker["volumeMounts"] if settings.startswith(f"{m['mountPath']}/")]
    assert mount["readOnly"]


def _settings(result: Run) -> str:
    return result.texts("ConfigMap", "connect-settings")["connect-distributed.properties"]


def _init(result: Run, name: str) -> dict[str, Any]:
    (container,) = [c for c in _server(result).pod["initContainers"] if c["name"] == name]
    return dict(container)


def test_no_worker_starts_without_its_plugins(connect: Run) -> None:
    """A worker without one would take connectors that it cannot run."""
    fetcher = _init(connect, "plugins")
    env = {variable["name"]: variable["value"] for variable in fetcher["env"]}
    jdbc = "https://plugins.example.org/debezium-connector-jdbc-3.4.3.Final-plugin.tar.gz"
    s3 = "https://plugins.example.org/confluentinc-kafka-connect-s3-10.6.0.zip"
    lines = [f"jdbc-sink {'e' * 64} {jdbc}", f"s3-sink {'c' * 64} {s3}"]
    assert env["PLUGINS"].splitlines() == lines
    (worker,) = _server(connect).pod["containers"]
    (mount,) = [m for m in worker["volumeMounts"] if m["mountPath"] == env["PLUGINS_DIR"]]
    assert mount["readOnly"]
    assert f",{env['PLUGINS_DIR']}\n" in _settings(connect)


def test_converters_ask_what_waits_for_the_registry(connect: Run) -> None:
    """To a converter a registry away is a record that cannot be read, and a dead letter."""
    beside = _init(connect, "schemas")
    assert beside["restartPolicy"] == "Always", "it runs as long as the worker"
    env = {variable["name"]: variable["value"] for variable in beside["env"]}
    assert env["REGISTRY_URL"] == "http://registry:8081"
    (port,) = beside["ports"]
    assert f"schema.registry.url=http://127.0.0.1:{port['containerPort']}\n" in _settings(connect)


def test_a_record_that_comes_before_its_schema_waits_for_ever(connect: Run) -> None:
    """And its task keeps the partitions, however long: others would wait the same."""
    front = _init(connect, "schemas")
    env = {variable["name"]: variable["value"] for variable in front["env"]}
    assert env["UNKNOWN_SCHEMA"] == "inf"
    assert "consumer.max.poll.interval.ms=2147483647" in _settings(connect)
