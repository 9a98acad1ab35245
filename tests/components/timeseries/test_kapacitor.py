"""Kapacitor as a component."""

import json
import tomllib
from typing import Any

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.timeseries.kapacitor import Kapacitor, KapacitorArgs
from efd_infra.config.parsing import parse_site
from tests.support.engine import run
from tests.support.full_site import full_site
from tests.support.recording import Run


def _run(metrics_database: str | None) -> Run:
    site = parse_site(full_site())
    section = site.timeseries.kapacitor
    assert section is not None

    def program() -> None:
        Kapacitor(
            "kapacitor",
            KapacitorArgs(
                section=section,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="kapacitor",
                influxdb_url="http://influxdb.influxdb:8086",
                user_secret="user",  # noqa: S106 -- the name of a Secret
                metrics_database=metrics_database,
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


@pytest.fixture(scope="module")
def kapacitor() -> Run:
    """Kapacitor of a site that says everything."""
    return _run("telegraf")


def _server(result: Run) -> dict[str, Any]:
    (server,) = result.one("Deployment", "kapacitor-kapacitor").containers
    return server


def test_credentials_come_from_a_secret(kapacitor: Run) -> None:
    env = {v["name"]: v["valueFrom"]["secretKeyRef"] for v in _server(kapacitor)["env"]}
    assert env == {
        "KAPACITOR_INFLUXDB_0_USERNAME": {"name": "user", "key": "username"},
        "KAPACITOR_INFLUXDB_0_PASSWORD": {"name": "user", "key": "password"},
    }


def test_the_entry_point_of_the_image_is_not_used(kapacitor: Run) -> None:
    command = _server(kapacitor)["command"]
    assert command[0] == "kapacitord", "it would give the pod's name as Kapacitor's host name"


def test_two_servers_never_open_one_database(kapacitor: Run) -> None:
    spec = kapacitor.one("Deployment", "kapacitor-kapacitor").spec
    assert spec["strategy"]["type"] == "Recreate"


def test_a_durable_store_is_protected_and_kept(kapacitor: Run) -> None:
    claim = kapacitor.one("PersistentVolumeClaim", "kapacitor-kapacitor")
    assert claim.protect
    assert claim.retain_on_delete


def test_it_finds_its_rules_where_it_looks_for_them(kapacitor: Run) -> None:
    load = tomllib.loads(kapacitor.texts("ConfigMap", "kapacitor-settings")["kapacitor.conf"])[
        "load"
    ]
    assert load["enabled"] is True
    mounts = {m["mountPath"]: m["name"] for m in _server(kapacitor)["volumeMounts"]}
    pod = kapacitor.one("Deployment", "kapacitor-kapacitor").pod
    sources = {v["name"]: v.get("configMap", {}).get("name") for v in pod["volumes"]}
    files = {
        kind: kapacitor.texts("ConfigMap", sources[mounts[f"{load['dir']}/{kind}"]])
        for kind in ("templates", "tasks")
    }
    (task,) = files["tasks"].values()
    assert f"{json.loads(task)['template-id']}.tick" in files["templates"]


def test_without_telegraf_there_is_nothing_to_watch() -> None:
    mounts = [m["mountPath"] for m in _server(_run(None))["volumeMounts"]]
    assert not [path for path in mounts if "rules" in path]


def test_it_has_no_public_host(kapacitor: Run) -> None:
    assert not kapacitor.of_kind("Ingress"), "it has no login"
