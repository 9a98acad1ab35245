"""Sandboxes on real nodes: what they stand on, and the command line that makes and ends them."""

import contextlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from devkit.node.real_site import RealSite
from devkit.nodes import Nodes
from devkit.workspace import Workspace
from sandbox.__main__ import main
from sandbox.embedded import Embedded
from sandbox.reaper import Verdict
from tests.e2e.apart import apart
from tests.support.reaped import reaped


@dataclass(frozen=True)
class Said:
    """What a command ended with."""

    code: int
    text: str


@dataclass(frozen=True)
class RealSandboxes:
    """All sandboxes of a workspace, beside its sites."""

    workspace: Workspace

    @property
    def ground(self) -> Embedded:
        """A real node for each, on the network of the sites' nodes."""
        home = self.workspace.home / "sandboxes"
        return Embedded(replace(self.workspace, home=home), self._node, simulated=False)

    def run(self, *arguments: str) -> Said:
        """Run one command, in a process of its own as a person does."""
        return apart(_run, self, arguments)

    def reap(self, *, after: timedelta) -> dict[str, Verdict]:
        """Reap as if it were later."""
        return reaped(self.ground, after, patience=120)

    def listed(self) -> dict[str, dict[str, Any]]:
        """Return what `list` says, by name."""
        return {each["name"]: each for each in json.loads(self.run("list", "--json").text)}

    def _node(self, stack: str) -> Nodes:
        return RealSite(stack, self.workspace).node


def _run(sandboxes: RealSandboxes, arguments: tuple[str, ...]) -> Said:
    def ground(site: Mapping[str, Any], environ: Mapping[str, str]) -> Embedded:
        del site, environ
        return sandboxes.ground

    site_file = sandboxes.workspace.sites / "sandbox.yaml"
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        code = main([f"--site-file={site_file}", *arguments], ground)
    return Said(code, out.getvalue())
