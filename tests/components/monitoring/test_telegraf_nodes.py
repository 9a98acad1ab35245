"""The Telegraf on each node as a component."""

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.monitoring.telegraf_nodes import TelegrafNodes, TelegrafNodesArgs
from efd_infra.config.parsing import parse_site
from policy.rules import restricted
from rendering.engine import run
from rendering.recording import Run
from tests.support.full_site import full_site


@pytest.fixture(scope="module")
def nodes() -> Run:
    """The agents of a site that says everything."""
    site = parse_site(full_site())
    section = site.monitoring
    assert section is not None
    assert section.nodes is not None
    nodes = section.nodes

    def program() -> None:
        TelegrafNodes(
            "telegraf-nodes",
            TelegrafNodesArgs(
                section=section,
                nodes=nodes,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="telegraf",
                influxdb_url="http://influxdb.influxdb:8086",
                user_secret="user",  # noqa: S106 -- the name of a Secret
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


def test_nothing_of_the_host_is_needed(nodes: Run) -> None:
    agents = nodes.one("DaemonSet", "telegraf-nodes")
    assert list(restricted.violations(agents)) == []
    sources = {key for v in agents.pod["volumes"] for key in v if key != "name"}
    assert sources == {"configMap", "secret"}


def test_each_agent_knows_its_node(nodes: Run) -> None:
    (agent,) = nodes.one("DaemonSet", "telegraf-nodes").containers
    (variable,) = agent["env"]
    assert variable["name"] == "NODE_NAME"
    assert variable["valueFrom"]["fieldRef"]["fieldPath"] == "spec.nodeName"
    text = nodes.texts("ConfigMap", "telegraf-nodes-settings")["telegraf.conf"]
    assert "${NODE_NAME}" in text


def test_only_nodes_with_the_site_s_labels_are_measured(nodes: Run) -> None:
    pod = nodes.one("DaemonSet", "telegraf-nodes").pod
    assert pod["nodeSelector"] == {"efd": "measured"}
