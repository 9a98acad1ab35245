"""Sandboxes on real nodes: what they stand on, and the command line that makes and ends them."""

import contextlib
import io
import json
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import Any

from devkit.node.real_site import RealSite
from devkit.nodes import Nodes
from devkit.workspace import Workspace
from sandbox.__main__ import main
from sandbox.embedded import Embedded
from sandbox.reaper import Reaper, Verdict


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
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            return process.submit(_run, self, arguments).result()

    def reap(self, *, after: timedelta) -> dict[str, Verdict]:
        """Reap as if it were later."""
        reaper = Reaper(ground=self.ground, now=datetime.now(UTC) + after, patience=120)
        return {verdict.name: verdict for verdict in reaper.reap()}

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
