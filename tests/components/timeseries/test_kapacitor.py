"""Kapacitor as a component."""

import json
import tomllib
from typing import Any

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.timeseries.kapacitor import Kapacitor, KapacitorArgs
from efd_infra.config.parsing import parse_site
from efd_infra.config.secrets import alert_urls
from efd_infra.manifests.alerts.rules import alert_rules
from rendering.engine import run
from rendering.recording import Run
from tests.support.full_site import full_site, without


def _run(*absent: str) -> Run:
    site = parse_site(without(full_site(), *absent))
    section = site.timeseries.kapacitor
    assert section is not None
    urls = {name: found.secret or "made" for name, found in alert_urls(site).items()}

    def program() -> None:
        Kapacitor(
            "kapacitor",
            KapacitorArgs(
                section=section,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="kapacitor",
                influxdb_url="http://influxdb.influxdb:8086",
                user_secret="user",  # noqa: S106 -- the name of a Secret
                site=site.name,
                rules=alert_rules(site),
                url_secrets=urls,
                door_keys={},
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


@pytest.fixture(scope="module")
def kapacitor() -> Run:
    """Kapacitor of a site that says everything."""
    return _run()


def _server(result: Run) -> dict[str, Any]:
    (server,) = result.one("Deployment", "kapacitor-kapacitor").containers
    return server


def test_what_is_secret_comes_from_secrets(kapacitor: Run) -> None:
    env = {v["name"]: v["valueFrom"]["secretKeyRef"] for v in _server(kapacitor)["env"]}
    assert env == {
        "KAPACITOR_INFLUXDB_0_USERNAME": {"name": "user", "key": "username"},
        "KAPACITOR_INFLUXDB_0_PASSWORD": {"name": "user", "key": "password"},
        "KAPACITOR_SMTP_USERNAME": {"name": "mail-outside", "key": "username"},
        "KAPACITOR_SMTP_PASSWORD": {"name": "mail-outside", "key": "password"},
        "KAPACITOR_SLACK_0_URL": {"name": "slack-outside", "key": "url"},
        "KAPACITOR_HTTPPOST_0_URL": {"name": "webhook-outside", "key": "url"},
    }


def test_a_mail_server_without_a_login_is_not_given_one() -> None:
    env = _server(_run("timeseries.kapacitor.handlers.email.secret"))["env"]
    assert not [v["name"] for v in env if "SMTP" in v["name"]]


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
        for kind in ("templates", "tasks", "handlers")
    }
    assert {"slack.json", "email.json", "webhook.json"} == set(files["handlers"])
    used = {json.loads(task)["template-id"] for task in files["tasks"].values()}
    assert {f"{template}.tick" for template in used} <= set(files["templates"])


def test_nobody_is_told_where_nobody_is_named() -> None:
    mounts = _server(_run("timeseries.kapacitor.handlers"))["volumeMounts"]
    assert not [m["mountPath"] for m in mounts if m["mountPath"].endswith("/handlers")]


def test_it_has_no_public_host(kapacitor: Run) -> None:
    assert not kapacitor.of_kind("Ingress"), "it has no login"
