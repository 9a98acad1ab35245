"""Sandboxes on this machine, for those without Google: an embedded cluster for each.

Its API server is real, its nodes are simulated unless others are given. What stands for a cloud is
a folder: one in it for each cluster, with the labels that a cluster in the cloud would have.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from devkit import passphrase, toolchain
from devkit.cluster import Cluster
from devkit.errors import DevkitError
from devkit.interrupted import is_torn, mend, wait_for_owners
from devkit.nodes import Nodes
from devkit.offers import Offers
from devkit.simulation import SimulatedNodes
from devkit.toolchain import Toolchain
from devkit.workspace import Workspace
from sandbox.cloud import Found
from sandbox.engine import Engine
from sandbox.errors import SandboxError
from sandbox.marks import CLUSTER_PREFIX, STACK_PREFIX, Marks
from sandbox.program import Program

_LABELS = "labels.json"


@dataclass(frozen=True)
class EmbeddedClusters:
    """The clusters of sandboxes that run here."""

    workspace: Workspace
    nodes: Callable[[str], Nodes]
    """What carries the pods of a cluster, by its name."""

    def clusters(self) -> Sequence[Found]:
        """Return every cluster that was made and not removed since."""
        folders = sorted((self.workspace.home / "clusters").glob("*"))
        return [
            Found(
                kind="cluster",
                name=f"{CLUSTER_PREFIX}{folder.name}",
                place=str(folder),
                labels=_labels(folder / _LABELS),
            )
            for folder in folders
            if folder.is_dir()
        ]

    def leftovers(self, site: str | None = None) -> Sequence[Found]:  # noqa: ARG002 -- as in a cloud
        """Return nothing: what a cluster has here is in its folder."""
        return []

    def unlabelled(self, cluster: str) -> Sequence[Found]:  # noqa: ARG002 -- as in a cloud
        """Return nothing, for the same reason."""
        return []

    def delete(self, found: Found) -> None:
        """End its processes and remove its folder."""
        folder = Path(found.place)
        Cluster(folder.name, folder, Path(), self.nodes(folder.name)).remove()


@dataclass(frozen=True)
class Embedded:
    """Clusters and states of this machine."""

    workspace: Workspace
    nodes: Callable[[str], Nodes] = lambda _: SimulatedNodes()
    """What carries the pods of a cluster, by its name."""
    simulated: bool = True
    """Whether these are simulated, and run no containers."""

    @property
    def cloud(self) -> EmbeddedClusters:
        """What is there."""
        return EmbeddedClusters(self.workspace, self.nodes)

    @property
    def engine(self) -> Engine:
        """The stacks; their states are files here unless PULUMI_BACKEND_URL says otherwise."""
        return Engine(
            Program(self.workspace.project, self._environ),
            self.workspace.home,
            cluster_environ=self._kubeconfig,
        )

    def prepare(self, marks: Marks, site: dict[str, Any]) -> None:
        """Start the cluster and label it."""
        cluster = self._cluster(marks)
        cluster.folder.mkdir(parents=True, exist_ok=True)
        draft = cluster.folder / f"{_LABELS}.draft"
        draft.write_text(json.dumps(marks.labels))
        draft.replace(cluster.folder / _LABELS)
        file = cluster.folder / "site.yaml"
        file.write_text(yaml.safe_dump({"config": {"efd:site": site}}))
        try:
            cluster.start(Offers.from_site_file(file, marks.stack))
        except DevkitError as error:
            raise SandboxError(str(error).removeprefix("error: ")) from None

    def command(self, marks: Marks) -> Sequence[str]:
        """Return the kubectl that the devkit built, with the cluster's kubeconfig."""
        kubectl = self._tools.cluster / "bin" / "kubectl"
        return [str(kubectl), f"--kubeconfig={self._cluster(marks).kubeconfig}"]

    def kubectl(self, marks: Marks, arguments: Sequence[str], given: str = "") -> str:
        """Run kubectl on the sandbox's cluster."""
        done = subprocess.run(  # noqa: S603 -- a program that the devkit built
            [*self.command(marks), *arguments],
            input=given,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SandboxError(f"kubectl {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout

    def forget(self, marks: Marks) -> None:
        """Remove the stack's configuration."""
        shutil.rmtree(self.workspace.home / "stacks" / marks.stack, ignore_errors=True)

    def _kubeconfig(self, stack: str) -> Mapping[str, str]:
        return {"KUBECONFIG": str(self.workspace.cluster(stack) / "kubeconfig")}

    @cached_property
    def _tools(self) -> Toolchain:
        return toolchain.ensure(self.workspace)

    @cached_property
    def _environ(self) -> Mapping[str, str]:
        home = self.workspace.home
        (home / "state").mkdir(parents=True, exist_ok=True)
        self._mend()
        ours = {
            "PULUMI_HOME": str(self.workspace.pulumi_home),
            "PULUMI_BACKEND_URL": os.environ.get("PULUMI_BACKEND_URL")
            or f"file://{home / 'state'}",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **passphrase.ensure(home / "passphrase", os.environ),
        }
        return self._tools.environ({**os.environ, **ours})

    def _cluster(self, marks: Marks) -> Cluster:
        folder = self.workspace.cluster(marks.stack)
        return Cluster(marks.stack, folder, self._tools.cluster, self.nodes(marks.stack))

    def _mend(self) -> None:
        """Take up states that a run was writing when it was killed: the engine reads no half."""
        states = self.workspace.home / "state" / ".pulumi"
        for state in states.glob(f"stacks/*/{STACK_PREFIX}*.json"):
            if is_torn(state):
                place = f"locks/organization/{state.parent.name}/{state.stem}"
                wait_for_owners(states / place)  # else it is being written just now
                mend(state)


def _labels(path: Path) -> dict[str, str]:
    try:
        labels: dict[str, str] = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return labels
