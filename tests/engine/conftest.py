"""One embedded cluster for each of two sites, for the whole session."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit import toolchain
from devkit.toolchain import Toolchain
from devkit.workspace import Workspace
from rendering.engine import ROOT
from tests.engine.deployment import Deployment

SITES = Path(__file__).parent / "sites"


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace of the session's own: site files that tests may change, stacks, clusters."""
    folder = tmp_path_factory.mktemp("engine")
    shutil.copytree(SITES, folder / "sites")
    ours = Workspace.from_environment()
    return Workspace(project=ROOT, sites=folder / "sites", home=folder / "home", cache=ours.cache)


@pytest.fixture(scope="session")
def tools(workspace: Workspace) -> Toolchain:
    """The real programs, built once per machine."""
    return toolchain.ensure(workspace)


@pytest.fixture(scope="session")
def lasting(workspace: Workspace, tools: Toolchain) -> Iterator[Deployment]:
    """A durable site, deployed."""
    with Deployment.of(workspace, tools, "lasting").running() as deployment:
        deployment.up()
        yield deployment


@pytest.fixture(scope="session")
def passing_cluster(workspace: Workspace, tools: Toolchain) -> Iterator[Deployment]:
    """A disposable site, deployed or not."""
    with Deployment.of(workspace, tools, "passing").running() as deployment:
        yield deployment


@pytest.fixture
def passing(passing_cluster: Deployment) -> Deployment:
    """A disposable site, deployed."""
    passing_cluster.up()
    return passing_cluster


@pytest.fixture
def empty(passing_cluster: Deployment) -> Deployment:
    """A disposable site of which nothing is deployed."""
    if passing_cluster.resources():
        assert passing_cluster.destroy().code == 0
    return passing_cluster
