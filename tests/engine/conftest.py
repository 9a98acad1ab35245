"""One embedded cluster for each of two sites, for the whole session."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit import toolchain
from devkit.toolchain import Toolchain
from devkit.workspace import Workspace
from tests.engine.deployment import Deployment

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace of the session's own: site files that tests may change, stacks, clusters."""
    folder = tmp_path_factory.mktemp("engine")
    shutil.copytree(HERE / "sites", folder / "sites")
    ours = Workspace.from_environment()
    return Workspace(
        project=HERE.parents[1], sites=folder / "sites", home=folder / "home", cache=ours.cache
    )


@pytest.fixture(scope="session")
def tools(workspace: Workspace) -> Toolchain:
    """The real programs, built once per machine."""
    return toolchain.ensure(workspace)


@pytest.fixture(scope="session")
def lasting(workspace: Workspace, tools: Toolchain) -> Iterator[Deployment]:
    """A durable site, deployed."""
    deployment = Deployment.of(workspace, tools, "lasting")
    try:
        deployment.start()
        deployment.up()
        yield deployment
    finally:
        deployment.stack.cluster.stop()


@pytest.fixture(scope="session")
def passing_cluster(workspace: Workspace, tools: Toolchain) -> Iterator[Deployment]:
    """A disposable site, deployed or not."""
    deployment = Deployment.of(workspace, tools, "passing")
    try:
        deployment.start()
        yield deployment
    finally:
        deployment.stack.cluster.stop()


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
