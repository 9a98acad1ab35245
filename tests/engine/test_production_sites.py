"""The tracked site files, unedited, each from an empty cluster to one that stays as it is."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from devkit.toolchain import Toolchain
from devkit.workspace import Workspace
from tests.engine import inventory
from tests.engine.deployment import Deployment
from tests.support.engine import ROOT

pytestmark = pytest.mark.engine

SITES = sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))


@pytest.fixture(scope="module", params=SITES)
def site(
    request: pytest.FixtureRequest, workspace: Workspace, tools: Toolchain
) -> Iterator[Deployment]:
    """The site on a cluster of its own, just deployed for the first time."""
    tracked = replace(workspace, sites=ROOT)
    deployment = Deployment.of(tracked, tools, request.param)
    try:
        deployment.start()
        assert set(deployment.up()) == {"create"}
        yield deployment
    finally:
        deployment.stack.cluster.stop()


def test_the_first_up_makes_exactly_what_the_state_says(site: Deployment) -> None:
    assert set(inventory.of_a_site(site.everything())) == site.recorded()


def test_every_workload_becomes_ready(site: Deployment) -> None:
    unready = {
        name: o["status"]
        for name, o in site.everything().items()
        if name.startswith(("Deployment ", "StatefulSet "))
        and o["status"].get("readyReplicas") != o["spec"]["replicas"]
    }
    assert unready == {}


def test_the_second_up_changes_nothing(site: Deployment) -> None:
    before = inventory.versions(site.everything())
    assert set(site.up()) == {"same"}
    assert inventory.versions(site.everything()) == before


def test_a_refresh_finds_no_drift(site: Deployment) -> None:
    look = site.operation("refresh", "--preview-only", "--diff", "--expect-no-changes")
    assert look.code == 0, look.said
