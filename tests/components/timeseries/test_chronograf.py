"""Chronograf as a component."""

from typing import Any

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.timeseries.chronograf import Chronograf, ChronografArgs
from efd_infra.config.parsing import parse_site
from rendering.engine import run
from rendering.recording import Run
from tests.support.full_site import full_site


@pytest.fixture(scope="module")
def chronograf() -> Run:
    """Chronograf of a site that says everything."""
    site = parse_site(full_site())
    section = site.timeseries.chronograf
    assert section is not None

    def program() -> None:
        Chronograf(
            "chronograf",
            ChronografArgs(
                section=section,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="chronograf",
                public=site.endpoint(section.host),
                connections_secret="connections",  # noqa: S106 -- the name of a Secret
                dashboards={"kafka.dashboard": "{}\n"},
                login_secret="login",  # noqa: S106 -- as above
                door_keys={},
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


def _server(result: Run) -> dict[str, Any]:
    (server,) = result.one("Deployment", "chronograf-chronograf").containers
    return server


def _env(result: Run) -> dict[str, Any]:
    return {v["name"]: v.get("value", v.get("valueFrom")) for v in _server(result)["env"]}


def test_the_call_back_address_has_the_public_port(chronograf: Run) -> None:
    assert _env(chronograf)["PUBLIC_URL"] == "https://chronograf.example.org:8443"


def test_only_members_of_the_organizations_may_enter(chronograf: Run) -> None:
    assert _env(chronograf)["GH_ORGS"] == "lsst-it"


def test_no_part_of_the_login_is_optional(chronograf: Run) -> None:
    env = _env(chronograf)
    for name in ("GH_CLIENT_ID", "GH_CLIENT_SECRET", "TOKEN_SECRET"):
        reference = env[name]["secretKeyRef"]
        assert reference == {"name": "login", "key": name.lower()}, "without it anybody may enter"


def test_connections_and_dashboards_are_read_from_one_folder(chronograf: Run) -> None:
    pod = chronograf.one("Deployment", "chronograf-chronograf").pod
    (volume,) = [v for v in pod["volumes"] if v.get("projected")]
    (mount,) = [m for m in _server(chronograf)["volumeMounts"] if m["name"] == volume["name"]]
    assert _env(chronograf)["RESOURCES_PATH"] == mount["mountPath"]
    secret, dashboards = volume["projected"]["sources"]
    assert secret == {"secret": {"name": "connections"}}
    (files,) = chronograf.of_kind("ConfigMap")
    assert dashboards == {"configMap": {"name": files.object_name}}
    assert files.inputs["data"] == {"kafka.dashboard": "{}\n"}


def test_no_page_refreshes_every_second(chronograf: Run) -> None:
    assert "CUSTOM_AUTO_REFRESH" not in _env(chronograf), "its queries were too much for InfluxDB"


def test_two_servers_never_open_one_database(chronograf: Run) -> None:
    spec = chronograf.one("Deployment", "chronograf-chronograf").spec
    assert spec["strategy"]["type"] == "Recreate"
    assert spec["replicas"] == 1


def test_the_service_leads_from_port_80_to_the_server(chronograf: Run) -> None:
    (port,) = chronograf.one("Service", "chronograf-chronograf").spec["ports"]
    ports = {p["name"]: p["containerPort"] for p in _server(chronograf)["ports"]}
    assert (port["port"], ports[port["targetPort"]]) == (80, 8888)
