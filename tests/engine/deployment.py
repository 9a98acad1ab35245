"""A site as the real Pulumi engine deploys it, and the embedded cluster of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from devkit import ports
from devkit.api import Api
from devkit.cluster import Cluster
from devkit.offers import Offers
from devkit.stack import PARALLEL, Stack
from devkit.toolchain import Toolchain
from devkit.workspace import Workspace
from tests.engine import inventory
from tests.engine.inventory import Inventory
from tests.support.full_site import changed

SITE = "config.efd:site."
"""Where a site stands in its file."""


PATIENCE = 120.0
"""Seconds for one command, several times what the longest takes on two busy cores."""


@dataclass(frozen=True)
class Run:
    """What one command of the real CLI said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both streams."""
        return self.out + self.err


@dataclass(frozen=True)
class Deployment:
    """One site's stack and cluster."""

    stack: Stack

    @classmethod
    def of(cls, workspace: Workspace, toolchain: Toolchain, site: str) -> "Deployment":
        """Name the deployment of ``site``; nothing is started yet."""
        cluster = Cluster(site, workspace.cluster(site), toolchain.cluster)
        return cls(Stack(site, workspace, toolchain, cluster))

    @property
    def site_file(self) -> Path:
        """The file that describes the site; tests may change it."""
        return self.stack.workspace.site_file(self.stack.site)

    @property
    def api(self) -> Api:
        """The cluster's API server."""
        folder = self.stack.cluster.folder
        port = ports.noted(folder / "ports.json").api
        return Api(f"https://{ports.LOOPBACK}:{port}", folder / "certificates")

    @contextmanager
    def running(self) -> Iterator["Deployment"]:
        """Start the cluster and make the stack; end the cluster afterwards, come what may."""
        try:
            self.stack.cluster.start(Offers.from_site_file(self.site_file, self.stack.site))
            self.stack.prepare()
            yield self
        finally:
            self.stack.cluster.stop()

    def up(self) -> dict[str, int]:
        """Deploy what the site file says; how many resources were created, updated and so on."""
        self.stack.prepare()
        self.stack.continue_interrupted()
        return self.stack.up()

    def destroy(self) -> Run:
        """Destroy the site."""
        self.stack.continue_interrupted()
        return self.operation("destroy", "--yes", f"--parallel={PARALLEL}")

    def operation(self, *arguments: str, **environ: str) -> Run:
        """Run a command of the real CLI that needs the site's configuration."""
        return self.pulumi(*arguments, f"--config-file={self.stack.config_file}", **environ)

    def look_for_drift(self) -> Run:
        """Compare the cluster with the state and change neither; fails where they differ."""
        return self.operation("refresh", "--preview-only", "--diff", "--expect-no-changes")

    def pulumi(self, *arguments: str, given: str = "", **environ: str) -> Run:
        """Run a command of the real CLI on this stack."""
        stack = self.stack
        common = [f"--stack={stack.site}", "--non-interactive", "--color=never"]
        return self._run([str(stack.toolchain.pulumi), *arguments, *common], given, environ)

    def command(self, *arguments: str) -> Run:
        """Run a command beside the program, as somebody does whose shell knows this site."""
        return self._run([sys.executable, "-m", *arguments], "", {})

    def kubectl(self, *arguments: str) -> str:
        """Run kubectl on the cluster."""
        kubectl = self.stack.toolchain.cluster / "bin" / "kubectl"
        run = self._run([str(kubectl), *arguments], "", {})
        assert run.code == 0, run.said
        return run.out

    def begin_up(self) -> "subprocess.Popen[bytes]":
        """Start the devkit's ``up`` as a person does, in a process group that can be killed."""
        workspace = self.stack.workspace
        folders = {
            "EFD_PROJECT_DIR": workspace.project,
            "EFD_SITE_DIR": workspace.sites,
            "EFD_DEVKIT_DIR": workspace.home,
            "EFD_DEVKIT_CACHE": workspace.cache,
        }
        return subprocess.Popen(  # noqa: S603 -- this Python
            [sys.executable, "-m", "devkit", "up", "--site", self.stack.site],
            cwd=workspace.project,
            env={**os.environ, **{name: str(folder) for name, folder in folders.items()}},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _run(self, argv: list[str], given: str, environ: dict[str, str]) -> Run:
        done = subprocess.run(  # noqa: S603 -- programs that the devkit built or found
            argv,
            cwd=self.stack.workspace.project,
            env={**self.stack.environ(), **environ},
            input=given,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def planned(self, *arguments: str) -> set[str]:
        """Return what ``preview --json`` would do to which object, what stays the same left out."""
        self.stack.prepare()
        run = self.operation("preview", "--json", *arguments)
        assert run.code == 0, run.said
        steps = json.loads(run.out)["steps"]
        return {f"{s['op']} {_named(s['urn'])}" for s in steps if s["op"] != "same"}

    def resources(self, *, show_secrets: bool = False) -> list[dict[str, Any]]:
        """Return the resources in the stack's state."""
        shown = ["--show-secrets"] if show_secrets else []
        run = self.pulumi("stack", "export", *shown)
        assert run.code == 0, run.said
        resources: list[dict[str, Any]] = json.loads(run.out)["deployment"].get("resources", [])
        return resources

    def recorded(self) -> set[str]:
        """Return the keys, as in an inventory, of the objects in the stack's state."""
        return {
            inventory.key(r["outputs"]["kind"], r["outputs"]["metadata"])
            for r in self.resources()
            if r["type"].startswith("kubernetes:")
        }

    def everything(self) -> Inventory:
        """Return every object of the cluster."""
        return inventory.everything(self.api)

    def pods(self) -> dict[str, set[str]]:
        """Return the identities of the pods by workload."""
        return inventory.pods(self.everything())

    def describe(self, path: str, value: object) -> None:
        """Change one value of the site, at a dotted path, in its file."""
        document = yaml.safe_load(self.site_file.read_text())
        self.site_file.write_text(yaml.safe_dump(changed(document, SITE + path, value)))

    @contextmanager
    def described(self, path: str, value: object) -> Iterator[None]:
        """Change one value of the site for a while."""
        before = self.site_file.read_text()
        self.describe(path, value)
        try:
            yield
        finally:
            self.site_file.write_text(before)
            self.stack.prepare()

    @contextmanager
    def deployed(self, path: str, value: object) -> Iterator[dict[str, int]]:
        """Deploy the site with one value changed, and as it was afterwards."""
        try:
            with self.described(path, value):
                yield self.up()
        finally:
            self.up()


def _named(urn: str) -> str:
    _, _, types, name = urn.removeprefix("urn:pulumi:").split("::")
    return f"{types.rpartition(':')[2]} {name}"
