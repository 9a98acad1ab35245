"""One site's Pulumi stack on the file backend of this checkout."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from devkit import interrupted, passphrase, site_config
from devkit.cluster import Cluster
from devkit.errors import DevkitError
from devkit.progress import console, say, step
from devkit.signals import patient_with_interrupts
from devkit.toolchain import Toolchain
from devkit.workspace import Workspace

WRONG_PASSPHRASE = "incorrect passphrase"  # noqa: S105 - what Pulumi prints, not a secret

PARALLEL = 64
"""Resources at work at once. Each mostly waits, and with the engine's default, four for each core,
the Services that wait for their pods would keep the pods' own StatefulSets from being begun."""


@dataclass(frozen=True)
class Stack:
    """The stack of one site, deployed to its embedded cluster."""

    site: str
    workspace: Workspace
    toolchain: Toolchain
    cluster: Cluster

    @property
    def folder(self) -> Path:
        """Where the stack's configuration is kept."""
        return self.workspace.home / "stacks" / self.site

    @property
    def config_file(self) -> Path:
        """The copy of the site file that the stack is configured from."""
        return self.folder / f"Pulumi.{self.site}.yaml"

    @property
    def backend(self) -> Path:
        """Where Pulumi keeps the state of every stack."""
        return self.workspace.home / "state"

    def project_name(self) -> str:
        """Read the project's name, part of each stack's path in the backend."""
        project = yaml.safe_load((self.workspace.project / "Pulumi.yaml").read_text())
        return str(project["name"])

    def environ(self) -> dict[str, str]:
        """Environment in which `pulumi` finds this stack, its plugins and its cluster."""
        ours = {
            "PULUMI_HOME": str(self.workspace.pulumi_home),
            "PULUMI_BACKEND_URL": f"file://{self.backend}",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # The plugins that were laid out are used: none that happens to be on the path, and
            # none that is downloaded, which would hang where there is no way out.
            "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "KUBECONFIG": str(self.cluster.kubeconfig),
            **passphrase.ensure(self.workspace.home / "passphrase", os.environ),
        }
        return self.toolchain.environ({**os.environ, **ours})

    def prepare(self) -> None:
        """Make the stack unless it is there, and renew its configuration from the site file."""
        self.backend.mkdir(parents=True, exist_ok=True)
        tracked = self.workspace.site_file(self.site)
        is_new = not self._state_file().exists()
        if is_new:
            self.config_file.unlink(missing_ok=True)  # of a stack whose making failed
        keep = passphrase.is_given(os.environ)
        site_config.renew(tracked, self.config_file, keep_secrets=keep)
        if is_new:
            with step(f"making the stack {self.site}"):
                self._initialise()
        for key in site_config.missing_secrets(tracked, self.config_file):
            value = site_config.placeholder()
            self.run(["config", "set", "--secret", key, *self._of_stack()], given=value)

    def continue_interrupted(self) -> None:
        """Take up what a killed run left: its lock, and creations whose end was not seen."""
        locks = (
            self.backend / ".pulumi" / "locks" / "organization" / self.project_name() / self.site
        )
        held = interrupted.wait_for_owners(locks)
        if interrupted.mend(self._state_file()):
            say("an earlier run was killed while it wrote its state; taking the one before it")
        if held:
            self.run(["cancel", "--yes", "--stack", self.site])
        pending = interrupted.pending_creations(self._state_file())
        if pending:
            with step(f"clearing {len(pending)} resources that an earlier run left half made"):
                for arguments in interrupted.deletions(pending):
                    self._kubectl(arguments)
                clear = ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]
                self.run([*clear, *self._of_stack()])

    def up(self) -> dict[str, int]:
        """Deploy; how many resources were created, updated, left the same and so on."""
        quietly = ["--yes", "--skip-preview", "--suppress-outputs", f"--parallel={PARALLEL}"]
        self._show(["up", *quietly, *self._of_stack()])
        history = json.loads(
            self.run(["stack", "history", "--json", "--page-size=1", "--stack", self.site])
        )
        changes: dict[str, int] = history[0].get("resourceChanges") or {}
        return changes

    def preview(self) -> None:
        """Show what `up` would change."""
        self._show(["preview", "--diff", "--suppress-outputs", *self._of_stack()])

    def outputs(self) -> dict[str, Any]:
        """Read what the site exports; secrets stay hidden."""
        printed = self.run(["stack", "output", "--json", "--stack", self.site])
        values: dict[str, Any] = json.loads(printed)
        return values

    def _of_stack(self) -> list[str]:
        return ["--stack", self.site, "--config-file", str(self.config_file)]

    def _state_file(self) -> Path:
        stacks = self.backend / ".pulumi" / "stacks" / self.project_name()
        return stacks / f"{self.site}.json"

    def _initialise(self) -> None:
        # `stack init` takes no --config-file: it writes the salt beside the Pulumi.yaml it finds.
        copy = self.folder / "Pulumi.yaml"
        copy.write_bytes((self.workspace.project / "Pulumi.yaml").read_bytes())
        arguments = ["stack", "init", self.site, "--secrets-provider=passphrase", "--no-select"]
        self.run([*arguments, "--cwd", str(self.folder)])
        copy.unlink()

    def _kubectl(self, arguments: Sequence[str]) -> None:
        kubectl = self.toolchain.cluster / "bin" / "kubectl"
        argv = [str(kubectl), f"--kubeconfig={self.cluster.kubeconfig}", *arguments]
        done = subprocess.run(argv, check=False, capture_output=True, text=True)
        if done.returncode:
            raise DevkitError(f"kubectl {arguments[0]} failed: {done.stderr.strip()}")

    def run(self, arguments: Sequence[str], given: str = "") -> str:
        """Run one `pulumi` command in silence; what it prints."""
        done = subprocess.run(
            [self.toolchain.pulumi, *arguments, "--non-interactive", "--color=never"],
            cwd=self.workspace.project,
            env=self.environ(),
            input=given,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise self._failure(arguments[0], done.stderr or done.stdout)
        return done.stdout

    def _show(self, arguments: Sequence[str]) -> None:
        """Run one `pulumi` command for a person to watch."""
        said: list[str] = []
        with (
            patient_with_interrupts(),
            subprocess.Popen(
                [self.toolchain.pulumi, *arguments, "--color=auto"],
                cwd=self.workspace.project,
                env=self.environ(),
                # On a terminal Pulumi draws its tree only if it could also be answered there.
                stdin=None if console.is_terminal else subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            ) as pulumi,
        ):
            for line in pulumi.stderr or ():
                said.append(line)
                if WRONG_PASSPHRASE not in line:
                    sys.stderr.write(line)
        if pulumi.returncode:
            raise self._failure(arguments[0], "".join(said))

    def _failure(self, command: str, said: str) -> DevkitError:
        if WRONG_PASSPHRASE in said or "passphrase must be set" in said:
            return DevkitError(
                f"the passphrase is not the one that the stack {self.site} was made with",
                "set PULUMI_CONFIG_PASSPHRASE to that one, or unset it if you had not set it then; "
                f"`make clean SITE={self.site}` starts anew",
            )
        if not self.cluster.is_running():
            return DevkitError(
                f"the embedded cluster of {self.site} has ended",
                f"see {self.cluster.folder / 'run'}; `make up SITE={self.site}` starts it again",
            )
        lines = [line for line in said.splitlines() if line.strip()]
        reason = next((line for line in lines if line.startswith("error:")), "see above")
        return DevkitError(
            f"pulumi {command} failed: {reason.removeprefix('error: ')}",
            f"once that is mended, `make up SITE={self.site}` continues",
        )
