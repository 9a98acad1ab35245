"""Kafdrop as a component."""

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.streaming.kafdrop import Kafdrop, KafdropArgs
from efd_infra.config.parsing import parse_site
from rendering.engine import run
from rendering.recording import Run
from tests.support.full_site import full_site
from tests.support.kafka_login import LOGIN


@pytest.fixture(scope="module")
def kafdrop() -> Run:
    """Kafdrop of a site that says everything."""
    site = parse_site(full_site())
    section = site.streaming.kafdrop
    assert section is not None

    def program() -> None:
        Kafdrop(
            "kafdrop",
            KafdropArgs(
                section=section,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="kafdrop",
                kafka=LOGIN,
                registry_url="http://registry:8081",
                public=site.endpoint(section.host),
                login_secret="login",  # noqa: S106 -- the name of a Secret
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


def test_the_public_host_leads_to_the_login_not_to_the_page(kafdrop: Run) -> None:
    (ingress,) = kafdrop.of_kind("Ingress")
    (rule,) = ingress.spec["rules"]
    (path,) = rule["http"]["paths"]
    assert path["backend"]["service"]["name"] == "kafdrop-login"
    login = kafdrop.one("Service", "kafdrop-login")
    page = kafdrop.one("Service", "kafdrop")
    assert login.spec["selector"] != page.spec["selector"]


def test_no_node_port_goes_around_the_login(kafdrop: Run) -> None:
    """The original's page and proxy both had one."""
    assert {service.spec["type"] for service in kafdrop.of_kind("Service")} == {"ClusterIP"}


def test_the_login_forwards_to_the_page_s_own_address(kafdrop: Run) -> None:
    (proxy,) = kafdrop.one("Deployment", "kafdrop-login").containers
    assert "--upstream=http://kafdrop.kafdrop:9000" in proxy["args"]


def test_only_members_of_the_site_s_organizations_may_enter(kafdrop: Run) -> None:
    (proxy,) = kafdrop.one("Deployment", "kafdrop-login").containers
    assert [a for a in proxy["args"] if "group" in a] == ["--allowed-group=lsst-ts"]


def test_the_proxy_finds_its_secrets_where_its_arguments_say(kafdrop: Run) -> None:
    login = kafdrop.one("Deployment", "kafdrop-login")
    (proxy,) = login.containers
    (volume,) = login.pod["volumes"]
    (mount,) = proxy["volumeMounts"]
    assert volume["secret"]["secretName"] == "login"
    files = [a.partition("=")[2] for a in proxy["args"] if a.partition("=")[0].endswith("-file")]
    folder = mount["mountPath"]
    assert files == [f"{folder}/client-secret", f"{folder}/cookie-secret"]
