"""Sandboxes on Google Cloud: the program makes each one's cluster."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sandbox.engine import Engine
from sandbox.errors import SandboxError, UnaskedError
from sandbox.google import GoogleCloud, logged_in
from sandbox.ground import Folders
from sandbox.marks import Marks
from sandbox.program import Program

_NEEDED = ("PULUMI_BACKEND_URL",)
"""Where states are must be said: whoever reaps must find what others made."""


@dataclass(frozen=True)
class Gke:
    """Clusters of one project, and the states that everybody's sandboxes have in common."""

    project: str
    folders: Folders

    @cached_property
    def cloud(self) -> GoogleCloud:
        """What is there."""
        return logged_in(self.project)

    @cached_property
    def engine(self) -> Engine:
        """The stacks.

        Raises
        ------
        UnaskedError
            When nothing says where their states are.
        """
        if missing := [name for name in _NEEDED if not os.environ.get(name)]:
            raise UnaskedError(f"{', '.join(missing)} is not set → where everybody's states are")
        environ = {
            **os.environ,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # What was in a cluster that is gone is gone too.
            "PULUMI_K8S_DELETE_UNREACHABLE": "true",
        }
        provider = os.environ.get("EFD_SANDBOX_SECRETS_PROVIDER") or "passphrase"
        return Engine(Program(self.folders.project, environ), self.folders.home, provider)

    @property
    def simulated(self) -> bool:
        """It is not."""
        return False

    def prepare(self, marks: Marks, site: dict[str, Any]) -> None:
        """Do nothing: cluster and labels are part of the stack."""

    def command(self, marks: Marks) -> Sequence[str]:
        """Return the kubectl on the path, with the kubeconfig that the stack's state has."""
        return ["kubectl", f"--kubeconfig={self._kubeconfig(marks)}"]

    def kubectl(self, marks: Marks, arguments: Sequence[str], given: str = "") -> str:
        """Run kubectl on the sandbox's cluster."""
        try:
            done = subprocess.run(  # noqa: S603 -- the arguments are this package's own
                [*self.command(marks), *arguments],
                input=given,
                check=False,
                capture_output=True,
                text=True,
            )
        except FileNotFoundError:
            raise UnaskedError("there is no kubectl on the path") from None
        if done.returncode:
            raise SandboxError(f"kubectl {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout

    def forget(self, marks: Marks) -> None:
        """Remove the stack's configuration."""
        shutil.rmtree(self.folders.home / "stacks" / marks.stack, ignore_errors=True)

    def _kubeconfig(self, marks: Marks) -> Path:
        state = self.engine.state(marks.stack)["deployment"]
        for resource in state.get("resources", []):
            if resource["type"] == "pulumi:providers:kubernetes":
                text = (resource.get("inputs") or {}).get("kubeconfig")
                if isinstance(text, str):
                    json.loads(text)  # not one that is only known to be known later
                    path = self.folders.home / "stacks" / marks.stack / "kubeconfig"
                    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                    path.write_text(text)
                    return path
        raise SandboxError(f"the state of {marks.stack} knows no cluster yet")
