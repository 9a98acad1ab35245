"""Schema Registry as a component."""

from typing import Any

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.streaming.schema_registry import SchemaRegistry, SchemaRegistryArgs
from efd_infra.config.parsing import parse_site
from efd_infra.manifests.schema_registry import OF_RECORDS
from rendering.engine import run
from rendering.recording import Run
from tests.support.full_site import changed, full_site, without
from tests.support.kafka_login import LOGIN


def _run(data: dict[str, Any]) -> Run:
    site = parse_site(data)
    section = site.streaming.schema_registry

    def program() -> None:
        SchemaRegistry(
            "schema-registry",
            SchemaRegistryArgs(
                registry=OF_RECORDS,
                section=section,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="cp-helm-charts",
                kafka=LOGIN,
                replication_factor=3,
                public=site.endpoint(section.host) if section.host else None,
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


def _settings(result: Run) -> dict[str, str]:
    (text,) = [
        text
        for config_map in result.of_kind("ConfigMap")
        for file, text in config_map.inputs["data"].items()
        if file == "schema-registry.properties"
    ]
    return dict(line.split("=", 1) for line in text.splitlines())


def _site(*, may_write: bool) -> dict[str, Any]:
    site = changed(full_site(), "streaming.schemaRegistry.mayWrite", may_write)
    levels = ("streaming.schemaRegistry.compatibility", "streaming.schemaRegistry.mode")
    return site if may_write else without(site, *levels)


@pytest.mark.parametrize("may_write", [True, False])
def test_only_a_registry_that_may_write_can_lead(may_write: bool) -> None:  # noqa: FBT001 -- a case
    """Without a leader every write is refused, so mirrored ids keep one meaning."""
    settings = _settings(_run(_site(may_write=may_write)))
    assert settings["leader.eligibility"] == str(may_write).lower()


def test_a_registry_that_may_not_write_neither_makes_nor_marks_the_topic() -> None:
    """Its user may not, and Confluent's server would not start: it tries both by default."""
    settings = _settings(_run(_site(may_write=False)))
    assert settings["kafkastore.topic.skip.validation"] == "true"
    assert settings["kafkastore.init.wait.for.reader"] == "false"
    assert "kafkastore.topic.skip.validation" not in _settings(_run(_site(may_write=True)))


def test_servers_reach_each_other_by_address() -> None:
    """A follower sends writes to the leader; a pod's host name resolves in the pod alone."""
    result = _run(full_site())
    server = result.one("Deployment", "cp-helm-charts-cp-schema-registry").pod["containers"][0]
    env = {variable["name"]: variable for variable in server["env"]}
    assert env["POD_IP"]["valueFrom"]["fieldRef"]["fieldPath"] == "status.podIP"


def test_log_files_do_not_fill_the_scratch_volume() -> None:
    """The image's own settings keep ten files of 100 MB."""
    result = _run(full_site())
    server = result.one("Deployment", "cp-helm-charts-cp-schema-registry").pod["containers"][0]
    env = {variable["name"]: variable.get("value", "") for variable in server["env"]}
    option, _, file = env["SCHEMA_REGISTRY_LOG4J_OPTS"].partition("=")
    assert option == "-Dlog4j2.configurationFile"
    assert [m for m in server["volumeMounts"] if file.startswith(f"{m['mountPath']}/")]


def test_a_registry_without_a_host_is_not_public() -> None:
    quiet = without(
        full_site(), "streaming.schemaRegistry.host", "streaming.schemaRegistry.sourceRanges"
    )
    assert not _run(quiet).of_kind("Ingress")
