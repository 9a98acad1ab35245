"""A sink that Telegraf runs, as a component."""

from typing import Any

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.streaming.telegraf_sink import TelegrafSink, TelegrafSinkArgs
from efd_infra.config.parsing import parse_site
from rendering.engine import run
from rendering.recording import Run
from tests.support.full_site import full_site
from tests.support.kafka_login import LOGIN


@pytest.fixture(scope="module")
def sink() -> Run:
    """The sink of a site that says everything."""
    site = parse_site(full_site())
    section, _ = site.streaming.sinks("telegraf")

    def program() -> None:
        TelegrafSink(
            section.name,
            TelegrafSinkArgs(
                section=section,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="telegraf",
                kafka=LOGIN,
                registry_url="http://registry:8081",
                influxdb_url="http://influxdb:8086",
                max_message=site.streaming.kafka.max_message,
                user_secret="writer",  # noqa: S106 -- the name of a Secret
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


def _pod(result: Run) -> dict[str, Any]:
    return dict(result.one("Deployment", "influxdb-two").pod)


def _telegraf(result: Run) -> dict[str, Any]:
    (container,) = _pod(result)["containers"]
    return dict(container)


def _companion(result: Run) -> dict[str, Any]:
    (container,) = _pod(result)["initContainers"]
    return dict(container)


def _env(container: dict[str, Any]) -> dict[str, str]:
    return {variable["name"]: variable["value"] for variable in container["env"]}


def _paths(container: dict[str, Any]) -> dict[str, str]:
    return {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}


def test_the_companion_is_there_before_telegraf_and_after_it(sink: Run) -> None:
    """Without it Telegraf gets no schema, and drops records."""
    companion = _companion(sink)
    assert companion["restartPolicy"] == "Always"
    assert companion["startupProbe"]["httpGet"]["path"] == "/ready", "the first list is written"


def test_telegraf_reads_and_watches_what_the_companion_writes(sink: Run) -> None:
    command, target = _telegraf(sink)["command"], _env(_companion(sink))["TARGET"]
    assert target in [command[n + 1] for n, word in enumerate(command) if word == "--config"]
    assert command[command.index("--watch-config") + 1] == "poll"
    directory = target.rpartition("/")[0]
    assert _paths(_telegraf(sink))[directory] == _paths(_companion(sink))[directory]


def test_every_file_is_where_it_is_looked_for(sink: Run) -> None:
    files = set(sink.texts("ConfigMap", "influxdb-two-settings"))
    directory = "/etc/efd/telegraf"
    assert directory in _paths(_telegraf(sink))
    assert directory in _paths(_companion(sink))
    looked_for = {
        word.removeprefix(f"{directory}/")
        for container in (_telegraf(sink), _companion(sink))
        for word in [*container["command"], *_env(container).values()]
        if word.startswith(directory)
    }
    assert looked_for == files


def test_telegraf_asks_its_companion_for_schemas(sink: Run) -> None:
    text = sink.texts("ConfigMap", "influxdb-two-settings")["consumer.conf"]
    assert f'avro_schema_registry = "http://127.0.0.1:{_env(_companion(sink))["PORT"]}"' in text
    assert _env(_companion(sink))["REGISTRY_URL"] == "http://registry:8081"


def test_credentials_are_mounted_for_telegraf_only(sink: Run) -> None:
    (name,) = [
        v["name"]
        for v in _pod(sink)["volumes"]
        if v.get("secret", {}).get("secretName") not in (None, LOGIN.secret)
    ]
    (path,) = [path for path, volume in _paths(_telegraf(sink)).items() if volume == name]
    assert f'path = "{path}"' in sink.texts("ConfigMap", "influxdb-two-settings")["telegraf.conf"]
    assert name not in _paths(_companion(sink)).values()


def test_consumers_share_the_topics(sink: Run) -> None:
    assert sink.one("Deployment", "influxdb-two").spec["replicas"] == 3
    assert sink.of_kind("PodDisruptionBudget")
