"""Telegraf as a component."""

from typing import Any

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.monitoring.telegraf import Telegraf, TelegrafArgs
from efd_infra.config.contract import KAFKA_CONNECT, jmx_service
from efd_infra.config.parsing import parse_site
from rendering.engine import run
from rendering.recording import Run
from tests.support.full_site import full_site


@pytest.fixture(scope="module")
def telegraf() -> Run:
    """Telegraf of a site that says everything."""
    site = parse_site(full_site())
    section = site.monitoring
    assert section is not None

    def program() -> None:
        Telegraf(
            "telegraf",
            TelegrafArgs(
                section=section,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="telegraf",
                influxdb_url="http://influxdb.influxdb:8086",
                user_secret="user",  # noqa: S106 -- the name of a Secret
                brokers=["http://kafka-0:5556/metrics"],
                scraped=[jmx_service(KAFKA_CONNECT)],
                names=[],
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


def _collector(result: Run) -> dict[str, Any]:
    (collector,) = result.one("Deployment", "telegraf").containers
    return collector


def test_credentials_are_mounted_where_the_settings_look_for_them(telegraf: Run) -> None:
    pod = telegraf.one("Deployment", "telegraf").pod
    (name,) = [v["name"] for v in pod["volumes"] if v.get("secret")]
    (mount,) = [m for m in _collector(telegraf)["volumeMounts"] if m["name"] == name]
    text = telegraf.texts("ConfigMap", "telegraf-settings")["telegraf.conf"]
    assert f'path = "{mount["mountPath"]}"' in text
    assert not _collector(telegraf)["env"], "a file can be read by Telegraf only"


def test_the_settings_are_mounted_where_the_command_reads_them(telegraf: Run) -> None:
    command = _collector(telegraf)["command"]
    path = command[command.index("--config") + 1]
    directories = [mount["mountPath"] for mount in _collector(telegraf)["volumeMounts"]]
    assert path.removesuffix("/telegraf.conf") in directories


def test_two_collectors_never_write_the_same_metrics(telegraf: Run) -> None:
    spec = telegraf.one("Deployment", "telegraf").spec
    assert spec["strategy"]["type"] == "Recreate"
    assert spec["replicas"] == 1


def test_operators_see_that_points_do_not_reach_influxdb(telegraf: Run) -> None:
    probe = _collector(telegraf)["readinessProbe"]
    ports = {p["name"]: p["containerPort"] for p in _collector(telegraf)["ports"]}
    assert ports[probe["httpGet"]["port"]] == 8080, "the health output says when its buffer fills"
